package routes.repository;

import java.util.SortedMap;
import java.util.TreeMap;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.Hold;
import routes.repository.format.RepositoryJson;
import routes.repository.format.SnapshotId;
import routes.repository.store.ObjectStore;

/** Holds as objects beside the manifest: {@code hold/<name>.json}. */
final class Holds {
  private static final int LIMIT = 1 << 20;
  private static final String SUFFIX = ".json";

  private Holds() {}

  static String folder(String source, SnapshotId id) {
    return id.folder(source) + "hold/";
  }

  static String key(String source, SnapshotId id, String name) {
    return folder(source, id) + name + SUFFIX;
  }

  /** All of a snapshot by name, also those that have ended. */
  static SortedMap<String, Hold> list(ObjectStore store, String source, SnapshotId id) {
    String folder = folder(source, id);
    SortedMap<String, Hold> holds = new TreeMap<>();
    for (String key : store.list(folder).map(ObjectStore.Info::key).toList()) {
      String name = key.substring(folder.length());
      name = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
      String as = name;
      store.get(key, LIMIT).ifPresent(json -> holds.put(as, read(key, json)));
    }
    return holds;
  }

  /** One that cannot be read was meant to pin: it pins for good. */
  private static Hold read(String key, byte[] json) {
    try {
      return RepositoryJson.read(key, json, Hold.class);
    } catch (CorruptManifestException e) {
      return new Hold(null, "cannot be read: " + e.getMessage(), null, null);
    }
  }
}
