package routes.backup.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Messages of a server, large ones of COPY in pieces. */
class CopyFramesTest {

  private static final int MOST = 50;

  @Property(tries = 500)
  void contentStaysAndOnlyLargeCopyDataIsCut(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 400) Integer> lengths,
      @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    ByteArrayOutputStream copied = new ByteArrayOutputStream();
    ByteArrayOutputStream others = new ByteArrayOutputStream();
    for (int length : lengths) {
      boolean copy = random.nextBoolean();
      byte[] body = new byte[length];
      random.nextBytes(body);
      DataOutputStream out = new DataOutputStream(sent);
      out.writeByte(copy ? 'd' : 'D');
      out.writeInt(length + 4);
      out.write(body);
      (copy ? copied : others).writeBytes(body);
    }

    ByteArrayOutputStream copiedOut = new ByteArrayOutputStream();
    ByteArrayOutputStream othersOut = new ByteArrayOutputStream();
    DataInputStream in = new DataInputStream(patient(new Halting(sent.toByteArray(), random)));
    try {
      while (true) {
        int kind = in.readByte();
        byte[] body = new byte[in.readInt() - 4];
        in.readFully(body);
        (kind == 'd' ? copiedOut : othersOut).writeBytes(body);
        if (kind == 'd') {
          assertThat(body.length).isLessThanOrEqualTo(MOST);
        }
      }
    } catch (EOFException end) {
      assertThat(copiedOut.toByteArray()).isEqualTo(copied.toByteArray());
      assertThat(othersOut.toByteArray()).isEqualTo(others.toByteArray());
    }
  }

  /** Asks again after a timeout, as the driver does when it only looked whether something came. */
  private static InputStream patient(InputStream from) {
    CopyFrames frames = new CopyFrames(from, MOST);
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] to, int offset, int length) throws IOException {
        while (true) {
          try {
            return frames.read(to, offset, length);
          } catch (SocketTimeoutException e) {
            continue;
          }
        }
      }
    };
  }

  /** Gives a few bytes at a time, and nothing at all now and then. */
  private static final class Halting extends InputStream {
    private final ByteArrayInputStream all;
    private final Random random;

    Halting(byte[] all, Random random) {
      this.all = new ByteArrayInputStream(all);
      this.random = random;
    }

    @Override
    public int read() {
      return all.read();
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (random.nextInt(4) == 0) {
        throw new SocketTimeoutException("nothing yet");
      }
      return all.read(to, offset, Math.min(length, 1 + random.nextInt(9)));
    }
  }
}
