package routes.repository;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import routes.repository.format.RepositoryJson;
import routes.repository.format.SnapshotId;
import routes.repository.store.ObjectStore;

/**
 * Small JSON objects beside a manifest, in a folder of their kind. With encryption they end with a
 * MAC: without one, whoever can write to the store could put down a proof.
 */
record Records(ObjectStore store, RepositoryEncryption seals, String kind) {

  /** Results of drills; they go along when the snapshot is copied. */
  static final String DRILLS = "drill/";

  /** What was found of this very place's bytes; a copy of them elsewhere proves nothing there. */
  static final String HERE = "here/";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final int LIMIT = 64 << 20;

  /** Keeps one, replacing one of the same name. */
  void put(String source, SnapshotId id, String name, Object result) {
    String folder = folder(source, id);
    store.put(
        folder + checkName(name) + ".json", seals.signRecord(RepositoryJson.write(result), folder));
  }

  /** All of a snapshot by name that may be believed. */
  SortedMap<String, JsonNode> list(String source, SnapshotId id) {
    String folder = folder(source, id);
    SortedMap<String, JsonNode> all = new TreeMap<>();
    bytes(folder)
        .forEach(
            (name, json) -> {
              if (seals.isAuthentic(json, folder)) {
                all.put(name, RepositoryJson.tree(folder + name, json));
              }
            });
    return all;
  }

  /** How many of a snapshot are not believed. */
  int unbelieved(String source, SnapshotId id) {
    if (!seals.checksRecords()) {
      return 0;
    }
    String folder = folder(source, id);
    return (int)
        bytes(folder).values().stream().filter(json -> !seals.isAuthentic(json, folder)).count();
  }

  private SortedMap<String, byte[]> bytes(String folder) {
    SortedMap<String, byte[]> all = new TreeMap<>();
    for (String key : store.list(folder).map(ObjectStore.Info::key).toList()) {
      String name = key.substring(folder.length()).replaceFirst("\\.json$", "");
      store.get(key, LIMIT).ifPresent(json -> all.put(name, json));
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
