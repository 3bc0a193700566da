package routes.repository;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One thing of a snapshot: a table, the DDL archive, an object.
 *
 * @param name unique among the entries of its kind, for people and messages
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
          "entry "
              + name
              + ": rows "
              + rows
              + ", plainBytes "
              + plainBytes
              + ", storedBytes "
              + storedBytes
              + " but its chunks hold "
              + sumRows
              + ", "
              + sumPlain
              + ", "
              + sumStored);
    }
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
