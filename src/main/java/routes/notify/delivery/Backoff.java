package routes.notify.delivery;

import java.time.Duration;
import routes.notify.rules.NotifyProperties;

/** How long to wait after a failed attempt. Pure. */
public final class Backoff {

  private Backoff() {}

  /**
   * Grows by a factor with each attempt up to a longest, and is spread over its second half, so
   * that what failed together does not come back together.
   *
   * @param attempt that failed, 1 or more
   * @param asked what the target asked for; null: nothing. Taken when it is more, up to the longest
   * @param chance uniform in [0, 1)
   */
  public static Duration wait(
      NotifyProperties.Retry retry, int attempt, Duration asked, double chance) {
    double longest = retry.longest().toMillis();
    double whole =
        Math.min(longest, retry.first().toMillis() * Math.pow(retry.factor(), attempt - 1.0));
    double spread = whole / 2 + chance * whole / 2;
    double wanted = asked == null ? 0 : Math.min(longest, asked.toMillis());
    return Duration.ofMillis((long) Math.max(spread, wanted));
  }
}
