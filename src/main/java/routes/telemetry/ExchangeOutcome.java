package routes.telemetry;

import org.apache.camel.Exchange;

/**
 * How an exchange ended, for metrics and traces. Camel calls an exchange whose failure was handled
 * a success, whether it was answered with a problem or became a dead letter; who handles a failure
 * says here what it was.
 */
public final class ExchangeOutcome {

  private static final String REFUSED = "hub.refused";
  private static final String FAILURE = "hub.failure";
  private static final String WORK = "hub.work";

  /** So that a route that hands a message on to itself for ever keeps no chain of all of them. */
  private static final int DEEPEST = 16;

  /** An exchange and the one that it is a part of, as one message of a split is. */
  private record Work(Exchange exchange, Work whole, int depth) {}

  private ExchangeOutcome() {}

  /** The caller's mistake, and told so: neither a success nor a failure of ours. */
  public static void refused(Exchange exchange) {
    exchange.setProperty(REFUSED, true);
  }

  /** Failed, although the exchange goes on without its exception. */
  public static void failed(Exchange exchange, Throwable failure) {
    exchange.setProperty(FAILURE, failure);
  }

  /** Called as an exchange enters a route. A part has the properties of its whole, by a copy. */
  static void begun(Exchange exchange) {
    Work whole = exchange.getProperty(WORK, Work.class);
    if (whole == null || whole.depth() == DEEPEST) {
      exchange.setProperty(WORK, new Work(exchange, null, 0));
    } else if (whole.exchange() != exchange) {
      exchange.setProperty(WORK, new Work(exchange, whole, whole.depth() + 1));
    }
  }

  /** It became a dead letter: it failed, and so did everything that it is a part of. */
  public static void leftLetter(Exchange exchange, Throwable failure) {
    failed(exchange, failure);
    for (Work work = exchange.getProperty(WORK, Work.class); work != null; work = work.whole()) {
      failed(work.exchange(), failure);
    }
  }

  /** What made it fail, handled or not; null when it did not. */
  static Throwable failure(Exchange exchange) {
    return exchange.getException() != null
        ? exchange.getException()
        : exchange.getProperty(FAILURE, Throwable.class);
  }

  /** {@code succeeded}, {@code refused} or {@code failed}. */
  public static String of(Exchange exchange) {
    if (failure(exchange) != null || exchange.isFailed()) {
      return "failed";
    }
    return exchange.getProperty(REFUSED) == null ? "succeeded" : "refused";
  }
}
