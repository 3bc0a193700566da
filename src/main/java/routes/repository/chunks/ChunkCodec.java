package routes.repository.chunks;

import routes.repository.format.ChunkId;

/**
 * How plain bytes become a chunk: its id, what is stored, and back. The seam where encryption goes
 * in: an encrypting codec hashes with a key and seals what {@link ZstdCodec} made.
 *
 * <p>Holds native and digest state: not thread-safe, one per thread, to be closed.
 */
public interface ChunkCodec extends AutoCloseable {

  /** Stored bytes in a buffer of the codec, valid until its next call. */
  record Sealed(byte[] bytes, int length) {}

  /** Adds plain bytes to the id being computed. */
  void hash(byte[] plain, int offset, int length);

  /** The id of all bytes given to {@link #hash} since the last call; starts the next one. */
  ChunkId id();

  /** The id of these plain bytes alone. */
  default ChunkId id(byte[] plain, int offset, int length) {
    hash(plain, offset, length);
    return id();
  }

  /** What to store for these plain bytes. */
  Sealed seal(byte[] plain, int offset, int length);

  /** The largest object that {@link #seal} may make of this many plain bytes. */
  int maxStored(int plain);

  /**
   * Turns the first {@code length} stored bytes back into exactly {@code plainSize} plain bytes at
   * the start of {@code into}. Never writes or allocates more than that, whatever the stored bytes
   * claim. Does not check the id.
   *
   * @throws BadChunkException when the bytes are not a sealed chunk of that size
   */
  void open(byte[] stored, int length, byte[] into, int plainSize) throws BadChunkException;

  /** The same of a whole array. */
  default void open(byte[] stored, byte[] into, int plainSize) throws BadChunkException {
    open(stored, stored.length, into, plainSize);
  }

  @Override
  void close();

  /** Stored bytes that are not what {@link #seal} writes; the message says in what way. */
  final class BadChunkException extends Exception {
    private static final long serialVersionUID = 1L;

    public BadChunkException(String message) {
      super(message);
    }
  }
}
