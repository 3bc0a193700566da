package routes.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class RateLimiterTest {

  private static final double SECOND = 1e9;

  /** One taking: a pause before it, and its size. */
  private record Taking(long pauseNanos, int bytes) {}

  @Property(tries = 1000)
  void neverMoreThanOneSecondAheadAndNeverSlowerThanAsked(
      @ForAll @LongRange(min = 1, max = 1L << 30) long rate,
      @ForAll @Size(min = 1, max = 50) List<@IntRange(min = 0, max = 1 << 24) Integer> sizes,
      @ForAll @LongRange(min = 0, max = 3_000_000_000L) long longestPause)
      throws InterruptedException {
    AtomicLong now = new AtomicLong(-5);
    AtomicLong waited = new AtomicLong();
    RateLimiter limit =
        new RateLimiter(
            rate,
            now::get,
            nanos -> {
              now.addAndGet(nanos);
              waited.addAndGet(nanos);
            });
    long began = now.get();
    double sent = 0;
    int turn = 0;
    for (int bytes : sizes) {
      Taking taking = new Taking(longestPause * (turn++ % 3) / 2, bytes);
      now.addAndGet(taking.pauseNanos());
      limit.take(taking.bytes());
      sent += taking.bytes();
      double allowed = rate + (now.get() - began) / SECOND * rate;
      // A nanosecond's worth is lost to rounding with each wait.
      assertThat(sent).isLessThanOrEqualTo(allowed + turn * (rate / SECOND + 1));
    }
    // All that was waited for was owed: without pauses it takes no longer than the bytes need.
    assertThat((double) waited.get()).isLessThanOrEqualTo(sent / rate * SECOND + turn);
  }

  @Example
  void noLimitWaitsForNothing() throws InterruptedException {
    RateLimiter.NONE.take(Long.MAX_VALUE);
    assertThat(RateLimiter.of(0)).isSameAs(RateLimiter.NONE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RateLimiter(-1, () -> 0, nanos -> {}));
  }
}
