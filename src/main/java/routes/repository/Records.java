package routes.repository;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Small JSON objects beside a manifest, in a folder of their kind. */
final class Records {

  /** Results of drills; they go along when the snapshot is copied. */
  static final String DRILLS = "drill/";

  /** What was found of this very place's bytes; a copy of them elsewhere proves nothing there. */
  static final String HERE = "here/";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final int LIMIT = 64 << 20;

  private final ObjectStore store;
  private final String kind;

  Records(ObjectStore store, String kind) {
    this.store = store;
    this.kind = kind;
  }

  /** Keeps one, replacing one of the same name. */
  void put(String source, SnapshotId id, String name, Object result) {
    store.put(folder(source, id) + checkName(name) + ".json", Json.write(result));
  }

  /** All of a snapshot by name. */
  SortedMap<String, JsonNode> list(String source, SnapshotId id) {
    String folder = folder(source, id);
    SortedMap<String, JsonNode> all = new TreeMap<>();
    for (String key : store.list(folder).map(ObjectStore.Info::key).toList()) {
      String name = key.substring(folder.length()).replaceFirst("\\.json$", "");
      store.get(key, LIMIT).ifPresent(json -> all.put(name, Json.tree(key, json)));
    }
    return all;
  }

  private String folder(String source, SnapshotId id) {
    return id.folder(source) + kind;
  }

  /**
   * @throws IllegalArgumentException when it cannot name an object
   */
  static String checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("name '" + name + "': use letters, digits, . _ -");
    }
    return name;
  }
}
