package routes.backup.imports;

import java.io.IOException;
import java.io.InputStream;
import routes.repository.chunks.ChunkWriter;
import routes.repository.format.ChunkSizes;

/**
 * Feeds text into chunks line by line, so that they are cut where lines say: dumps of two nights
 * share what did not change. Holds one buffer of a chunk's largest size.
 */
final class LineChunks {

  /** Sees what goes by; valid until it returns. */
  interface Watcher {
    void bytes(byte[] source, int offset, int length) throws IOException;
  }

  private LineChunks() {}

  static void copy(InputStream in, ChunkWriter writer, Watcher watcher) throws IOException {
    copy(in, writer, watcher, new byte[ChunkSizes.DEFAULT.max()]);
  }

  /**
   * @param buffer a line longer than this goes in pieces
   */
  static void copy(InputStream in, ChunkWriter writer, Watcher watcher, byte[] buffer)
      throws IOException {
    int filled = 0;
    boolean within = false;
    for (int read = in.read(buffer);
        read >= 0;
        read = in.read(buffer, filled, buffer.length - filled)) {
      watcher.bytes(buffer, filled, read);
      int from = filled;
      filled += read;
      int start = 0;
      for (int at = from; at < filled; at++) {
        if (buffer[at] == '\n') {
          line(writer, buffer, start, at + 1 - start, within, true);
          within = false;
          start = at + 1;
        }
      }
      if (start == 0 && filled == buffer.length) {
        line(writer, buffer, 0, filled, true, false);
        within = true;
        start = filled;
      }
      System.arraycopy(buffer, start, buffer, 0, filled - start);
      filled -= start;
    }
    if (filled > 0) {
      line(writer, buffer, 0, filled, within, true);
    }
  }

  private static void line(
      ChunkWriter writer, byte[] buffer, int offset, int length, boolean within, boolean ends) {
    if (within) {
      writer.piece(java.util.Arrays.copyOfRange(buffer, offset, offset + length), ends);
    } else {
      writer.row(buffer, offset, length);
    }
  }
}
