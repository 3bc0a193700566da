package routes.backup.imports;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import routes.backup.postgres.script.SqlDump;
import routes.repository.Repository;
import routes.repository.format.ChunkId;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;
import routes.repository.format.SnapshotInfo;

/** What was imported of a source until now, as the manifests in the repository say. */
final class ImportedDumps {

  /** A snapshot that holds a file. */
  record Known(Manifest manifest, SnapshotId id) {}

  private final List<Known> known = new ArrayList<>();
  private final Set<ChunkId> damaged;

  ImportedDumps(Repository repository, String source) {
    damaged = repository.quarantined();
    for (SnapshotInfo snapshot : repository.list(source)) {
      try {
        Manifest manifest = repository.read(source, snapshot.id());
        if (SqlDump.is(manifest)) {
          known.add(new Known(manifest, snapshot.id()));
        }
      } catch (CorruptManifestException e) {
        continue; // holds nothing any more: its file is imported again
      }
    }
  }

  void add(Known dump) {
    known.add(dump);
  }

  /** One that need not be read: of the same name, size and time of change, and not damaged. */
  Optional<Known> untouched(DumpFile file) {
    return known.stream()
        .filter(dump -> is(dump, "file", file.name()))
        .filter(dump -> is(dump, "size", Long.toString(file.size())))
        .filter(dump -> is(dump, "modified", file.modified().toString()))
        .filter(dump -> !isDamaged(dump.manifest()))
        .findFirst();
  }

  /** One of the same bytes, by name or by time. */
  Optional<Known> same(DumpFile file, Instant takenAt, String sha256) {
    return known.stream()
        .filter(dump -> is(dump, "sha256", sha256))
        .filter(dump -> is(dump, "file", file.name()) || dump.manifest().takenAt().equals(takenAt))
        .findFirst();
  }

  private static boolean is(Known dump, String field, String value) {
    return value.equals(String.valueOf(dump.manifest().server().get(field)));
  }

  private boolean isDamaged(Manifest manifest) {
    return manifest.entries().stream()
        .flatMap(entry -> entry.chunks().stream())
        .anyMatch(ref -> damaged.contains(ref.id()));
  }
}
