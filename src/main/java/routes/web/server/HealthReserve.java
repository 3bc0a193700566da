package routes.web.server;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import routes.kernel.errors.Problem;
import routes.web.bodies.RefusedBodies;
import routes.web.errors.ProblemWriter;

/**
 * Keeps some of the server's threads for {@code /health}. Of the others half work, and half wait
 * for them; what comes beyond that, or waits too long, is answered 503. An orchestrator would else
 * take a busy hub for a dead one and restart it, and callers would wait for a thread without
 * knowing.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE) // within RefusedBodies, so that no refused body holds a thread
class HealthReserve implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  /** More than {@link RefusedBodies} may hold. */
  private static final int KEPT = 16;

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final int threads;
  private final ProblemWriter problems;

  HealthReserve(@Value("${server.tomcat.threads.max}") int threads, ProblemWriter problems) {
    if (threads < 3 * KEPT) {
      throw new IllegalArgumentException(
          "server.tomcat.threads.max (" + threads + ") must be at least " + 3 * KEPT);
    }
    this.threads = threads;
    this.problems = problems;
  }

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addEngineValves(new Valve());
  }

  private final class Valve extends ValveBase {

    private final Semaphore seats = new Semaphore(threads - KEPT);
    private final Semaphore room = new Semaphore(threads / 2, true);

    private Valve() {
      super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      if (request.getRequestURI().equals("/health")) {
        getNext().invoke(request, response);
      } else if (!seats.tryAcquire()) {
        refuse(response);
      } else {
        try {
          serve(request, response);
        } finally {
          seats.release(); // a stream that goes on holds no thread
        }
      }
    }

    private void serve(Request request, Response response) throws IOException, ServletException {
      if (!hasRoom()) {
        refuse(response);
        return;
      }
      try {
        getNext().invoke(request, response);
      } finally {
        room.release();
      }
    }

    private boolean hasRoom() {
      try {
        return room.tryAcquire() || room.tryAcquire(LONGEST_WAIT.toMillis(), MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    private void refuse(Response response) throws IOException {
      problems.write(
          response.getResponse(),
          Problem.of(503, "Busy", "as many requests are at work as the hub takes at a time"));
    }
  }
}
