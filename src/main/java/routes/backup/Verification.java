package routes.backup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
  private final SnapshotCatalogue catalogue;

  Verification(Repositories repositories, SnapshotCatalogue catalogue) {
    this.repositories = repositories;
    this.catalogue = catalogue;
  }

  Outcomes.Verified run(
      SnapshotRequest request, @ExchangeProperty(RunContext.PROPERTY) RunContext run) {
    Repositories.Found found = repositories.findOpenable(request.source(), request.snapshot());
    Repository repository = found.repository();
    SnapshotInfo snapshot = found.snapshot();
    Manifest manifest = found.manifest();
    long began = System.nanoTime();
    Set<ChunkId> seen = new HashSet<>();
    List<String> damaged = new ArrayList<>();
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
              + String.join("; ", damaged.subList(0, Math.min(MOST_NAMED, damaged.size())));
      catalogue.checked(manifest, snapshot.id(), false, detail, null);
      throw new PermanentException(detail);
    }
    Outcomes.Verified verified =
        new Outcomes.Verified(
            request.source(),
            snapshot.id().value(),
            seen.size(),
            bytes,
            Duration.ofNanos(System.nanoTime() - began));
    catalogue.checked(manifest, snapshot.id(), null, verified.headline(), null);
    return verified;
  }

  private static void check(
      Repository repository, ChunkReader reader, Entry entry, ChunkRef ref, List<String> damaged) {
    try {
      reader.read(ref);
    } catch (CorruptChunkException e) {
      repository.quarantine(ref.id(), e.getMessage());
      damaged.add(entry.kind().json() + " " + entry.name() + ": " + e.getMessage());
    } catch (MissingChunkException e) {
      damaged.add(entry.kind().json() + " " + entry.name() + ": " + e.getMessage());
    }
  }
}
