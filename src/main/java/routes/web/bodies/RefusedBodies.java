package routes.web.bodies;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Ends connections whose request was answered before its body had come, such as one without a key.
 * Tomcat by itself reads such a body to its end, on a thread of the API and for as long as the
 * client likes: a few hundred connections with a byte now and then would silence the hub.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class RefusedBodies implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  /** A client that is sending sees its answer only when it may finish; so long it is read on. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();

  /** Threads that read on at a time; the other connections are cut at once. */
  private static final int READING_ON = 8;

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addEngineValves(new Valve());
  }

  private static final class Valve extends ValveBase {

    private final Semaphore readers = new Semaphore(READING_ON);

    private Valve() {
      super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      getNext().invoke(request, response);
      if (request.isAsync() || request.getContentLengthLong() == 0 || isRead(request)) {
        return;
      }
      try {
        response.flushBuffer();
        if (readers.tryAcquire()) {
          try {
            readOn(request);
          } finally {
            readers.release();
          }
        }
      } finally {
        if (!isRead(request)) {
          request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
      }
    }

    private static boolean isRead(Request request) {
      AtomicBoolean read = new AtomicBoolean();
      request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, read);
      return read.get();
    }

    /** What has come, without waiting for what has not. */
    private static void readOn(Request request) throws IOException {
      byte[] buffer = new byte[8 << 10];
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < end && !isRead(request)) {
        request.getCoyoteRequest().action(ActionCode.AVAILABLE, Boolean.TRUE);
        if (request.getCoyoteRequest().getAvailable() > 0 || request.getStream().available() > 0) {
          if (request.getStream().read(buffer) < 0) {
            return;
          }
        } else {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }
}
