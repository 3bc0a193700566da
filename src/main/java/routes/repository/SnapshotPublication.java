package routes.repository;

import java.util.Set;
import java.util.TreeSet;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.chunks.ChunkQuarantine;
import routes.repository.format.ChunkId;
import routes.repository.format.ChunkRef;
import routes.repository.format.Entry;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;
import routes.repository.store.ObjectStore;

/** Makes a snapshot of chunks that are stored; see {@link Repository#publish} for the meaning. */
record SnapshotPublication(ObjectStore store, Snapshots snapshots, RepositoryEncryption seals) {

  SnapshotId id(Manifest manifest) {
    return SnapshotId.of(manifest.takenAt(), seals.sign(manifest));
  }

  SnapshotId publish(Manifest manifest, ChunkPipeline pipeline) {
    checkPublishable(manifest, pipeline);
    seals.confirm();
    byte[] json = seals.sign(manifest);
    SnapshotId id = SnapshotId.of(manifest.takenAt(), json);
    String key = id.manifestKey(manifest.source());
    // The name holds the hash, so a manifest that is there already can only be this one (a repeat,
    // or the store's own retry), unless it was damaged: read it back.
    if (!store.create(key, json)) {
      snapshots.read(manifest.source(), id);
    }
    return id;
  }

  /** See {@link Repository#confirm}. */
  void confirm(Manifest manifest, SnapshotId id, ChunkPipeline pipeline, boolean held) {
    Set<ChunkId> doubtful = new TreeSet<>(pipeline.sentThoughMarked());
    if (!held) {
      manifest.entries().forEach(e -> e.chunks().forEach(ref -> doubtful.add(ref.id())));
    }
    for (ChunkId chunk : doubtful) {
      if (store.size(chunk.key()).isEmpty()) {
        store.delete(id.manifestKey(manifest.source()));
        throw new ManifestRefusedException(
            ("snapshot %s was withdrawn: while this run stood still, chunk %s was swept; the "
                    + "next attempt sends it again")
                .formatted(id, chunk),
            true);
      }
    }
  }

  private void checkPublishable(Manifest manifest, ChunkPipeline pipeline) {
    if (!manifest.hub().equals(seals.hub())
        || manifest.format() != Manifest.FORMAT
        || manifest.isEncrypted()) {
      throw new ManifestRefusedException(
          "manifest of hub %s, format %s, encryption %s does not fit the repository of %s"
              .formatted(manifest.hub(), manifest.format(), manifest.encryption(), seals.hub()),
          false);
    }
    Set<ChunkId> quarantined = ChunkQuarantine.list(store);
    for (Entry entry : manifest.entries()) {
      for (ChunkRef ref : entry.chunks()) {
        if (!pipeline.isStored(ref.id())) {
          throw new ManifestRefusedException(
              entry.name() + ": chunk " + ref.id() + " was not stored by this run", false);
        }
        if (quarantined.contains(ref.id())) {
          throw new ManifestRefusedException(
              "%s: chunk %s was found damaged during this run; the next attempt sends it again"
                  .formatted(entry.name(), ref.id()),
              true);
        }
      }
    }
  }
}
