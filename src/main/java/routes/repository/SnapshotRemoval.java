package routes.repository;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import routes.repository.format.SnapshotId;
import routes.repository.store.ObjectStore;

/** Takes a snapshot away; its chunks are left to the {@link Sweep}. */
record SnapshotRemoval(ObjectStore store, Instant now) {

  /**
   * Manifest first: from then on the snapshot does not exist, and a killed remover leaves records
   * without a snapshot, for the sweep, and no snapshot without its records. Then the holds are read
   * once more, since one may have come in between, also while this process was paused: it wins, and
   * the manifest is put back. The chunks are all there still, a sweep waits for longer.
   *
   * @return false when it is held
   */
  boolean remove(String source, SnapshotId id) {
    String key = id.manifestKey(source);
    Optional<byte[]> manifest = store.get(key, Snapshots.MANIFEST_LIMIT);
    if (isHeld(source, id)) {
      return false;
    }
    store.delete(key);
    List<String> beside = store.list(id.folder(source)).map(ObjectStore.Info::key).toList();
    if (manifest.isPresent() && isHeld(source, id)) {
      store.create(key, manifest.get());
      return false;
    }
    beside.forEach(store::delete);
    return true;
  }

  private boolean isHeld(String source, SnapshotId id) {
    return Holds.list(store, source, id).values().stream().anyMatch(hold -> hold.isActive(now));
  }
}
