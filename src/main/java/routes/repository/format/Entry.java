package routes.repository.format;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One thing of a snapshot: a table, the DDL archive, an object.
 *
 * @param name for people and messages; {@link #key} identifies, for a table's name was once its
 *     schema and name with a dot between, whatever was in them
 * @param about what a restore needs to know, by kind; JSON values only
 * @param rows sum over the chunks, count
 * @param plainBytes sum over the chunks
 * @param storedBytes sum over the chunks; a chunk named twice counts twice
 * @param chunks in order: their plain bytes one after another are the entry
 */
@JsonPropertyOrder({"kind", "name", "about", "rows", "plainBytes", "storedBytes", "chunks"})
public record Entry(
    EntryKind kind,
    String name,
    Map<String, Object> about,
    long rows,
    long plainBytes,
    long storedBytes,
    List<ChunkRef> chunks) {

  /**
   * @throws IllegalArgumentException when a sum differs from its chunks
   */
  public Entry {
    if (kind == null || name == null) {
      throw new IllegalArgumentException("an entry without kind or name");
    }
    about = about == null ? Map.of() : Collections.unmodifiableSortedMap(new TreeMap<>(about));
    chunks = chunks == null ? List.of() : List.copyOf(chunks);
    long sumRows = 0;
    long sumPlain = 0;
    long sumStored = 0;
    for (ChunkRef chunk : chunks) {
      sumRows += chunk.rows();
      sumPlain += chunk.plain();
      sumStored += chunk.stored();
    }
    if (rows != sumRows || plainBytes != sumPlain || storedBytes != sumStored) {
      throw new IllegalArgumentException(
          "entry %s: rows %s, plainBytes %s, storedBytes %s but its chunks hold %s, %s, %s"
              .formatted(name, rows, plainBytes, storedBytes, sumRows, sumPlain, sumStored));
    }
  }

  /**
   * What an entry is called within its snapshot, and in others of its source.
   *
   * @param schema of a table; empty for all other kinds
   * @param name of a table without its schema; of all else the entry's
   */
  public record Key(EntryKind kind, String schema, String name) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::kind).thenComparing(Key::schema).thenComparing(Key::name);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** Unique among the entries of a snapshot. */
  public Key key() {
    return kind == EntryKind.TABLE
            && about.get("schema") instanceof String schema
            && about.get("table") instanceof String table
        ? new Key(kind, schema, table)
        : new Key(kind, "", name);
  }

  /** An entry whose sums are those of its chunks. */
  public static Entry of(
      EntryKind kind, String name, Map<String, Object> about, List<ChunkRef> chunks) {
    return new Entry(
        kind,
        name,
        about,
        chunks.stream().mapToLong(ChunkRef::rows).sum(),
        chunks.stream().mapToLong(ChunkRef::plain).sum(),
        chunks.stream().mapToLong(ChunkRef::stored).sum(),
        chunks);
  }
}
