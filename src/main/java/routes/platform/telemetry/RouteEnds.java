package routes.platform.telemetry;

import org.apache.camel.Exchange;

/**
 * How an exchange ended, for metrics and traces. Camel calls an exchange whose failure was handled
 * a success, whether it was answered with a problem or became a dead letter; who handles a failure
 * says here what it was.
 */
public final class RouteEnds {

  private static final String REFUSED = "hub.refused";
  private static final String FAILURE = "hub.failure";

  private RouteEnds() {}

  /** The caller's mistake, and told so: neither a success nor a failure of ours. */
  public static void refused(Exchange exchange) {
    exchange.setProperty(REFUSED, true);
  }

  /** Failed, although the exchange goes on without its exception. */
  public static void failed(Exchange exchange, Throwable failure) {
    exchange.setProperty(FAILURE, failure);
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
