package routes.web.bodies;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.springframework.stereotype.Component;
import routes.kernel.errors.HttpException;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.OverloadedException;
import routes.kernel.errors.TooLargeException;
import routes.web.operations.RawBody;
import routes.web.security.ApiProperties;

/**
 * How many bytes of request bodies are read or worked on at a time. A large body is held several
 * times over while it is parsed and stored, and as many requests as there are threads may come at
 * once: what does not fit is refused before it is read. Small bodies never count, so that look-ups
 * and sessions go on beside uploads.
 */
@Component
public class BodyBudget {

  /** Up to here a body does not count. */
  static final int SMALL = 64 << 10;

  private final long most;
  private final Duration longest;
  private final Counter refused;
  private long held;

  public BodyBudget(ApiProperties properties, MeterRegistry registry) {
    this.most = properties.bodies().toBytes();
    this.longest = properties.bodyTime();
    this.refused =
        Counter.builder("hub.api.bodies.refused")
            .description("Requests refused because the bodies at work were too many bytes already")
            .register(registry);
    Gauge.builder("hub.api.bodies", this, BodyBudget::held)
        .baseUnit("bytes")
        .description("Request bodies of more than 64 KiB that are read or worked on")
        .register(registry);
  }

  public synchronized long held() {
    return held;
  }

  private synchronized boolean take(long bytes) {
    if (held + bytes > most) {
      return false;
    }
    held += bytes;
    return true;
  }

  private synchronized void giveBack(long bytes) {
    held -= bytes;
  }

  /**
   * Of one request; nothing yet.
   *
   * @param mostBytes largest body; at most that of {@link RawBody}
   */
  public Share share(int mostBytes) {
    return new Share(mostBytes);
  }

  /** Of a client that sends a byte now and then, which a time-out between bytes does not see. */
  private static final class Timely extends FilterInputStream {
    private final long end;

    private Timely(InputStream in, long end) {
      super(in);
      this.end = end;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (System.nanoTime() - end > 0) {
        throw new HttpException(
            408, "Request timeout", "body: took too long to come", Map.of("field", "body"));
      }
      return super.read(into, offset, length);
    }
  }

  /** What one request holds. To be closed when nothing works on its body any more. */
  public final class Share implements AutoCloseable {

    private final int mostBytes;
    private long bytes;

    private Share(int mostBytes) {
      this.mostBytes = mostBytes;
    }

    /**
     * Makes room for a body of a declared length, before any of it is read.
     *
     * @param declared bytes, or -1 when nobody knows
     * @throws TooLargeException when it is larger than the operation takes
     * @throws OverloadedException when it does not fit now
     */
    public void admit(long declared) {
      if (declared > mostBytes) {
        throw new TooLargeException(mostBytes);
      }
      if (declared > SMALL) {
        reserve(declared);
      }
    }

    /**
     * Reads a body as a whole, after {@link #admit}.
     *
     * @param declared bytes, or -1 when nobody knows
     * @throws TooLargeException as soon as one byte too many is seen
     * @throws OverloadedException when it does not fit now, before more than {@value
     *     BodyBudget#SMALL} bytes of it are read
     * @throws InvalidInputException when it ends before its end
     * @throws HttpException 408 when it takes longer than {@code hub.api.body-time}
     */
    public byte[] read(long declared, InputStream in) {
      try {
        InputStream timely = new Timely(in, System.nanoTime() + longest.toNanos());
        return declared >= 0 ? timely.readNBytes((int) declared) : readChunks(timely);
      } catch (IOException e) {
        throw new InvalidInputException("body", "broke off before its end");
      }
    }

    /** Of a length that nobody knows: counted as the largest until it has come. */
    private byte[] readChunks(InputStream in) throws IOException {
      byte[] start = in.readNBytes(Math.min(SMALL, mostBytes) + 1);
      if (start.length <= Math.min(SMALL, mostBytes)) {
        return start;
      }
      reserve(mostBytes);
      byte[] rest = in.readNBytes(mostBytes - start.length + 1);
      if (start.length + rest.length > mostBytes) {
        throw new TooLargeException(mostBytes);
      }
      byte[] body = Arrays.copyOf(start, start.length + rest.length);
      System.arraycopy(rest, 0, body, start.length, rest.length);
      keep(body.length);
      return body;
    }

    public synchronized void reserve(long wanted) {
      if (!take(wanted)) {
        refused.increment();
        throw new OverloadedException(
            "the hub is at work on as many large bodies as it can hold; ask again in a while");
      }
      bytes += wanted;
    }

    synchronized boolean holds() {
      return bytes > 0;
    }

    private synchronized void keep(long needed) {
      giveBack(bytes - needed);
      bytes = needed;
    }

    /** Gives back what is held; a second time it is nothing. */
    @Override
    public synchronized void close() {
      giveBack(bytes);
      bytes = 0;
    }
  }
}
