package routes.backup.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

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
    Set<Integer> ends = new TreeSet<>();
    for (int length : lengths) {
      boolean copy = random.nextBoolean();
      byte[] body = new byte[length];
      random.nextBytes(body);
      DataOutputStream out = new DataOutputStream(sent);
      out.writeByte(copy ? 'd' : 'D');
      out.writeInt(length + 4);
      out.write(body);
      (copy ? copied : others).writeBytes(body);
      ends.add(copied.size());
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
          // Rows are cut only above the limit: a message ends where one of the server's ended.
          ends.removeIf(end -> end < copiedOut.size());
          boolean whole = copiedOut.size() == 0 || ends.contains(copiedOut.size());
          assertThat(whole || body.length == MOST).isTrue();
        }
      }
    } catch (EOFException end) {
      assertThat(copiedOut.toByteArray()).isEqualTo(copied.toByteArray());
      assertThat(othersOut.toByteArray()).isEqualTo(others.toByteArray());
    }
  }

  @Test
  void rowsThatAreHereComeInOneMessage() throws IOException {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(sent);
    for (String message : List.of("d1\n", "d22\n", "Hno row", "d4\n", "d5")) {
      out.writeByte(message.charAt(0));
      out.writeInt(message.length() + 3);
      out.writeBytes(message.substring(1));
    }
    CopyFrames frames = new CopyFrames(new ByteArrayInputStream(sent.toByteArray()), MOST);

    DataInputStream in = new DataInputStream(frames);
    List<String> seen = new ArrayList<>();
    while (in.available() > 0) {
      char kind = (char) in.readByte();
      seen.add(kind + new String(in.readNBytes(in.readInt() - 4), StandardCharsets.US_ASCII));
    }

    assertThat(seen).containsExactly("d1\n22\n", "Hno row", "d4\n5");
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
