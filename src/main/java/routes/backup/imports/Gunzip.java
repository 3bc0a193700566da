package routes.backup.imports;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads gzip (RFC 1952), one member or several, to the last byte of its last trailer. Java's own
 * takes what follows a member for its end when that is no whole header, and so gives half of a file
 * for all of it.
 */
final class Gunzip extends InputStream {

  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final PushbackInputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] packed = new byte[64 << 10];
  private int filled;
  private boolean ended;

  Gunzip(InputStream in) throws IOException {
    this.in = new PushbackInputStream(in, packed.length);
    header();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (!ended) {
      int count = inflate(target, offset, length);
      if (count > 0) {
        crc.update(target, offset, count);
        return count;
      }
      if (inflater.finished()) {
        endMember();
      } else if (inflater.needsDictionary()) {
        throw new RefusedException("is damaged: it needs a dictionary");
      } else {
        filled = in.read(packed);
        if (filled < 0) {
          throw truncated();
        }
        inflater.setInput(packed, 0, filled);
      }
    }
    return -1;
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      return inflater.inflate(target, offset, length);
    } catch (DataFormatException e) {
      throw new RefusedException("is damaged: " + e.getMessage(), e);
    }
  }

  private void endMember() throws IOException {
    int left = inflater.getRemaining();
    in.unread(packed, filled - left, left);
    long sum = number();
    long size = number();
    if (sum != crc.getValue() || size != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw new RefusedException("is damaged: its checksum is wrong");
    }
    inflater.reset();
    crc.reset();
    int next = in.read();
    if (next < 0) {
      ended = true;
    } else {
      in.unread(next);
      header();
    }
  }

  private void header() throws IOException {
    if (one() != 0x1f || one() != 0x8b || one() != 8) {
      throw new RefusedException("is damaged: something else follows what is compressed");
    }
    int flags = one();
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(one() | one() << 8);
    }
    for (int text : new int[] {NAME, COMMENT}) {
      while ((flags & text) != 0 && one() != 0) {
        continue; // to its NUL
      }
    }
    skip((flags & HEADER_CRC) != 0 ? 2 : 0);
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      one();
    }
  }

  private long number() throws IOException {
    return one() | (long) one() << 8 | (long) one() << 16 | (long) one() << 24;
  }

  private int one() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw truncated();
    }
    return b;
  }

  private static RefusedException truncated() {
    return new RefusedException("is cut off: the compressed data does not end");
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
