package routes.kernel.errors;

import org.slf4j.Logger;

/** What the log says of requests that failed. */
public final class FailureLog {

  private FailureLog() {}

  /**
   * A failure of the hub's own with its stack, an expected refusal in one line; nothing of the
   * caller's mistakes, and nothing of what is told elsewhere: that Redis is away by its gate, that
   * the hub has too much to do by a counter.
   *
   * @param problem as the failure was answered
   */
  public static void write(Logger log, Problem problem, Throwable failure) {
    if (problem.status() < 500
        || Failures.find(failure, RedisUnavailableException.class) != null
        || Failures.find(failure, OverloadedException.class) != null) {
      return;
    }
    if (problem.status() == 503) {
      log.warn("request answered 503: {}", Failures.describe(failure));
    } else {
      log.error("request failed", failure);
    }
  }
}
