package routes.repository.chunks;

import java.nio.ByteBuffer;
import routes.repository.format.ChunkId;
import routes.repository.format.ChunkRef;
import routes.repository.format.ChunkSizes;
import routes.repository.format.CorruptChunkException;
import routes.repository.format.MissingChunkException;
import routes.repository.store.ObjectStore;
import routes.repository.store.ObjectTooLargeException;

/**
 * Reads chunks and lets none through that is not exactly what its id says. Holds one plain buffer
 * and, while reading, one stored of the largest chunk read (≤ {@link ChunkSizes#FORMAT_MAX}). Not
 * thread-safe: one per thread, to be closed.
 */
public final class ChunkReader implements AutoCloseable {
  private static final byte[] NONE = new byte[0];

  private final ObjectStore store;
  private final ChunkCodec codec;
  private byte[] plain = NONE;
  private byte[] stored = NONE;

  public ChunkReader(ObjectStore store, ChunkCodec codec) {
    this.store = store;
    this.codec = codec;
  }

  /**
   * Reads and verifies a chunk.
   *
   * @return its plain bytes, with an array from offset 0, valid until the next call
   * @throws MissingChunkException when there is none
   * @throws CorruptChunkException when it is not what its id and the reference say
   */
  public ByteBuffer read(ChunkRef ref) {
    readSealed(ref);
    release(); // whoever reads next has use for it
    return ByteBuffer.wrap(plain, 0, ref.plain());
  }

  /**
   * Reads and verifies a chunk; throws what {@link #read} does.
   *
   * @return what is stored of it, valid until the next call
   */
  public ChunkCodec.Sealed readSealed(ChunkRef ref) {
    String key = ref.id().key();
    int length = fetch(ref, key);
    plain = BufferPool.SHARED.grown(plain, ref.plain());
    try {
      codec.open(stored, length, plain, ref.plain());
    } catch (ChunkCodec.BadChunkException e) {
      throw new CorruptChunkException(ref.id(), key, e.getMessage());
    }
    ChunkId actual = codec.id(plain, 0, ref.plain());
    if (!actual.equals(ref.id())) {
      throw new CorruptChunkException(ref.id(), key, "its content has the id " + actual);
    }
    return new ChunkCodec.Sealed(stored, length);
  }

  /** Never more than a sound chunk can have. */
  private int fetch(ChunkRef ref, String key) {
    stored = BufferPool.SHARED.grown(stored, codec.maxStored(ref.plain()));
    try {
      return store.read(key, stored).orElseThrow(() -> new MissingChunkException(ref.id(), key));
    } catch (ObjectTooLargeException e) {
      throw new CorruptChunkException(ref.id(), key, e.getMessage());
    }
  }

  @Override
  public void close() {
    codec.close();
    release();
    BufferPool.SHARED.give(plain);
    plain = NONE;
  }

  private void release() {
    BufferPool.SHARED.give(stored);
    stored = NONE;
  }
}
