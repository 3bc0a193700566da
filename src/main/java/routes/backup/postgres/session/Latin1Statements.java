package routes.backup.postgres.session;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the driver sends to a server, its statements in ISO 8859-1: the driver reads texts in any
 * encoding and writes every statement in UTF-8. Rows and all else pass as they are. For a
 * connection that stands; not thread-safe, as the stream below it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message
 *     Formats</a>
 */
final class Latin1Statements extends OutputStream {

  private static final int HEADER = 5;

  private final OutputStream out;
  private final ByteBuffer header = ByteBuffer.allocate(HEADER);
  private final ByteArrayOutputStream statement = new ByteArrayOutputStream();

  /** Bytes of the message that are still to come. */
  private int rest;

  Latin1Statements(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (header.hasRemaining()) {
        int n = Math.min(header.remaining(), end - at);
        header.put(bytes, at, n);
        at += n;
        if (!header.hasRemaining()) {
          begin();
        }
      } else {
        int n = Math.min(rest, end - at);
        (isStatement() ? statement : out).write(bytes, at, n);
        at += n;
        rest -= n;
      }
      if (!header.hasRemaining() && rest == 0) {
        end();
      }
    }
  }

  /** A query, or the parsing of one. */
  private boolean isStatement() {
    return header.get(0) == 'Q' || header.get(0) == 'P';
  }

  private void begin() throws IOException {
    rest = header.getInt(1) - Integer.BYTES;
    if (!isStatement()) {
      out.write(header.array());
    }
  }

  private void end() throws IOException {
    if (isStatement()) {
      byte[] body = recoded(statement.toByteArray());
      statement.reset();
      out.write(header.putInt(1, body.length + Integer.BYTES).array());
      out.write(body);
    }
    header.clear();
  }

  /** The texts at the beginning; what follows the last one are numbers. */
  private byte[] recoded(byte[] body) {
    int texts = header.get(0) == 'Q' ? 1 : 2;
    int end = 0;
    for (int i = 0; i < texts; i++) {
      while (body[end++] != 0) {
        // on to the end of the text
      }
    }
    byte[] text =
        new String(body, 0, end, StandardCharsets.UTF_8).getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = Arrays.copyOf(text, text.length + body.length - end);
    System.arraycopy(body, end, all, text.length, body.length - end);
    return all;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
