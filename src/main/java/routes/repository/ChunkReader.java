package routes.repository;

import java.nio.ByteBuffer;

/**
 * Reads chunks and lets none through that is not exactly what its id says. Holds one plain buffer
 * of the largest chunk read (≤ {@link ChunkSizes#FORMAT_MAX}) and, while reading, the stored bytes.
 * Not thread-safe: one per thread, to be closed.
 */
public final class ChunkReader implements AutoCloseable {
  private final ObjectStore store;
  private final ChunkCodec codec;
  private byte[] plain = new byte[0];

  ChunkReader(ObjectStore store, ChunkCodec codec) {
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
    return check(ref, stored(ref, ref.id().key()));
  }

  /** Verifies what was stored of a chunk; returns and throws what {@link #read} does. */
  ByteBuffer check(ChunkRef ref, byte[] stored) {
    String key = ref.id().key();
    if (plain.length < ref.plain()) {
      plain = new byte[ref.plain()];
    }
    try {
      codec.open(stored, plain, ref.plain());
    } catch (ChunkCodec.BadChunkException e) {
      throw new CorruptChunkException(ref.id(), key, e.getMessage());
    }
    ChunkId actual = codec.id(plain, 0, ref.plain());
    if (!actual.equals(ref.id())) {
      throw new CorruptChunkException(ref.id(), key, "its content has the id " + actual);
    }
    return ByteBuffer.wrap(plain, 0, ref.plain());
  }

  /** What is stored of a chunk, unverified, never more than a sound one can have. */
  byte[] stored(ChunkRef ref, String key) {
    try {
      return store
          .get(key, codec.maxStored(ref.plain()))
          .orElseThrow(() -> new MissingChunkException(ref.id(), key));
    } catch (ObjectTooLargeException e) {
      throw new CorruptChunkException(ref.id(), key, e.getMessage());
    }
  }

  @Override
  public void close() {
    codec.close();
  }
}
