package routes.stores.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.stereotype.Component;
import routes.kernel.DaemonThreads;
import routes.kernel.errors.Failures;
import routes.kernel.errors.RedisUnavailableException;

/**
 * Stands before the Redis of requests. Open, commands pass; the first one that finds no connection
 * shuts it, and from then on every call fails at once until a look in the background finds Redis
 * well again. A command that is only late has Redis looked at, at once: a hub that is short of
 * processor is not to take that for Redis being away, and who comes meanwhile waits no longer than
 * the late one did.
 *
 * <p>Only that look ever connects: Spring connects in its caller's thread and under a lock, so that
 * of N requests to a server that drops packets the last would wait N connect timeouts. For the same
 * reason no circuit breaker does: its trial is somebody's request. Enforced by: {@code
 * RedisGateTest}.
 */
@Component
public class RedisGate implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(RedisGate.class);

  /** How often Redis is looked at while it is well, and while it is not, in ms. */
  private static final long CALM = 1_000;

  private static final long ANXIOUS = 250;

  /**
   * Looks in vain on one connection before it is given up for another: the server's machine may be
   * gone without a word, and Lettuce's own next attempt half a minute away.
   */
  private static final int PATIENCE = 4;

  /** What a server says that answers, and yet cannot serve anybody now. */
  private static final Set<String> UNABLE =
      Set.of("LOADING", "MASTERDOWN", "NOAUTH", "WRONGPASS", "BUSY", "CLUSTERDOWN");

  /** … that cannot take a write now: what is read may still be answered. */
  private static final Set<String> NO_WRITES =
      Set.of("OOM", "MISCONF", "READONLY", "NOREPLICAS", "NOPERM");

  private final LettuceConnectionFactory factory;
  private final Counter refused;
  private final Thread looks;
  private volatile boolean open;

  /** Redis' clock at the last look, as it lies ahead of this process' {@code nanoTime}, in µs. */
  private volatile long ahead;

  private volatile boolean ended;
  private boolean doubted;

  RedisGate(LettuceConnectionFactory factory, MeterRegistry registry) {
    this.factory = factory;
    this.refused =
        Counter.builder("hub.redis.refused")
            .description("Calls that failed at once because Redis was known to be away")
            .register(registry);
    Gauge.builder("hub.redis.open", this, gate -> gate.open ? 1 : 0)
        .description(
            "1 while requests may use Redis, 0 while they are refused because it is unavailable")
        .register(registry);
    this.looks = DaemonThreads.named("redis-gate").newThread(this::look);
    looks.start();
  }

  /** Whether a call would be tried. */
  public boolean isOpen() {
    return open;
  }

  /**
   * Until when a command that is sent now may do its work, in milliseconds since 1970 by Redis'
   * clock. Its caller is told by then that Redis does not answer, while the command may still lie
   * there: what it wrote later would be there against what was said.
   */
  public long deadline() {
    return (ahead + System.nanoTime() / 1_000) / 1_000 + factory.getTimeout();
  }

  /**
   * Does the work, or says at once that it cannot be done.
   *
   * @throws RedisUnavailableException when Redis does not answer, or takes no command now
   */
  public <T> T call(Supplier<T> work) {
    if (!open) {
      refused.increment();
      throw new RedisUnavailableException("Redis does not answer", null);
    }
    try {
      return work.get();
    } catch (RuntimeException e) {
      throw judged(e);
    }
  }

  private RuntimeException judged(RuntimeException failure) {
    if (failure instanceof RedisUnavailableException) {
      return failure;
    }
    RedisCommandExecutionException said =
        Failures.find(failure, RedisCommandExecutionException.class);
    if (said != null) {
      String word = String.valueOf(said.getMessage()).split(" ", 2)[0];
      if (NO_WRITES.contains(word)) {
        return new RedisUnavailableException("Redis takes no writes: " + word, failure);
      }
      if (!UNABLE.contains(word)) {
        return failure; // ours: a wrong type, a wrong script
      }
    } else if (Failures.find(failure, RedisCommandInterruptedException.class) != null
        || Failures.find(failure, RedisException.class) == null
            && !(failure instanceof RedisConnectionFailureException)
            && !(failure instanceof QueryTimeoutException)) {
      return failure;
    }
    if (failure instanceof QueryTimeoutException) {
      doubt();
    } else {
      shut(failure);
    }
    return new RedisUnavailableException("Redis does not answer", failure);
  }

  private synchronized void doubt() {
    doubted = true;
    notifyAll();
  }

  private synchronized void shut(RuntimeException why) {
    if (open) {
      open = false;
      LOG.warn("Redis is unavailable: {}", Failures.root(why).getMessage());
    }
    doubt();
  }

  private void look() {
    int vain = 0;
    while (!ended) {
      try (RedisConnection connection = factory.getConnection()) {
        long asked = System.nanoTime() / 1_000;
        long time = connection.serverCommands().time(TimeUnit.MICROSECONDS);
        ahead = ahead(ahead, time - System.nanoTime() / 1_000, time - asked);
        opened();
        vain = 0;
      } catch (RuntimeException e) {
        shutByLook(e);
        vain++;
        if (vain % PATIENCE == 0) {
          anew();
        }
      }
      rest();
    }
  }

  /**
   * The clock was read somewhere between the question and the answer, which a busy machine may pull
   * far apart. What was known and may still be so is kept; else the least that may be: a deadline
   * must never be later than its caller is told, rather too early.
   *
   * @param known the last estimate, µs
   * @param least how far ahead Redis' clock is at least, µs
   * @param most how far at most, µs
   */
  static long ahead(long known, long least, long most) {
    return least <= known && known <= most ? known : least;
  }

  private synchronized void opened() {
    doubted = false;
    if (!open && !ended) {
      open = true;
      LOG.info("Redis answers");
    }
  }

  private synchronized void shutByLook(RuntimeException why) {
    if (!ended) {
      shut(why);
    }
    // A look has just been taken: the next one may wait its time.
    doubted = false;
  }

  /** Nobody else uses the connection while the gate is shut. */
  private void anew() {
    try {
      factory.resetConnection();
    } catch (RuntimeException e) {
      LOG.debug("the connection to Redis could not be closed", e);
    }
  }

  private synchronized void rest() {
    long until = System.nanoTime() + Duration.ofMillis(open ? CALM : ANXIOUS).toNanos();
    try {
      for (long left = until - System.nanoTime();
          left > 0 && !doubted && !ended;
          left = until - System.nanoTime()) {
        wait(Math.max(1, Duration.ofNanos(left).toMillis()));
      }
    } catch (InterruptedException e) {
      ended = true;
    }
  }

  @Override
  public void destroy() {
    synchronized (this) {
      ended = true;
      open = false;
      notifyAll();
    }
    try {
      looks.join(CALM);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
