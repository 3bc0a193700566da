package routes.web.errors;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import routes.kernel.errors.Problem;
import routes.telemetry.Spans;

/** Writes problems where no route is: filters, Spring MVC, error pages. */
@Component
public class ProblemWriter {

  private final ObjectMapper json;

  ProblemWriter(ObjectMapper json) {
    this.json = json;
  }

  /** Answers with a problem and the trace id of this thread; nothing when an answer has begun. */
  public void write(HttpServletResponse response, Problem problem) throws IOException {
    if (response.isCommitted()) {
      return;
    }
    response.resetBuffer();
    byte[] body = json.writeValueAsBytes(problem.withTraceId(Spans.currentTraceId()));
    response.setStatus(problem.status());
    response.setContentType(Problem.MEDIA_TYPE);
    response.setContentLength(body.length);
    if (problem.status() == 503) {
      response.setHeader(HttpHeaders.RETRY_AFTER, Problem.RETRY_AFTER_SECONDS);
    }
    response.getOutputStream().write(body);
    response.flushBuffer();
  }
}
