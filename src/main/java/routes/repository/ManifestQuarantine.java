package routes.repository;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.RepositoryJson;
import routes.repository.format.SnapshotId;
import routes.repository.format.UnknownSnapshotException;
import routes.repository.store.ObjectStore;
import routes.repository.store.StoreUnavailableException;

/**
 * Takes a manifest that cannot be read out of the listing of snapshots, and keeps its bytes: what
 * cannot be read keeps every sweep from beginning.
 */
record ManifestQuarantine(ObjectStore store, Snapshots snapshots, Instant now) {
  static final String PREFIX = "set-aside/";
  private static final int DIGITS = 16;

  /**
   * Why it was done.
   *
   * @param reason a person's words
   * @param damage what was wrong with it
   */
  record Note(String by, String reason, String damage, Instant at) {}

  /** What is wrong with a manifest; empty: it can be read. */
  Optional<String> damage(String source, SnapshotId id) {
    try {
      snapshots.read(source, id);
      return Optional.empty();
    } catch (CorruptManifestException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** Whether it was set aside, and is not among the snapshots again. */
  boolean isDone(String source, SnapshotId id) {
    return store.size(id.manifestKey(source)).isEmpty()
        && store.list(folder(source, id)).findAny().isPresent();
  }

  /**
   * Copies first and deletes last: killed at any point it leaves the manifest where it was or here,
   * or both, and a repeat ends the work. The copy is named by its content, so that two damaged ones
   * do not overwrite each other.
   *
   * @throws IllegalArgumentException when it can be read
   * @throws UnknownSnapshotException when there is none, or it was put right meanwhile
   */
  void setAside(String source, SnapshotId id, String by, String reason) {
    String key = id.manifestKey(source);
    byte[] bytes = bytes(key).orElseThrow(() -> gone(source, id));
    String damage =
        damage(source, id)
            .orElseThrow(() -> new IllegalArgumentException("snapshot " + id + " can be read"));
    String name =
        "manifest-" + HexFormat.of().formatHex(DigestUtils.sha256(bytes)).substring(0, DIGITS);
    String copy = folder(source, id) + name + ".json";
    // The note first: bytes without it would tell nobody what they are.
    store.create(
        folder(source, id) + name + ".note.json",
        RepositoryJson.write(new Note(by, reason, damage, now)));
    store.put(copy, bytes);
    if (!isThere(copy, bytes)) {
      throw new StoreUnavailableException(
          store.describe() + " does not return " + copy + " that was just written", null);
    }
    if (!isThere(key, bytes)) {
      throw gone(source, id);
    }
    store.delete(key);
  }

  private Optional<byte[]> bytes(String key) {
    return store.get(key, Snapshots.MANIFEST_LIMIT);
  }

  private boolean isThere(String key, byte[] bytes) {
    return bytes(key).filter(found -> Arrays.equals(found, bytes)).isPresent();
  }

  private static UnknownSnapshotException gone(String source, SnapshotId id) {
    return new UnknownSnapshotException(
        "source " + source + " has no snapshot " + id + ", or it was changed just now");
  }

  private static String folder(String source, SnapshotId id) {
    return PREFIX + SnapshotId.checkSource(source) + "/" + id.value() + "/";
  }
}
