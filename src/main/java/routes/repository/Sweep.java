package routes.repository;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import routes.repository.chunks.ChunkQuarantine;
import routes.repository.chunks.ChunkSet;
import routes.repository.format.ChunkId;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.Entry;
import routes.repository.format.SnapshotId;
import routes.repository.format.UnknownSnapshotException;
import routes.repository.store.ObjectStore;

/**
 * Deletes what no snapshot needs, in two visits at least: one marks, another, a grace time later,
 * reads every manifest again and deletes what still nothing names and what is still the very object
 * that was marked. To be run while no backup writes (a lease sees to it); what a backup that lost
 * its lease may still do is harmless by the order of steps here and there:
 *
 * <ul>
 *   <li>it began before the mark: its manifest, if it ever comes, comes a grace time late, and it
 *       looks for its chunks after publishing ({@link Repository#confirm});
 *   <li>it began after the mark: it has sent the marked chunk again, which makes it another object.
 * </ul>
 *
 * <p>Two sweeps at a time delete the same things, which is no harm. One that is killed leaves its
 * marks, which the next one takes up.
 */
public final class Sweep {

  /** Marks of one visit: a list is read whole by every backup until it is done with. */
  static final int MOST_MARKS = 200_000;

  private static final int MANIFEST_PART = 3;

  /** Asked before each step that takes time or deletes. */
  public interface Watch {
    /**
     * @return false: end here, a later sweep does the rest
     * @throws RuntimeException when it must not go on at all
     */
    boolean goOn();
  }

  /**
   * A snapshot that names chunks which are not there.
   *
   * @param missing how many, ≥ 1
   * @param example one of them
   */
  public record Incomplete(String source, SnapshotId id, int missing, ChunkId example) {}

  /**
   * What a visit did.
   *
   * @param chunks deleted
   * @param bytes of these
   * @param folders of snapshots without a manifest, deleted with their records
   * @param marked chunks that this visit marked
   * @param waiting bytes of all chunks that are marked now
   * @param incomplete snapshots that lack chunks; nothing was done about them
   * @param stopped why it ended early; empty: it did not
   */
  public record Swept(
      int chunks,
      long bytes,
      int folders,
      int marked,
      long waiting,
      List<Incomplete> incomplete,
      String stopped) {}

  private record Snapshot(String source, SnapshotId id) {}

  private final ObjectStore store;
  private final Snapshots snapshots;
  private final Duration grace;
  private final Clock clock;
  private final Watch watch;

  private final Set<Snapshot> published = new HashSet<>();
  private final Set<String> orphans = new TreeSet<>();
  private final ChunkSet named = new ChunkSet();
  private final ChunkSet present = new ChunkSet();
  private final List<MarkList.Chunk> due = new ArrayList<>();
  private final List<MarkList.Chunk> fresh = new ArrayList<>();
  private int deleted;
  private long freed;
  private int folders;

  Sweep(ObjectStore store, Snapshots snapshots, Duration grace, Clock clock, Watch watch) {
    this.store = store;
    this.snapshots = snapshots;
    this.grace = grace;
    this.clock = clock;
    this.watch = watch;
  }

  /** Thrown inside only. */
  private static final class EndEarly extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EndEarly() {
      super(null, null, false, false);
    }
  }

  /**
   * One visit.
   *
   * @param run names the mark list
   * @throws CorruptManifestException when a manifest cannot be read: what it names is not known, so
   *     nothing is deleted
   */
  Swept run(String run) {
    SortedMap<String, MarkList> lists = MarkList.all(store);
    try {
      return visit(run, lists);
    } catch (EndEarly e) {
      return swept(0, waiting(lists), List.of(), "something more urgent came");
    }
  }

  private Swept visit(String run, SortedMap<String, MarkList> lists) {
    lookAtSnapshots();
    if (published.isEmpty()) {
      // Also what a listing that went wrong looks like; garbage can wait for the first snapshot.
      return swept(0, waiting(lists), List.of(), "there is no snapshot, so nothing can be decided");
    }
    readManifests();
    Instant marksUntil = clock.instant().minus(grace);
    Map<ChunkId, MarkList.Chunk> dueMarks = new HashMap<>();
    ChunkSet youngMarks = new ChunkSet();
    Set<String> dueFolders = new HashSet<>();
    Set<String> youngFolders = new HashSet<>();
    for (MarkList list : lists.values()) {
      if (list.at().isAfter(marksUntil)) {
        list.chunks().forEach(chunk -> youngMarks.add(chunk.id()));
        youngFolders.addAll(list.folders());
      } else {
        list.chunks().forEach(chunk -> dueMarks.put(chunk.id(), chunk));
        dueFolders.addAll(list.folders());
      }
    }
    lookAtChunks(dueMarks, youngMarks.sort());
    List<Incomplete> incomplete = incomplete();
    deleteChunks();
    deleteFolders(dueFolders);
    // Only now: whoever is killed before this finds the marks again, and nothing left to delete.
    List<String> done =
        lists.keySet().stream().filter(k -> !lists.get(k).at().isAfter(marksUntil)).toList();
    done.forEach(store::delete);
    done.forEach(lists::remove);
    orphans.removeAll(youngFolders);
    orphans.removeAll(dueFolders);
    MarkList marks = new MarkList(run, clock.instant(), fresh, List.copyOf(orphans));
    if (!marks.isEmpty()) {
      marks.write(store);
    }
    return swept(fresh.size(), waiting(lists) + marks.bytes(), incomplete, "");
  }

  private Swept swept(int marked, long waiting, List<Incomplete> incomplete, String stopped) {
    return new Swept(deleted, freed, folders, marked, waiting, incomplete, stopped);
  }

  private static long waiting(Map<String, MarkList> lists) {
    return lists.values().stream().mapToLong(MarkList::bytes).sum();
  }

  private void lookAtSnapshots() {
    Set<String> seen = new TreeSet<>();
    store
        .list(SnapshotId.PREFIX)
        .forEach(
            object -> {
              String[] parts = object.key().split("/");
              if (parts.length > MANIFEST_PART
                  && SnapshotId.isSource(parts[1])
                  && SnapshotId.isId(parts[2])) {
                SnapshotId id = new SnapshotId(parts[2]);
                seen.add(id.folder(parts[1]));
                if (object.key().equals(id.manifestKey(parts[1]))) {
                  published.add(new Snapshot(parts[1], id));
                }
              }
            });
    orphans.addAll(seen);
    published.forEach(snapshot -> orphans.remove(snapshot.id().folder(snapshot.source())));
  }

  private void readManifests() {
    for (Snapshot snapshot : List.copyOf(published)) {
      step();
      try {
        chunks(snapshot).forEach(named::add);
      } catch (UnknownSnapshotException e) {
        published.remove(snapshot); // retention was faster
      }
    }
    named.sort();
  }

  private Set<ChunkId> chunks(Snapshot snapshot) {
    Set<ChunkId> ids = new HashSet<>();
    for (Entry entry : snapshots.read(snapshot.source(), snapshot.id()).entries()) {
      entry.chunks().forEach(ref -> ids.add(ref.id()));
    }
    return ids;
  }

  private void lookAtChunks(Map<ChunkId, MarkList.Chunk> dueMarks, ChunkSet youngMarks) {
    int[] seen = {0};
    store
        .list(ChunkId.PREFIX)
        .forEach(
            object -> {
              if (seen[0]++ % 1000 == 0) {
                step();
              }
              String name = object.key().substring(object.key().lastIndexOf('/') + 1);
              if (!ChunkId.isId(name)) {
                return; // not ours: what we do not know we do not delete
              }
              ChunkId id = new ChunkId(name);
              present.add(id);
              MarkList.Chunk now = new MarkList.Chunk(id, object.size(), object.modified());
              if (named.contains(id)) {
                return;
              }
              if (now.equals(dueMarks.get(id))) {
                due.add(now);
              } else if (!youngMarks.contains(id) && fresh.size() < MOST_MARKS) {
                fresh.add(now);
              }
            });
    present.sort();
  }

  private List<Incomplete> incomplete() {
    if (named.isWithin(present)) {
      return List.of();
    }
    List<Incomplete> found = new ArrayList<>();
    for (Snapshot snapshot : published) {
      step();
      List<ChunkId> missing = new ArrayList<>();
      try {
        chunks(snapshot).stream().filter(id -> !present.contains(id)).forEach(missing::add);
      } catch (UnknownSnapshotException e) {
        continue;
      }
      if (!missing.isEmpty()) {
        found.add(new Incomplete(snapshot.source(), snapshot.id(), missing.size(), missing.get(0)));
      }
    }
    return found;
  }

  private void deleteChunks() {
    Set<ChunkId> quarantined = due.isEmpty() ? Set.of() : ChunkQuarantine.list(store);
    for (MarkList.Chunk chunk : due) {
      step();
      store.delete(chunk.id().key());
      if (quarantined.contains(chunk.id())) {
        store.delete(ChunkQuarantine.key(chunk.id()));
      }
      deleted++;
      freed += chunk.stored();
    }
  }

  private void deleteFolders(Set<String> dueFolders) {
    for (String folder : dueFolders) {
      if (!orphans.contains(folder)) {
        continue;
      }
      for (String key : store.list(folder).map(ObjectStore.Info::key).toList()) {
        step();
        store.delete(key);
      }
      folders++;
    }
  }

  private void step() {
    if (!watch.goOn()) {
      throw new EndEarly();
    }
  }
}
