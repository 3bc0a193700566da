package routes.messaging.deadletters;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import routes.kernel.errors.FailureLog;
import routes.kernel.errors.Failures;
import routes.kernel.errors.Problem;
import routes.telemetry.ExchangeOutcome;
import routes.telemetry.Spans;

/**
 * The one place that says what a failure means to a route. Nameless, so that it holds for every
 * route; no route declares its own {@code onException} (enforced by: {@code ArchitectureTest}).
 *
 * <ul>
 *   <li>An exchange that came over HTTP is answered with a problem document.
 *   <li>A message, one whose exchange carries a {@link DeadLetters#LETTER}, becomes a dead letter:
 *       failed in metrics and trace, and in the end of the run that it belongs to.
 *   <li>A run's exchange keeps its exception: the runner writes the run's end and decides on
 *       another attempt. Streams are never redelivered by Camel.
 * </ul>
 */
@Component
public class ErrorPolicy extends RouteConfigurationBuilder {

  /** Exchange property of a caller that looks at the failure and tells of it itself. */
  public static final String REPORTED = "reported";

  private static final Logger LOG = LoggerFactory.getLogger(ErrorPolicy.class);

  private final ObjectMapper json;
  private final ObjectProvider<DeadLetters> deadLetters;

  ErrorPolicy(ObjectMapper json, ObjectProvider<DeadLetters> deadLetters) {
    this.json = json;
    this.deadLetters = deadLetters;
  }

  @Override
  public void configuration() {
    routeConfiguration()
        .onException(Exception.class)
        .onWhen(exchange -> exchange.getProperty(Problem.ANSWERED) != null)
        .handled(true)
        .process(this::answer)
        .end()
        .onException(Exception.class)
        .onWhen(exchange -> exchange.getProperty(DeadLetters.LETTER) != null)
        .handled(true)
        .logExhausted(false)
        .process(this::bury)
        .end()
        .onException(Exception.class)
        .onWhen(exchange -> exchange.getProperty(REPORTED) != null)
        .handled(false)
        .logExhausted(false)
        .end()
        .onException(Exception.class)
        .handled(false);
  }

  /** The message is kept; the route goes on to the next one. When it cannot be kept, it failed. */
  private void bury(Exchange exchange) {
    Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    DeadLetters.Letter letter = exchange.getProperty(DeadLetters.LETTER, DeadLetters.Letter.class);
    LOG.warn("message {} of {} failed permanently", letter.messageId(), letter.port(), failure);
    leaveLetter(exchange, letter, failure);
    if (exchange.isTransacted()) {
      // Handled would commit what the message did before it failed.
      exchange.setRollbackOnlyLast(true);
    }
  }

  /**
   * Makes a dead letter of what an exchange carries: it, and all that it is a part of, has failed.
   * For a step that has found something wrong, which is no exception to it.
   */
  public void leaveLetter(Exchange exchange, DeadLetters.Letter letter, Exception failure) {
    deadLetters.getObject().record(letter, failure);
    ExchangeOutcome.leftLetter(exchange, failure);
    AtomicInteger left = exchange.getProperty(DeadLetters.LEFT, AtomicInteger.class);
    if (left != null) {
      left.incrementAndGet();
    }
  }

  private void answer(Exchange exchange) throws Exception {
    Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    Problem problem = Failures.toProblem(failure).withTraceId(traceId(exchange));
    FailureLog.write(LOG, problem, failure);
    if (problem.status() >= 500) {
      ExchangeOutcome.failed(exchange, failure);
    } else {
      ExchangeOutcome.refused(exchange);
    }
    var message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, problem.status());
    message.setHeader(Exchange.CONTENT_TYPE, Problem.MEDIA_TYPE);
    if (problem.status() == 503) {
      message.setHeader("Retry-After", Problem.RETRY_AFTER_SECONDS);
    }
    message.setBody(json.writeValueAsBytes(problem));
  }

  private static String traceId(Exchange exchange) {
    String known = exchange.getProperty(Problem.TRACE_ID, String.class);
    return known == null ? Spans.currentTraceId() : known;
  }
}
