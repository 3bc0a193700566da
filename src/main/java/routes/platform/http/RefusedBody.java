package routes.platform.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The rest of a body that is refused. A client that is still sending when the connection closes
 * sees a broken connection in place of the answer, so once that is sent, up to {@value #MOST_BYTES}
 * bytes are read to nowhere. Tomcat does that itself, but not for requests that are served
 * asynchronously, as Camel's are.
 */
@Component
class RefusedBody extends OncePerRequestFilter {

  /** Twice the largest body of any operation; who sends more may see no answer. */
  static final long MOST_BYTES = 2L * RawBody.MOST_BYTES;

  private static final long LONGEST = Duration.ofSeconds(2).toNanos();
  private static final String REFUSED = RefusedBody.class.getName();

  /** To be said by who refuses a request before it has read the body. */
  static void refuse(HttpServletRequest request) {
    request.setAttribute(REFUSED, true);
  }

  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    chain.doFilter(request, response);
    if (request.getAttribute(REFUSED) != null && isAsyncDispatch(request)) {
      request.removeAttribute(REFUSED);
      swallow(request, response);
    }
  }

  private static void swallow(HttpServletRequest request, HttpServletResponse response) {
    byte[] nowhere = new byte[16 << 10];
    long until = System.nanoTime() + LONGEST;
    long left = MOST_BYTES;
    try {
      // First the whole answer: the client may wait for it before it sends anything.
      response.getOutputStream().close();
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
