package routes.backup.postgres;

import java.io.IOException;
import java.io.InputStream;

/**
 * What a server sends, with every CopyData message above a limit cut into several. The driver hands
 * out one array per message, and a message is a row: without this, a row of 200 MiB would need 200
 * MiB of heap per reader, in one piece. All other messages pass unchanged.
 *
 * <p>The stream must stand between two messages when this begins.
 */
final class CopyFrames extends InputStream {

  private static final int HEADER = 5;

  private final InputStream in;
  private final int most;

  private final byte[] buffer = new byte[64 << 10];
  private int next;
  private int end;

  /** Kind and length of the message that is passed on now; whole when {@code known} is 5. */
  private final byte[] header = new byte[HEADER];

  private int known;
  private int told = HEADER;

  /** Bytes of the message still to pass, and bytes of its original that come after it. */
  private long passing;

  private long rest;

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

  /** Reads the next header; what came of it is kept when a timeout cuts in. */
  private boolean message(boolean wait) throws IOException {
    while (known < HEADER) {
      if (next == end && !(wait && fill())) {
        return false;
      }
      header[known++] = buffer[next++];
    }
    known = 0;
    long body = (Integer.toUnsignedLong(length())) - 4;
    if (header[0] == 'd' && body > most) {
      rest = body;
    } else {
      passing = body;
      told = 0;
    }
    return true;
  }

  private int length() {
    return (header[1] & 0xff) << 24
        | (header[2] & 0xff) << 16
        | (header[3] & 0xff) << 8
        | header[4] & 0xff;
  }

  private void cut() {
    passing = Math.min(rest, most);
    rest -= passing;
    int length = (int) passing + 4;
    header[0] = 'd';
    header[1] = (byte) (length >>> 24);
    header[2] = (byte) (length >>> 16);
    header[3] = (byte) (length >>> 8);
    header[4] = (byte) length;
    told = 0;
  }

  private boolean fill() throws IOException {
    int n = in.read(buffer, 0, buffer.length);
    next = 0;
    end = Math.max(0, n);
    return n > 0;
  }

  @Override
  public int available() throws IOException {
    return HEADER - told + end - next + in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
