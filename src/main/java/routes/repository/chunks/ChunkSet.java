package routes.repository.chunks;

import java.util.Arrays;
import routes.repository.format.ChunkId;

/**
 * Ids of chunks by their first 64 bits, 8 bytes each: a repository of 16 TB has some four million.
 * Whoever asks must be content with "perhaps": of two ids that begin alike (once in some 10¹² for
 * that many) it knows one when it knows the other. Fill it, then ask; filling is for one thread.
 */
public final class ChunkSet {
  private long[] prefixes = new long[1024];
  private int size;
  private boolean sorted = true;

  public void add(ChunkId id) {
    if (size == prefixes.length) {
      sort();
      if (size > prefixes.length / 2) {
        prefixes = Arrays.copyOf(prefixes, prefixes.length * 2);
      }
    }
    prefixes[size++] = prefix(id);
    sorted = false;
  }

  /** Ends the filling: from here on any thread may ask. */
  public ChunkSet sort() {
    if (!sorted) {
      Arrays.sort(prefixes, 0, size);
      int kept = 0;
      for (int i = 0; i < size; i++) {
        if (kept == 0 || prefixes[i] != prefixes[kept - 1]) {
          prefixes[kept++] = prefixes[i];
        }
      }
      size = kept;
      sorted = true;
    }
    return this;
  }

  public boolean contains(ChunkId id) {
    if (!sorted) {
      throw new IllegalStateException("sort() ends the filling");
    }
    return Arrays.binarySearch(prefixes, 0, size, prefix(id)) >= 0;
  }

  /** Whether every id of this set is in the other. */
  public boolean isWithin(ChunkSet other) {
    sort();
    other.sort();
    for (int i = 0; i < size; i++) {
      if (Arrays.binarySearch(other.prefixes, 0, other.size, prefixes[i]) < 0) {
        return false;
      }
    }
    return true;
  }

  boolean isEmpty() {
    return size == 0;
  }

  private static long prefix(ChunkId id) {
    return Long.parseUnsignedLong(id.hex(), 0, 16, 16);
  }
}
