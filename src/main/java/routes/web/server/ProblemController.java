package routes.web.server;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.servlet.HandlerMapping;
import routes.kernel.errors.FailureLog;
import routes.kernel.errors.Failures;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.Problem;
import routes.web.errors.ProblemWriter;
import routes.web.operations.ApiJson;
import routes.web.operations.InvalidInputs;

/**
 * Failures that no route saw: paths that do not exist, methods that are not served, what Tomcat and
 * Spring refuse by themselves.
 */
@RestController
@RestControllerAdvice
record ProblemController(ProblemWriter problems) implements ErrorController {

  private static final Logger LOG = LoggerFactory.getLogger(ProblemController.class);
  private static final String NO_SUCH_PATH = "nothing is served here; see GET /api/openapi.json";

  @ExceptionHandler
  void failed(Exception failure, HttpServletRequest request, HttpServletResponse response)
      throws Exception {
    if (response.isCommitted()) {
      throw failure; // what was begun must not end well: the server cuts the connection
    }
    problems.write(response, problem(failure, request, response));
  }

  private static Problem problem(
      Exception failure, HttpServletRequest request, HttpServletResponse response) {
    if (failure instanceof TaskRejectedException
        || failure instanceof AsyncRequestTimeoutException) {
      return Problem.of(503, "Unavailable", "the hub has too much to do; ask again in a while");
    }
    if (failure instanceof HttpRequestMethodNotSupportedException
        && "/**".equals(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE))) {
      // Spring's handler of static files answers for every path, but only to GET.
      return Problem.of(404, "Not found", NO_SUCH_PATH);
    }
    if (failure instanceof HttpMediaTypeNotSupportedException) {
      return Problem.of(ApiJson.notJson());
    }
    InvalidInputException wrong = InvalidInputs.of(failure);
    if (wrong != null) {
      return Problem.of(wrong);
    }
    if (failure instanceof ErrorResponse known) {
      known.getHeaders().forEach((name, all) -> all.forEach(one -> response.addHeader(name, one)));
      int status = known.getStatusCode().value();
      return Problem.of(status, title(status), status == 404 ? NO_SUCH_PATH : failure.getMessage());
    }
    Problem problem = Failures.toProblem(failure);
    FailureLog.write(LOG, problem, failure);
    return problem;
  }

  @RequestMapping("${server.error.path:/error}")
  void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    // Asked for by a client, it is a path like any other that does not exist.
    int status = code instanceof Integer known ? known : 404;
    problems.write(
        response,
        Problem.of(
            status,
            title(status),
            status == 404
                ? NO_SUCH_PATH
                : status >= 500
                    ? "the hub failed; its log has the trace id"
                    : "the request cannot be taken as it is"));
  }

  private static String title(int status) {
    HttpStatus known = HttpStatus.resolve(status);
    return known == null ? "Error" : known.getReasonPhrase();
  }
}
