package routes.repository.format;

/**
 * Where chunks are cut, in plain bytes. The choice is not part of the format: snapshots written
 * with different sizes are read alike, they only share fewer chunks.
 *
 * @param min no content-defined cut before this many bytes, ≥ 1
 * @param gap mean distance from {@code min} to the content-defined cut, ≥ 1
 * @param max a chunk never grows beyond this, {@code min} to {@link #FORMAT_MAX}
 */
public record ChunkSizes(int min, int gap, int max) {
  /** No chunk of any writer may be larger: what a reader must be ready to hold. 16 MiB. */
  public static final int FORMAT_MAX = 16 << 20;

  /** 1 MiB + 3 MiB, at most 8 MiB: 3.7 MiB on average, one chunk in ten ends at the maximum. */
  public static final ChunkSizes DEFAULT = new ChunkSizes(1 << 20, 3 << 20, 8 << 20);

  public ChunkSizes {
    if (min < 1 || gap < 1 || max < min || max > FORMAT_MAX) {
      throw new IllegalArgumentException(
          "chunk sizes: 1 ≤ min ≤ max ≤ %s, gap ≥ 1; got %s %s %s"
              .formatted(FORMAT_MAX, min, gap, max));
    }
  }
}
