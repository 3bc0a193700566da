package routes.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * The rest of a body that is refused. A client that is still sending when the connection closes
 * sees a broken connection in place of the answer, so up to {@value #MOST_BYTES} bytes are read to
 * nowhere first. Tomcat does that itself, but not for requests that are served asynchronously, as
 * Camel's are.
 */
final class RefusedBody {

  /** Twice the largest body of any operation; who sends more may see no answer. */
  static final long MOST_BYTES = 2L * RawBody.MOST_BYTES;

  private static final long LONGEST = Duration.ofSeconds(2).toNanos();

  private RefusedBody() {}

  /** Reads what is left; a client that went away meanwhile is no error. */
  static void swallow(HttpServletRequest request) {
    if (request.getContentLengthLong() > MOST_BYTES) {
      return;
    }
    byte[] nowhere = new byte[16 << 10];
    long until = System.nanoTime() + LONGEST;
    long left = MOST_BYTES;
    try {
      InputStream body = request.getInputStream();
      int count = 0;
      while (count >= 0 && left > 0 && System.nanoTime() < until) {
        count = body.read(nowhere);
        left -= count;
      }
    } catch (IOException e) {
      // It wants no answer any more.
    }
  }
}
