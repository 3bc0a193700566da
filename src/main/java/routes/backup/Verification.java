package routes.backup;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import routes.backup.catalogue.CopyFindings;
import routes.backup.catalogue.SnapshotEvents;
import routes.backup.repositories.Copies;
import routes.backup.repositories.Repositories;
import routes.backup.repositories.RepositoryLeases;
import routes.backup.restore.BackupOutcomes;
import routes.backup.retention.Proof;
import routes.backup.retention.RetentionFacts;
import routes.jobs.RunContext;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.PermanentException;
import routes.repository.Repository;
import routes.repository.chunks.ChunkReader;
import routes.repository.format.ChunkId;
import routes.repository.format.ChunkRef;
import routes.repository.format.CorruptChunkException;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.Entry;
import routes.repository.format.Manifest;
import routes.repository.format.MissingChunkException;
import routes.repository.format.RepositoryException;
import routes.repository.format.SnapshotInfo;
import routes.repository.format.UnknownSnapshotException;

/**
 * {@code backup.verify}: reads every byte of snapshots, or a share of them each day, and checks it.
 * Cheaper than a drill and needs no server; it proves that nothing rotted, not that it restores.
 */
@Component
record Verification(
    Repositories repositories,
    Copies copies,
    RepositoryLeases leases,
    SnapshotEvents news,
    CopyFindings findings,
    Clock clock) {

  private static final int MOST_NAMED = 10;

  BackupOutcomes.Verified run(VerifyRequest request, RunContext run) {
    long began = System.nanoTime();
    try {
      String copy = request.copy();
      Repository repository = copy.isEmpty() ? repositories.open() : copies.open(copy);
      List<SnapshotInfo> snapshots = wanted(repository, request);
      RollingShare share =
          RollingShare.of(
              request.share(), LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toEpochDay());
      Reading reading = new Reading(repository, share, copy, run);
      for (SnapshotInfo snapshot : snapshots) {
        String id = snapshot.id().value();
        try (RepositoryLeases.Lease lease = leases.at(copy).read(run, request.source(), id)) {
          reading.read(snapshot);
        } catch (UnknownSnapshotException e) {
          run.info(id + " was removed meanwhile");
        }
      }
      reading.requireIntact();
      reading.requireRead();
      return new BackupOutcomes.Verified(
          request.source(),
          snapshots.size() == 1 ? snapshots.get(0).id().value() : request.snapshot(),
          snapshots.size(),
          reading.seen.size(),
          reading.bytes,
          share.isAll() ? "" : "part " + (share.turn() + 1) + " of " + share.days(),
          Duration.ofNanos(System.nanoTime() - began));
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }

  private static List<SnapshotInfo> wanted(Repository repository, VerifyRequest request) {
    try {
      if (request.snapshot().equals("all")) {
        return repository.list(request.source());
      }
      SnapshotInfo one = repository.resolve(request.source(), request.snapshot());
      // Told before the work begins, and not as damage: what opens it is not here.
      repository.requireOpenable(repository.read(request.source(), one.id()));
      return List.of(one);
    } catch (UnknownSnapshotException e) {
      throw new InvalidInputException("params.snapshot", e.getMessage());
    }
  }

  /** What was read until now; a chunk of many snapshots is read once. */
  private final class Reading {

    private final Repository repository;
    private final RollingShare share;
    private final String copy;
    private final RunContext run;
    private final Set<ChunkId> seen = new HashSet<>();
    private final Map<ChunkId, String> damaged = new LinkedHashMap<>();
    private final List<String> manifests = new ArrayList<>();
    private long bytes;
    private int opened;
    private Manifest locked;

    Reading(Repository repository, RollingShare share, String copy, RunContext run) {
      this.repository = repository;
      this.share = share;
      this.copy = copy;
      this.run = run;
    }

    void read(SnapshotInfo snapshot) {
      Manifest manifest;
      try {
        manifest = repository.read(snapshot.source(), snapshot.id());
      } catch (CorruptManifestException e) {
        manifests.add(e.getMessage());
        if (copy.isEmpty()) {
          news.unreadable(snapshot.source(), snapshot.id(), run.id(), e.getMessage());
        } else {
          findings.unreadable(where(snapshot), run);
        }
        return;
      }
      if (!repository.isOpenable(manifest)) {
        locked = manifest;
        run.warn(snapshot.id() + " cannot be opened here: no identity of its recipients");
        return;
      }
      opened++;
      try (ChunkReader reader = repository.reader(manifest)) {
        for (Entry entry : manifest.entries()) {
          for (ChunkRef ref : entry.chunks()) {
            run.checkpoint();
            if (share.contains(ref.id()) && seen.add(ref.id())) {
              check(reader, entry, ref);
              bytes += ref.plain();
              run.progress(bytes, 0, "bytes", snapshot.id() + " " + entry.name());
            }
          }
        }
      }
      tell(manifest, snapshot);
    }

    private void check(ChunkReader reader, Entry entry, ChunkRef ref) {
      try {
        reader.read(ref);
      } catch (CorruptChunkException | MissingChunkException e) {
        // Also what is lost: a mark is what the next backup, or the next copy, looks for.
        repository.quarantine(ref.id(), e.getMessage());
        damaged.put(ref.id(), entry.kind().json() + " " + entry.name() + ": " + e.getMessage());
      }
    }

    private void tell(Manifest manifest, SnapshotInfo snapshot) {
      Set<ChunkId> its =
          manifest.entries().stream()
              .flatMap(entry -> entry.chunks().stream())
              .map(ChunkRef::id)
              .collect(Collectors.toSet());
      Set<ChunkId> broken = new HashSet<>(damaged.keySet());
      broken.retainAll(its);
      if (!copy.isEmpty()) {
        tellOfCopy(snapshot, its.size(), broken);
      } else if (!broken.isEmpty()) {
        record(snapshot, false, broken.size() + " damaged or missing chunks");
        news.damaged(manifest, snapshot.id(), run, detail(broken), broken);
      } else if (share.isAll()) {
        boolean healed = heal(snapshot, right(its.size()));
        news.intact(manifest, snapshot.id(), run, right(its.size()), healed);
      }
    }

    /** The catalogue is of the repository itself. */
    private void tellOfCopy(SnapshotInfo snapshot, int chunks, Set<ChunkId> broken) {
      if (!broken.isEmpty()) {
        findings.damaged(where(snapshot), run, broken.size(), detail(broken));
      } else if (share.isAll()) {
        findings.intact(where(snapshot), run, right(chunks));
      }
    }

    private CopyFindings.Where where(SnapshotInfo snapshot) {
      return new CopyFindings.Where(copy, repository, snapshot.source(), snapshot.id());
    }

    private static String right(int chunks) {
      return chunks + " chunks read and right";
    }

    /**
     * Takes back that it was damaged.
     *
     * @return whether nothing is known against it now
     */
    private boolean heal(SnapshotInfo snapshot, String detail) {
      if (proof(snapshot) == Proof.DAMAGED) {
        record(snapshot, true, detail);
      }
      return proof(snapshot) != Proof.DAMAGED;
    }

    private Proof proof(SnapshotInfo snapshot) {
      return new RetentionFacts(repository, clock.instant())
          .proof(snapshot.source(), snapshot.id());
    }

    /** Beside the snapshot, where retention looks: whether anybody may count on it. */
    private void record(SnapshotInfo snapshot, boolean intact, String detail) {
      Map<String, Object> record = new LinkedHashMap<>();
      record.put("run", run.id().toString());
      record.put("attempt", run.attempt());
      record.put("at", clock.instant().toString());
      record.put("hub", repository.hub());
      record.put("verified", false);
      record.put("detail", detail);
      if (intact) {
        record.put("intact", true);
      }
      repository.recordDrill(
          snapshot.source(), snapshot.id(), "verify-" + run.id() + "-" + run.attempt(), record);
    }

    private String detail(Set<ChunkId> broken) {
      return broken.size()
          + " damaged chunks: "
          + damaged.keySet().stream()
              .filter(broken::contains)
              .limit(MOST_NAMED)
              .map(damaged::get)
              .collect(Collectors.joining("; "));
    }

    /** That nothing could be read must not look like all was right. */
    void requireRead() {
      if (opened == 0 && locked != null) {
        repository.requireOpenable(locked);
      }
    }

    void requireIntact() {
      List<String> words = new ArrayList<>(manifests);
      if (!damaged.isEmpty()) {
        words.add(detail(damaged.keySet()));
      }
      if (!words.isEmpty()) {
        throw new PermanentException(String.join("; ", words));
      }
    }
  }
}
