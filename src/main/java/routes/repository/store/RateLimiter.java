package routes.repository.store;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets so many bytes a second through, over all threads that ask: a token bucket that holds a
 * second of them. Whoever takes more than there is goes into debt and waits until it is paid, so
 * that a large piece needs no large bucket, and no byte is let through twice as fast by waiting
 * first.
 */
public final class RateLimiter {

  /** Lets everything through. */
  public static final RateLimiter NONE = new RateLimiter(0, () -> 0, nanos -> {});

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long bytesPerSecond;
  private final LongSupplier nanoClock;
  private final Sleep sleep;

  private double tokens;
  private long at;

  /** Waits; throws when the waiting thread is interrupted. */
  public interface Sleep {
    void nanos(long nanos) throws InterruptedException;
  }

  /**
   * @param bytesPerSecond ≥ 1; 0: no limit
   * @param nanoClock such as {@code System::nanoTime}
   */
  public RateLimiter(long bytesPerSecond, LongSupplier nanoClock, Sleep sleep) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("a rate is ≥ 1 byte a second, or 0 for none");
    }
    this.bytesPerSecond = bytesPerSecond;
    this.nanoClock = nanoClock;
    this.sleep = sleep;
    this.tokens = bytesPerSecond;
    this.at = nanoClock.getAsLong();
  }

  /** Of the machine's time; threads wait by parking, and end when they are interrupted. */
  public static RateLimiter of(long bytesPerSecond) {
    return bytesPerSecond == 0
        ? NONE
        : new RateLimiter(bytesPerSecond, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  /**
   * Takes bytes, then waits as long as they were too many.
   *
   * @throws InterruptedException when the thread was interrupted; the bytes are taken all the same
   */
  public void take(long bytes) throws InterruptedException {
    long wait = bytesPerSecond == 0 ? 0 : owed(bytes);
    if (wait > 0) {
      sleep.nanos(wait);
    }
  }

  /** Nanoseconds until the bytes are paid for. */
  private synchronized long owed(long bytes) {
    long now = nanoClock.getAsLong();
    tokens = Math.min(bytesPerSecond, tokens + (double) (now - at) / SECOND * bytesPerSecond);
    at = now;
    tokens -= bytes;
    return tokens >= 0 ? 0 : (long) (-tokens / bytesPerSecond * SECOND);
  }
}
