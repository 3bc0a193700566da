package routes.repository.format;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A manifest's mention of a chunk.
 *
 * @param id content id
 * @param rows rows that end in this chunk, count, ≥ 0; 0 for bytes without rows and for all but the
 *     last piece of a row larger than a chunk
 * @param plain size before compression, bytes, 1 to {@link ChunkSizes#FORMAT_MAX}
 * @param stored size of the object when the manifest was written, bytes; a chunk sent again later
 *     may differ
 */
@JsonPropertyOrder({"id", "rows", "plain", "stored"})
public record ChunkRef(ChunkId id, long rows, int plain, int stored) {
  public ChunkRef {
    if (id == null) {
      throw new IllegalArgumentException("a chunk reference without id");
    }
    if (rows < 0 || plain < 1 || plain > ChunkSizes.FORMAT_MAX || stored < 1) {
      throw new IllegalArgumentException(
          "chunk " + id + ": rows " + rows + ", plain " + plain + ", stored " + stored);
    }
  }
}
