package routes.repository;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import routes.repository.format.ChunkId;
import routes.repository.format.ChunkRef;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;

/**
 * What lies between two snapshots of a source, told by their manifests alone: no chunk is read.
 * Pure.
 *
 * @param comparable whether a chunk's id means the same content in both. False when they are
 *     encrypted differently: ids are then made with other keys, and content is compared by rows and
 *     plain bytes only
 * @param equal entries whose content and definition are the same, count
 * @param alike entries of the same rows, plain bytes and definition whose content cannot be
 *     compared, count: all of them when ids cannot, and else definitions and roles, into which
 *     pg_dump and pg_dumpall write the time or a random word
 * @param before sums over the first snapshot
 * @param after sums over the second
 * @param changes by kind and name
 */
public record SnapshotDiff(
    boolean comparable, int equal, int alike, Side before, Side after, List<Change> changes) {

  private static final Set<EntryKind> STAMPED = EnumSet.of(EntryKind.DDL, EntryKind.GLOBALS);

  /** What became of an entry. */
  public enum What {
    /** Only the second snapshot has it. */
    ADDED,
    /** Only the first snapshot has it. */
    REMOVED,
    /** Both have it, and it is not the same. */
    CHANGED;

    @JsonValue
    public String json() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * An entry, or a whole snapshot, on one side.
   *
   * @param rows count
   * @param plainBytes before compression
   * @param storedBytes after it; a chunk named twice counts twice
   * @param unsharedBytes stored bytes of chunks that the other snapshot names nowhere; null when
   *     ids cannot be compared
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Side(long rows, long plainBytes, long storedBytes, Long unsharedBytes) {

    static final Side NOTHING = new Side(0, 0, 0, 0L);

    private static Side of(Entry entry, Set<ChunkId> elsewhere) {
      return new Side(
          entry.rows(),
          entry.plainBytes(),
          entry.storedBytes(),
          elsewhere == null
              ? null
              : entry.chunks().stream()
                  .filter(ref -> !elsewhere.contains(ref.id()))
                  .mapToLong(ChunkRef::stored)
                  .sum());
    }

    private static Side of(Manifest manifest, Set<ChunkId> elsewhere) {
      return manifest.entries().stream()
          .map(entry -> of(entry, elsewhere))
          .reduce(elsewhere == null ? new Side(0, 0, 0, null) : NOTHING, Side::plus);
    }

    private Side plus(Side other) {
      return new Side(
          rows + other.rows,
          plainBytes + other.plainBytes,
          storedBytes + other.storedBytes,
          unsharedBytes == null ? null : unsharedBytes + other.unsharedBytes);
    }
  }

  /**
   * An entry that is not the same in both.
   *
   * @param before null when it was added
   * @param after null when it was removed
   * @param contentEqual whether its bytes are the same, so that only its definition changed; null
   *     when it is on one side only, or ids cannot be compared
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Change(
      EntryKind kind, String name, What what, Side before, Side after, Boolean contentEqual) {}

  /**
   * Compares two manifests.
   *
   * @throws IllegalArgumentException when they are not of one source
   */
  public static SnapshotDiff of(Manifest before, Manifest after) {
    if (!before.source().equals(after.source())) {
      throw new IllegalArgumentException(
          "snapshots of " + before.source() + " and of " + after.source() + " are not compared");
    }
    return of(before, after, haveOneIdKey(before, after));
  }

  static SnapshotDiff of(Manifest before, Manifest after, boolean comparable) {
    Set<ChunkId> old = comparable ? chunks(before) : null;
    Set<ChunkId> now = comparable ? chunks(after) : null;
    Map<Entry.Key, Entry> first = byKey(before);
    Map<Entry.Key, Entry> second = byKey(after);
    Set<Entry.Key> keys = new LinkedHashSet<>(first.keySet());
    keys.addAll(second.keySet());
    List<Change> changes = new ArrayList<>();
    int equal = 0;
    int alike = 0;
    for (Entry.Key key : keys.stream().sorted().toList()) {
      Entry was = first.get(key);
      Entry is = second.get(key);
      if (was != null && is != null && sameSize(was, is)) {
        if (comparable && ids(was).equals(ids(is))) {
          equal++;
          continue;
        }
        if (!comparable || STAMPED.contains(key.kind())) {
          alike++;
          continue;
        }
      }
      changes.add(
          new Change(
              key.kind(),
              (is == null ? was : is).name(),
              was == null ? What.ADDED : is == null ? What.REMOVED : What.CHANGED,
              was == null ? null : Side.of(was, now),
              is == null ? null : Side.of(is, old),
              was == null || is == null || !comparable ? null : ids(was).equals(ids(is))));
    }
    return new SnapshotDiff(
        comparable, equal, alike, Side.of(before, now), Side.of(after, old), List.copyOf(changes));
  }

  private static boolean sameSize(Entry was, Entry is) {
    return was.rows() == is.rows()
        && was.plainBytes() == is.plainBytes()
        && Objects.equals(was.about(), is.about());
  }

  private static List<ChunkId> ids(Entry entry) {
    return entry.chunks().stream().map(ChunkRef::id).toList();
  }

  private static Set<ChunkId> chunks(Manifest manifest) {
    return manifest.entries().stream()
        .flatMap(entry -> entry.chunks().stream())
        .map(ChunkRef::id)
        .collect(Collectors.toSet());
  }

  private static Map<Entry.Key, Entry> byKey(Manifest manifest) {
    Map<Entry.Key, Entry> byKey = new LinkedHashMap<>();
    manifest.entries().forEach(entry -> byKey.put(entry.key(), entry));
    return byKey;
  }

  /** Ids of chunks are made with a key that depends on the repository's and on the recipients. */
  private static boolean haveOneIdKey(Manifest before, Manifest after) {
    return before.encryption().equals(after.encryption())
        && Objects.equals(before.key(), after.key());
  }
}
