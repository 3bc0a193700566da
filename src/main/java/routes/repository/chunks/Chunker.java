package routes.repository.chunks;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;
import routes.repository.format.ChunkSizes;

/**
 * Cuts rows into chunks at places that the rows themselves decide, so an inserted, changed or
 * deleted row moves the cuts near it only, and all later chunks keep their ids.
 *
 * <p>With sizes {@code min}, {@code gap}, {@code max}, a chunk ends
 *
 * <ul>
 *   <li>after a row that brings it to ≥ {@code min} bytes and is a <em>marker</em>: {@code
 *       mix(CRC-32C(row)) / 2³² < length(row) / gap}, so a byte rather than a row has a fixed
 *       chance and the mean does not depend on how long rows are;
 *   <li>before a row that would bring it over {@code max};
 *   <li>around a row larger than {@code max}: such a row has chunks of its own, pieces of {@code
 *       max} bytes counted as 0 rows but the last, which counts as 1.
 * </ul>
 *
 * Bytes without rows are cut every {@code max} bytes. One thread; holds at most one buffer.
 */
final class Chunker {

  /** Where buffers come from and full ones go. */
  interface Sink {
    /** An empty buffer of at least {@link ChunkSizes#max()} bytes; may wait for one. */
    byte[] buffer();

    /** Takes a buffer over, with {@code length} ≥ 1 plain bytes in which {@code rows} rows end. */
    void chunk(byte[] buffer, int length, long rows);
  }

  private final ChunkSizes sizes;
  private final Sink sink;
  private final CRC32C crc = new CRC32C();
  private byte[] buffer;
  private int filled;
  private long rows;
  private boolean within;

  Chunker(ChunkSizes sizes, Sink sink) {
    this.sizes = sizes;
    this.sink = sink;
  }

  /**
   * Adds one row with its line end.
   *
   * @param length bytes, ≥ 1
   */
  void row(byte[] source, int offset, int length) {
    if (length < 1) {
      throw new IllegalArgumentException("a row has at least its line end");
    }
    if (length > sizes.max()) {
      piece(source, offset, length, true);
      return;
    }
    if (filled + length > sizes.max()) {
      flush();
    }
    fill(source, offset, length);
    rows++;
    if (filled >= sizes.min() && isMarker(source, offset, length)) {
      flush();
    }
  }

  /**
   * Adds rows, each with its line end; the last byte is one.
   *
   * @param length bytes, ≥ 1
   */
  void rows(byte[] source, int offset, int length) {
    int end = offset + length;
    for (int at = offset; at < end; ) {
      int next = LineEnds.after(source, at, end);
      row(source, at, next - at);
      at = next;
    }
  }

  /**
   * Adds a piece of a row that is larger than a chunk.
   *
   * @param length bytes, ≥ 1
   * @param last whether the row ends with it
   */
  void piece(byte[] source, int offset, int length, boolean last) {
    if (!within) {
      flush();
    }
    within = !last;
    int done = 0;
    while (done < length) {
      int piece = Math.min(sizes.max() - filled, length - done);
      fill(source, offset + done, piece);
      done += piece;
      boolean ends = last && done == length;
      rows = ends ? 1 : 0;
      if (ends || filled == sizes.max()) {
        flush();
      }
    }
  }

  private boolean isMarker(byte[] source, int offset, int length) {
    crc.reset();
    crc.update(source, offset, length);
    // CRC is linear: rows that differ in a few bits only would share the bits that decide. The
    // multiplication (2^64 / golden ratio) spreads them.
    long mixed = (crc.getValue() * 0x9E3779B97F4A7C15L) >>> 32;
    return mixed * sizes.gap() < (long) length << 32;
  }

  /** Adds bytes that are not rows. */
  void bytes(byte[] source, int offset, int length) {
    int done = 0;
    while (done < length) {
      int piece = Math.min(sizes.max() - filled, length - done);
      fill(source, offset + done, piece);
      done += piece;
      flushWhenFull();
    }
  }

  /** Adds all bytes of a stream, read straight into the chunk. Does not close it. */
  void bytes(InputStream in) throws IOException {
    while (true) {
      ensureBuffer();
      int read = in.read(buffer, filled, sizes.max() - filled);
      if (read < 0) {
        return;
      }
      filled += read;
      flushWhenFull();
    }
  }

  private void flushWhenFull() {
    if (filled == sizes.max()) {
      flush();
    }
  }

  private void fill(byte[] source, int offset, int length) {
    ensureBuffer();
    System.arraycopy(source, offset, buffer, filled, length);
    filled += length;
  }

  private void ensureBuffer() {
    if (buffer == null) {
      buffer = sink.buffer();
    }
  }

  /** Ends the chunk that is being filled, if any. */
  void flush() {
    if (filled > 0) {
      byte[] full = buffer;
      int length = filled;
      long counted = rows;
      release();
      sink.chunk(full, length, counted);
    }
  }

  /** Forgets the chunk that is being filled; returns its buffer, null when there is none. */
  byte[] release() {
    byte[] held = buffer;
    buffer = null;
    filled = 0;
    rows = 0;
    return held;
  }
}
