package routes.repository.chunks;

import java.util.List;
import java.util.Optional;
import routes.repository.format.ChunkId;
import routes.repository.format.ChunkRef;

/**
 * Compares bytes that come from elsewhere, such as a restored table copied out again, with the
 * chunks of an entry, by their ids and without reading them. Cuts where the manifest says, so it
 * does not matter how the entry was chunked when it was written. One thread; holds no content.
 */
public final class EntryComparison implements AutoCloseable {

  /**
   * The first place where content differs.
   *
   * @param chunk index of the chunk, from 0; the number of chunks when there is more than expected
   * @param fromRow rows before that chunk
   * @param fromByte plain bytes before that chunk
   */
  public record Difference(int chunk, long fromRow, long fromByte, String what) {}

  private final ChunkCodec codec;
  private final List<ChunkRef> expected;
  private int chunk;
  private int inChunk;
  private long rowsBefore;
  private long bytesBefore;
  private Difference difference;

  public EntryComparison(ChunkCodec codec, List<ChunkRef> expected) {
    this.codec = codec;
    this.expected = List.copyOf(expected);
  }

  /** Adds bytes; cheap once something differs. */
  public void update(byte[] source, int offset, int length) {
    int done = 0;
    while (done < length && difference == null) {
      if (chunk == expected.size()) {
        differs("there is more than the " + bytesBefore + " bytes of the snapshot");
        return;
      }
      ChunkRef ref = expected.get(chunk);
      int piece = Math.min(ref.plain() - inChunk, length - done);
      codec.hash(source, offset + done, piece);
      inChunk += piece;
      done += piece;
      if (inChunk == ref.plain()) {
        endChunk(ref);
      }
    }
  }

  private void endChunk(ChunkRef ref) {
    ChunkId actual = codec.id();
    if (!actual.equals(ref.id())) {
      differs("content is " + actual + " where the snapshot has " + ref.id());
      return;
    }
    chunk++;
    inChunk = 0;
    rowsBefore += ref.rows();
    bytesBefore += ref.plain();
  }

  /** Ends the content; empty when all of it was equal. */
  public Optional<Difference> finish() {
    if (difference == null && chunk < expected.size()) {
      differs("content ends after " + (bytesBefore + inChunk) + " bytes");
    }
    return Optional.ofNullable(difference);
  }

  private void differs(String what) {
    difference = new Difference(chunk, rowsBefore, bytesBefore, what);
  }

  @Override
  public void close() {
    codec.close();
  }
}
