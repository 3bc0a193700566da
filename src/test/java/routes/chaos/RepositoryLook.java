package routes.chaos;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import routes.repository.Repository;
import routes.repository.chunks.ChunkReader;
import routes.repository.format.ChunkRef;
import routes.repository.format.Entry;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotInfo;
import routes.repository.store.S3ObjectStore;
import software.amazon.awssdk.services.s3.S3Client;

/** Looks at a repository with no hub between, and says what is wrong with it. */
final class RepositoryLook {

  private final S3Client s3;
  private final String bucket;
  private final String prefix;
  private final Repository repository;

  RepositoryLook(S3Client s3, String bucket, String prefix) {
    this.s3 = s3;
    this.bucket = bucket;
    this.prefix = prefix;
    this.repository =
        Repository.openReadOnly(new S3ObjectStore(s3, bucket, prefix), Clock.systemUTC());
  }

  /** Every snapshot's manifest. */
  List<Manifest> manifests() {
    List<Manifest> all = new ArrayList<>();
    for (String source : repository.sources()) {
      for (SnapshotInfo info : repository.list(source)) {
        all.add(repository.read(source, info.id()));
      }
    }
    return all;
  }

  List<String> snapshotIds() {
    return repository.sources().stream()
        .flatMap(source -> repository.list(source).stream())
        .map(info -> info.id().value())
        .sorted()
        .toList();
  }

  /** Chunks by id with their size, as the store lists them. */
  Map<String, Long> chunks() {
    Map<String, Long> sizes = new HashMap<>();
    s3.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix + "/chunks/"))
        .contents()
        .forEach(object -> sizes.put(object.key().replaceFirst(".*/", ""), object.size()));
    return sizes;
  }

  /** Chunks that a snapshot names and the store lacks. */
  List<String> missing() {
    // The manifests first: a chunk that a sweep deletes meanwhile must not be named by any of them.
    List<Manifest> manifests = manifests();
    Map<String, Long> present = chunks();
    List<String> missing = new ArrayList<>();
    for (Manifest manifest : manifests) {
      for (Entry entry : manifest.entries()) {
        for (ChunkRef ref : entry.chunks()) {
          if (present.getOrDefault(ref.id().hex(), 0L) == 0) {
            missing.add(manifest.takenAt() + " " + entry.name() + " " + ref.id());
          }
        }
      }
    }
    return missing;
  }

  /** Chunks that no snapshot names. */
  Set<String> unnamed() {
    Set<String> unnamed = new HashSet<>(chunks().keySet());
    for (Manifest manifest : manifests()) {
      for (Entry entry : manifest.entries()) {
        entry.chunks().forEach(ref -> unnamed.remove(ref.id().hex()));
      }
    }
    return unnamed;
  }

  /**
   * Reads every byte of every snapshot.
   *
   * @return chunks read, count
   */
  int readAll() {
    Set<ChunkRef> seen = new HashSet<>();
    for (Manifest manifest : manifests()) {
      try (ChunkReader reader = repository.reader(manifest)) {
        for (Entry entry : manifest.entries()) {
          for (ChunkRef ref : entry.chunks()) {
            if (seen.add(ref)) {
              reader.read(ref);
            }
          }
        }
      }
    }
    return seen.size();
  }

  /** Uploads in parts that nobody ended. */
  int openUploads() {
    return s3.listMultipartUploads(request -> request.bucket(bucket)).uploads().size();
  }
}
