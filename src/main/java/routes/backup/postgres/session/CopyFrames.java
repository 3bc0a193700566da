package routes.backup.postgres.session;

import java.io.IOException;
import java.io.InputStream;

/**
 * What a server sends, with its CopyData messages in sizes that suit a reader. A server makes one
 * of each row, and the driver one array of each message. So those that are here together pass as
 * one, for work per row is what a reader spends most of its time on; and one above a limit passes
 * as several, for else a row of 200 MiB would need 200 MiB of heap per reader, in one piece. All
 * other messages pass unchanged.
 *
 * <p>A message of several rows holds whole rows only. The stream must stand between two messages
 * when this begins.
 */
final class CopyFrames extends InputStream {

  private static final int HEADER = 5;

  /** Beyond some thousand bytes a larger message saves nothing. */
  private static final int BUFFER = 64 << 10;

  private final InputStream in;
  private final int most;

  private final byte[] buffer = new byte[BUFFER];
  private int next;
  private int end;

  /** Kind and length of the message that is passed on now, and how much of it was. */
  private final byte[] header = new byte[HEADER];

  private int told = HEADER;

  /** Bytes of the message still to pass, and bytes of its original that come after it. */
  private long passing;

  private long rest;

  /** What lies behind the message in the buffer and was moved into it. */
  private int moved;

  /**
   * @param most largest body of a CopyData message, bytes, ≥ 1
   */
  CopyFrames(InputStream in, int most) {
    this.in = in;
    this.most = most;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (told < HEADER) {
        int n = Math.min(HEADER - told, length - done);
        System.arraycopy(header, told, to, offset + done, n);
        told += n;
        done += n;
      } else if (passing > 0) {
        int n = pass(to, offset + done, (int) Math.min(passing, length - done), done == 0);
        if (n <= 0) {
          return done > 0 ? done : n;
        }
        passing -= n;
        done += n;
      } else if (rest > 0) {
        cut();
      } else if (!message(done == 0)) {
        return done > 0 ? done : -1;
      }
    }
    return done;
  }

  /**
   * @param wait false: only what is here already
   * @return −1 at the end; 0 when nothing is here
   */
  private int pass(byte[] to, int offset, int length, boolean wait) throws IOException {
    if (next == end && wait && length >= buffer.length) {
      return in.read(to, offset, length);
    }
    if (next == end && !(wait && fill())) {
      return wait ? -1 : 0;
    }
    int n = Math.min(length, end - next);
    System.arraycopy(buffer, next, to, offset, n);
    next += n;
    return n;
  }

  /** Begins the next message; a timeout in here loses nothing that came. */
  private boolean message(boolean wait) throws IOException {
    next += moved;
    moved = 0;
    while (end - next < HEADER) {
      if (!(wait && fill())) {
        return false;
      }
    }
    byte kind = buffer[next];
    long body = bodyAt(next);
    if (kind != 'd') {
      begin(kind, body);
    } else if (body > most) {
      rest = body;
    } else {
      begin(kind, join((int) body));
    }
    next += HEADER;
    return true;
  }

  /**
   * Moves the bodies of the CopyData messages that are here behind the first one's.
   *
   * @param first bytes in the first, which may not be here yet
   * @return bytes in all
   */
  private int join(int first) {
    int joined = next + HEADER + first;
    int at = joined;
    while (end - at >= HEADER && buffer[at] == 'd') {
      long body = bodyAt(at);
      if (body > end - at - HEADER || body > most - (joined - next - HEADER)) {
        break;
      }
      System.arraycopy(buffer, at + HEADER, buffer, joined, (int) body);
      joined += (int) body;
      at += HEADER + (int) body;
    }
    moved = at - joined;
    return joined - next - HEADER;
  }

  private long bodyAt(int message) {
    int length =
        (buffer[message + 1] & 0xff) << 24
            | (buffer[message + 2] & 0xff) << 16
            | (buffer[message + 3] & 0xff) << 8
            | buffer[message + 4] & 0xff;
    return Integer.toUnsignedLong(length) - 4;
  }

  private void begin(byte kind, long body) {
    int length = (int) (body + 4);
    header[0] = kind;
    header[1] = (byte) (length >>> 24);
    header[2] = (byte) (length >>> 16);
    header[3] = (byte) (length >>> 8);
    header[4] = (byte) length;
    told = 0;
    passing = body;
  }

  private void cut() {
    long piece = Math.min(rest, most);
    rest -= piece;
    begin((byte) 'd', piece);
  }

  /** Reads more behind what is here. */
  private boolean fill() throws IOException {
    if (next > 0) {
      System.arraycopy(buffer, next, buffer, 0, end - next);
      end -= next;
      next = 0;
    }
    int n = in.read(buffer, end, buffer.length - end);
    end += Math.max(0, n);
    return n > 0;
  }

  @Override
  public int available() throws IOException {
    return HEADER - told + end - next - moved + in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
