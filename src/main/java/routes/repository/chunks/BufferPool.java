package routes.repository.chunks;

import java.util.ArrayDeque;
import java.util.Deque;
import routes.repository.format.ChunkSizes;

/**
 * Arrays for chunks that are used again. Chunks are megabytes: an array for each would fill the
 * heap's old generation with garbage, which the process then keeps as its size. All have one
 * length, so that each serves for everything. Thread-safe.
 *
 * <p>Who gives an array back must be sure that nobody reads or writes it any more: the next taker's
 * bytes would be spoiled. In doubt it is left to the garbage collector.
 */
public final class BufferPool {

  /** The largest chunk that is written, or what is stored of it, sealed for dozens. */
  static final int LENGTH = ChunkSizes.DEFAULT.max() + (128 << 10);

  /** As many as a backup or a restore with two threads on either side uses at once. */
  public static final BufferPool SHARED = new BufferPool(6);

  private static final int SMALL = 64 << 10;

  private final int most;

  /** Guarded by this. */
  private final Deque<byte[]> free = new ArrayDeque<>();

  /**
   * @param most arrays that are kept while nobody uses them
   */
  BufferPool(int most) {
    this.most = most;
  }

  /**
   * An array with anything in it.
   *
   * @param size least length; beyond {@link #LENGTH} it is one that will not be kept
   */
  public byte[] take(int size) {
    if (size <= SMALL || size > LENGTH) {
      return new byte[size];
    }
    synchronized (this) {
      return free.isEmpty() ? new byte[LENGTH] : free.pop();
    }
  }

  /** The same array when it is large enough; else it is given back for one that is. */
  public byte[] grown(byte[] array, int size) {
    if (array.length >= size) {
      return array;
    }
    give(array);
    return take(size);
  }

  /** Gives an array back, of any origin. */
  public synchronized void give(byte[] array) {
    if (array.length == LENGTH && free.size() < most) {
      free.push(array);
    }
  }

  /** How many wait for a user. */
  synchronized int kept() {
    return free.size();
  }
}
