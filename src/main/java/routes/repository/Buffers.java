package routes.repository;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Large arrays that are used again. Chunks are megabytes: an array for each would fill the heap's
 * old generation with garbage, which the process then keeps as its size. Thread-safe.
 *
 * <p>Who gives an array back must be sure that nobody reads or writes it any more: the next taker's
 * bytes would be spoiled. In doubt it is left to the garbage collector.
 */
final class Buffers {

  /** What a backup or restore with two threads on either side uses at once. */
  static final Buffers SHARED = new Buffers(64 << 20);

  /** Sizes are multiples of it, so that one serves for another. */
  private static final int UNIT = 1 << 20;

  private final long capacity;

  // Guarded by this.
  private final TreeMap<Integer, Deque<byte[]>> free = new TreeMap<>();
  private long kept;

  /**
   * @param capacity bytes that are kept while nobody uses them
   */
  Buffers(long capacity) {
    this.capacity = capacity;
  }

  /**
   * An array with anything in it.
   *
   * @param size least length
   */
  synchronized byte[] take(int size) {
    Map.Entry<Integer, Deque<byte[]>> fits = free.ceilingEntry(size);
    return fits == null ? new byte[Math.multiplyExact((size + UNIT - 1) / UNIT, UNIT)] : poll(fits);
  }

  private byte[] poll(Map.Entry<Integer, Deque<byte[]>> arrays) {
    byte[] array = arrays.getValue().pop();
    if (arrays.getValue().isEmpty()) {
      free.remove(arrays.getKey());
    }
    kept -= array.length;
    return array;
  }

  /** The same array when it is large enough; else it is given back for one that is. */
  byte[] grown(byte[] array, int size) {
    if (array.length >= size) {
      return array;
    }
    give(array);
    return take(size);
  }

  /** Gives an array back; beyond the capacity the smallest are let go. */
  synchronized void give(byte[] array) {
    if (array.length < UNIT) {
      return;
    }
    free.computeIfAbsent(array.length, length -> new ArrayDeque<>()).push(array);
    kept += array.length;
    while (kept > capacity) {
      poll(free.firstEntry());
    }
  }

  /** Bytes in arrays that nobody uses. */
  synchronized long kept() {
    return kept;
  }
}
