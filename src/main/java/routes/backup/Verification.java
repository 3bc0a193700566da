package routes.backup;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.ExchangeProperty;
import org.springframework.stereotype.Component;
import routes.jobs.RunContext;
import routes.platform.error.PermanentException;
import routes.repository.ChunkId;
import routes.repository.ChunkReader;
import routes.repository.ChunkRef;
import routes.repository.CorruptChunkException;
import routes.repository.Entry;
import routes.repository.Manifest;
import routes.repository.MissingChunkException;
import routes.repository.Repository;
import routes.repository.RepositoryException;
import routes.repository.SnapshotInfo;

/**
 * {@code backup.verify}: reads every byte of a snapshot and checks it. Cheaper than a drill and
 * needs no server; it proves that nothing rotted, not that it restores.
 */
@Component
class Verification {

  private static final int MOST_NAMED = 10;

  private final Repositories repositories;
  private final RepositoryLeases leases;
  private final SnapshotNews news;

  Verification(Repositories repositories, RepositoryLeases leases, SnapshotNews news) {
    this.repositories = repositories;
    this.leases = leases;
    this.news = news;
  }

  Outcomes.Verified run(
      SnapshotRequest request, @ExchangeProperty(RunContext.PROPERTY) RunContext run) {
    Repositories.Found found = repositories.findOpenable(request.source(), request.snapshot());
    String snapshot = found.snapshot().id().value();
    try (RepositoryLeases.Lease lease = leases.read(run, request.source(), snapshot)) {
      return verify(request, found, run);
    }
  }

  private Outcomes.Verified verify(
      SnapshotRequest request, Repositories.Found found, RunContext run) {
    Repository repository = found.repository();
    SnapshotInfo snapshot = found.snapshot();
    Manifest manifest = found.manifest();
    long began = System.nanoTime();
    Set<ChunkId> seen = new HashSet<>();
    Map<ChunkId, String> damaged = new LinkedHashMap<>();
    long bytes = 0;
    try (ChunkReader reader = repository.reader(manifest)) {
      for (Entry entry : manifest.entries()) {
        for (ChunkRef ref : entry.chunks()) {
          run.checkpoint();
          if (seen.add(ref.id())) {
            check(repository, reader, entry, ref, damaged);
            bytes += ref.plain();
            run.progress(bytes, manifest.totals().plainBytes(), "bytes", entry.name());
          }
        }
      }
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
    if (!damaged.isEmpty()) {
      String detail =
          damaged.size()
              + " damaged chunks: "
              + damaged.values().stream().limit(MOST_NAMED).collect(Collectors.joining("; "));
      news.damaged(manifest, snapshot.id(), run, detail, damaged.keySet());
      throw new PermanentException(detail);
    }
    Outcomes.Verified verified =
        new Outcomes.Verified(
            request.source(),
            snapshot.id().value(),
            seen.size(),
            bytes,
            Duration.ofNanos(System.nanoTime() - began));
    news.intact(manifest, snapshot.id(), run, verified.headline());
    return verified;
  }

  private static void check(
      Repository repository,
      ChunkReader reader,
      Entry entry,
      ChunkRef ref,
      Map<ChunkId, String> damaged) {
    try {
      reader.read(ref);
    } catch (CorruptChunkException e) {
      repository.quarantine(ref.id(), e.getMessage());
      damaged.put(ref.id(), entry.kind().json() + " " + entry.name() + ": " + e.getMessage());
    } catch (MissingChunkException e) {
      damaged.put(ref.id(), entry.kind().json() + " " + entry.name() + ": " + e.getMessage());
    }
  }
}
