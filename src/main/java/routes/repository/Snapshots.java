package routes.repository;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.Manifest;
import routes.repository.format.RepositoryJson;
import routes.repository.format.SnapshotId;
import routes.repository.format.SnapshotInfo;
import routes.repository.format.UnknownSnapshotException;
import routes.repository.store.ObjectStore;

/** Finds and reads what {@link Repository#publish} wrote; see there for the meaning. */
record Snapshots(ObjectStore store, RepositoryEncryption seals) {
  /** A manifest of 16 TB in chunks of 3.7 MiB has about this size. */
  static final int MANIFEST_LIMIT = 512 << 20;

  /** Names of all sources with a snapshot, sorted. */
  List<String> sources() {
    return store
        .list(SnapshotId.PREFIX)
        .map(object -> object.key().split("/"))
        .filter(Snapshots::isManifest)
        .map(parts -> parts[1])
        .distinct()
        .sorted()
        .toList();
  }

  /** The source's snapshots, newest first. */
  List<SnapshotInfo> list(String source) {
    return store
        .list(SnapshotId.PREFIX + SnapshotId.checkSource(source) + "/")
        .filter(object -> isManifest(object.key().split("/")))
        .map(object -> info(source, object))
        .sorted(Comparator.comparing(SnapshotInfo::id).reversed())
        .toList();
  }

  private static boolean isManifest(String[] parts) {
    return parts.length == 4
        && SnapshotId.isSource(parts[1])
        && SnapshotId.isId(parts[2])
        && parts[3].equals("manifest.json");
  }

  private static SnapshotInfo info(String source, ObjectStore.Info object) {
    SnapshotId id = new SnapshotId(object.key().split("/")[2]);
    return new SnapshotInfo(source, id, id.takenAt(), object.size());
  }

  /**
   * Finds the snapshot that a person means.
   *
   * @param text {@code latest}, an id, or the beginning of one
   * @throws UnknownSnapshotException when none or several answer to it
   */
  SnapshotInfo resolve(String source, String text) {
    List<SnapshotInfo> all = list(source);
    if (all.isEmpty()) {
      throw new UnknownSnapshotException("source " + source + " has no snapshot");
    }
    if (text.equals("latest")) {
      return latest(source, all);
    }
    List<SnapshotInfo> found =
        text.isEmpty()
            ? List.of()
            : all.stream().filter(info -> info.id().value().startsWith(text)).toList();
    if (found.size() != 1) {
      throw new UnknownSnapshotException(
          "%s of %s named '%s'; %s"
              .formatted(
                  found.isEmpty() ? "no snapshot" : found.size() + " snapshots",
                  source,
                  text,
                  found.isEmpty() ? "the newest is " + all.get(0).id() : "give more of the id"));
    }
    return found.get(0);
  }

  /** Ids tell seconds only; of two within one second the manifests say which is newer. */
  private SnapshotInfo latest(String source, List<SnapshotInfo> newestFirst) {
    List<SnapshotInfo> tied = new ArrayList<>(newestFirst);
    tied.removeIf(info -> !info.takenAt().equals(newestFirst.get(0).takenAt()));
    return tied.size() == 1
        ? tied.get(0)
        : Collections.max(tied, Comparator.comparing(info -> read(source, info.id()).takenAt()));
  }

  /**
   * Reads a manifest.
   *
   * @throws UnknownSnapshotException when there is none
   * @throws CorruptManifestException when it is not what was published under that id, or its MAC is
   *     wrong
   */
  Manifest read(String source, SnapshotId id) {
    String key = id.manifestKey(source);
    byte[] json =
        store
            .get(key, MANIFEST_LIMIT)
            .orElseThrow(
                () -> new UnknownSnapshotException("source " + source + " has no snapshot " + id));
    if (!SnapshotId.of(id.takenAt(), json).equals(id)) {
      throw new CorruptManifestException(key, "its hash is not the one in its name");
    }
    RepositoryJson.checkFormat(key, json, Manifest.FORMAT);
    Manifest manifest = RepositoryJson.read(key, json, Manifest.class);
    if (!manifest.source().equals(source) || !SnapshotId.of(manifest.takenAt(), json).equals(id)) {
      throw new CorruptManifestException(
          key, "it is of " + manifest.source() + " at " + manifest.takenAt());
    }
    seals.check(manifest, id, json);
    return manifest;
  }

  /** What there is when encryption is turned on, once: {@code <source>/<snapshot>}. */
  List<String> plain() {
    List<String> plain = new ArrayList<>();
    for (String source : sources()) {
      for (SnapshotInfo snapshot : list(source)) {
        if (isSound(snapshot)) {
          plain.add(source + "/" + snapshot.id());
        }
      }
    }
    return plain;
  }

  private boolean isSound(SnapshotInfo snapshot) {
    Manifest manifest;
    try {
      manifest = read(snapshot.source(), snapshot.id());
    } catch (CorruptManifestException e) {
      return false; // not to be believed later, either
    }
    if (manifest.isEncrypted()) {
      throw new CorruptManifestException(
          RepositoryHeader.KEY,
          "it says that nothing is encrypted, yet snapshot %s is; put the right one back"
              .formatted(snapshot.id()));
    }
    return true;
  }
}
