package routes.backup.catalogue;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.backup.repositories.RepositoryLeases;
import routes.jobs.RunContext;
import routes.jobs.runs.Runs;
import routes.kernel.errors.NotFoundException;
import routes.messaging.outbox.HubEvent.Severity;
import routes.messaging.outbox.Outbox;
import routes.repository.ManifestRefusedException;
import routes.repository.Repository;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.format.ChunkId;
import routes.repository.format.ChunkRef;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;

/**
 * What becomes of snapshots: the catalogue's row and the event that tells of it, both or neither.
 * An event's id is made of what happened, so a repeat after a kill tells it no second time.
 */
@Component
public class SnapshotEvents {

  /** Redis stream and channel of what happens to backups. */
  static final String CHANNEL = "backup";

  private final SnapshotCatalogue catalogue;
  private final DamagedChunks damaged;
  private final Outbox outbox;
  private final Runs runs;
  private final TransactionTemplate transaction;

  SnapshotEvents(
      SnapshotCatalogue catalogue,
      DamagedChunks damaged,
      Outbox outbox,
      Runs runs,
      PlatformTransactionManager transactions) {
    this.catalogue = catalogue;
    this.damaged = damaged;
    this.outbox = outbox;
    this.runs = runs;
    this.transaction = new TransactionTemplate(transactions);
  }

  /** {@code backup.published}. */
  record Published(
      String source,
      String snapshot,
      Instant takenAt,
      long rows,
      long plainBytes,
      long storedBytes,
      long newBytes,
      String run) {}

  /** {@code backup.drilled}: every row was equal. */
  record Drilled(String source, String snapshot, UUID run, long rows, long rtoMillis) {}

  /** {@code backup.verified}: every byte was right. */
  record Verified(String source, String snapshot, UUID run) {}

  /**
   * {@code backup.damaged}.
   *
   * @param chunks damaged or missing ones, count; null: the manifest itself
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Damaged(String source, String snapshot, UUID run, Integer chunks) {}

  /**
   * Publishes a snapshot, and lists it. It is noted before: if the hub is killed in between, {@link
   * PendingSnapshots} finds it in the repository.
   *
   * @throws routes.repository.ManifestRefusedException when it cannot be restored whole
   */
  public SnapshotId publish(
      Repository repository,
      Manifest manifest,
      ChunkPipeline pipeline,
      RepositoryLeases.Lease lease) {
    SnapshotId id = repository.idOf(manifest);
    catalogue.announce(manifest, id);
    try {
      repository.publish(manifest, pipeline);
      // Or it was paused right here, for days, and a sweep took its chunks for garbage.
      repository.confirm(manifest, id, pipeline, lease.isHeld());
    } catch (ManifestRefusedException e) {
      catalogue.forget(new SnapshotCatalogue.Key(manifest.source(), id.value()));
      throw e;
    }
    published(manifest, id);
    return id;
  }

  /** A snapshot whose run vouches for each of its chunks: it stored them. */
  public void published(Manifest manifest, SnapshotId id) {
    transaction.executeWithoutResult(
        status -> {
          known(manifest, id);
          damaged.whole(chunks(manifest, Set.of()));
        });
  }

  /** A snapshot that is there; told when it is new here, by a run of this database. */
  public void known(Manifest manifest, SnapshotId id) {
    transaction.executeWithoutResult(
        status -> {
          // After a loss of the database every snapshot is new here, and old news.
          if (catalogue.add(manifest, id) && isKnown(manifest.run())) {
            tell(
                "backup.published",
                manifest.source() + "/" + id,
                manifest.source(),
                new Published(
                    manifest.source(),
                    id.value(),
                    manifest.takenAt(),
                    SnapshotCatalogue.rows(manifest),
                    manifest.totals().plainBytes(),
                    manifest.totals().storedBytes(),
                    manifest.totals().newBytes(),
                    manifest.run()));
          }
        });
  }

  private boolean isKnown(String run) {
    try {
      runs.get(UUID.fromString(run));
      return true;
    } catch (NotFoundException | IllegalArgumentException e) {
      return false;
    }
  }

  /** A drill that found all equal; what it read is whole. */
  public void drilled(
      Manifest manifest, SnapshotId id, RunContext run, Instant at, String detail, Duration rto) {
    transaction.executeWithoutResult(
        status -> {
          known(manifest, id);
          catalogue.drilled(manifest.source(), id, at, true, detail, rto.toMillis());
          // Roles are not restored by a drill.
          damaged.whole(chunks(manifest, Set.of(EntryKind.GLOBALS)));
          tell(
              "backup.drilled",
              run.id().toString(),
              manifest.source(),
              new Drilled(
                  manifest.source(),
                  id.value(),
                  run.id(),
                  SnapshotCatalogue.rows(manifest),
                  rto.toMillis()));
        });
  }

  /**
   * A drill that did not; the event is its run's end.
   *
   * @param chunk the damaged one, or null when content arrived and was not equal
   */
  public void notEqual(
      Manifest manifest, SnapshotId id, RunContext run, Instant at, String detail, ChunkId chunk) {
    transaction.executeWithoutResult(
        status -> {
          known(manifest, id);
          catalogue.drilled(manifest.source(), id, at, false, detail, null);
          if (chunk != null) {
            damaged.found(manifest.source(), id, Set.of(chunk));
            tellDamaged(manifest.source(), id, run.id(), 1);
          }
        });
  }

  /**
   * A verification that read every byte and found it right.
   *
   * @param healed whether nothing is known against it any more
   */
  public void intact(
      Manifest manifest, SnapshotId id, RunContext run, String detail, boolean healed) {
    transaction.executeWithoutResult(
        status -> {
          known(manifest, id);
          catalogue.read(manifest.source(), id, true, detail);
          if (healed) {
            catalogue.healed(manifest.source(), id);
          }
          damaged.whole(chunks(manifest, Set.of()));
          tell(
              "backup.verified",
              run.id().toString(),
              manifest.source(),
              new Verified(manifest.source(), id.value(), run.id()));
        });
  }

  /** A verification that read every byte and found some that are not what was written. */
  public void damaged(
      Manifest manifest, SnapshotId id, RunContext run, String detail, Collection<ChunkId> chunks) {
    transaction.executeWithoutResult(
        status -> {
          known(manifest, id);
          catalogue.read(manifest.source(), id, false, detail);
          damaged.found(manifest.source(), id, chunks);
          tellDamaged(manifest.source(), id, run.id(), chunks.size());
        });
  }

  /** A snapshot whose manifest is not what was written: nothing of it can be restored. */
  public void unreadable(String source, SnapshotId id, UUID run, String detail) {
    transaction.executeWithoutResult(
        status -> {
          catalogue.read(source, id, false, detail);
          tellDamaged(source, id, run, null);
        });
  }

  private void tellDamaged(String source, SnapshotId id, UUID run, Integer chunks) {
    tell("backup.damaged", run.toString(), source, new Damaged(source, id.value(), run, chunks));
  }

  /**
   * Tells of something, in the caller's transaction.
   *
   * @param what the happening, of this type; told once
   */
  public void tell(String type, String what, String source, Object data) {
    UUID id = UUID.nameUUIDFromBytes((type + " " + what).getBytes(StandardCharsets.UTF_8));
    outbox.append(new Outbox.Draft(id, CHANNEL, source, type, severity(type), data));
  }

  private static Severity severity(String type) {
    if (type.endsWith(".damaged")) {
      return Severity.CRITICAL;
    }
    return type.endsWith(".failed") ? Severity.ERROR : Severity.INFO;
  }

  private static Set<ChunkId> chunks(Manifest manifest, Set<EntryKind> without) {
    return manifest.entries().stream()
        .filter(entry -> !without.contains(entry.kind()))
        .flatMap(entry -> entry.chunks().stream())
        .map(ChunkRef::id)
        .collect(Collectors.toSet());
  }
}
