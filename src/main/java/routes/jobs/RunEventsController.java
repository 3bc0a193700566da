package routes.jobs;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import routes.platform.error.InvalidInputException;
import routes.platform.http.ApiIngress;
import routes.platform.http.ApiRequest;
import routes.platform.http.EventStream;

/**
 * {@code GET /api/runs/{id}/events}, the operation that Camel cannot serve, since it gathers a
 * whole answer first. Its contract stands in {@code camel/rest.camel.yaml} like any other's.
 */
@RestController
class RunEventsController {

  private final ApiIngress ingress;
  private final Runs runs;
  private final RunStreams streams;

  RunEventsController(ApiIngress ingress, Runs runs, RunStreams streams) {
    this.ingress = ingress;
    this.runs = runs;
    this.streams = streams;
  }

  @GetMapping("/api/runs/{id}/events")
  void events(HttpServletRequest request, HttpServletResponse response)
      throws IOException, HttpRequestMethodNotSupportedException {
    if (!request.getMethod().equals("GET")) {
      throw new HttpRequestMethodNotSupportedException(request.getMethod());
    }
    ApiRequest asked = ingress.read(request);
    UUID run = runs.get(asked.pathUuid("id")).id();
    streams.open(
        run,
        lastSeen(ingress.header(request, "Last-Event-ID"), asked),
        onClosed -> EventStream.open(request, response, onClosed));
  }

  /** The header is a browser's own; a client that reconnects by hand may use the parameter. */
  private static long lastSeen(String header, ApiRequest asked) {
    if (header == null) {
      return asked.queryNumber("after", 0, Long.MAX_VALUE, 0);
    }
    try {
      long seen = Long.parseLong(header);
      if (seen >= 0) {
        return seen;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new InvalidInputException("Last-Event-ID", "must be the id of an event of this stream");
  }
}
