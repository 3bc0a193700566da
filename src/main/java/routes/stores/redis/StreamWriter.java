package routes.stores.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateAdapter;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Writes events to Redis in their order: each to its stream and, at the same moment, to the Pub/Sub
 * channel of the same name.
 *
 * <p>Entries go in transactions of a few dozen. What Redis refuses for a while (no memory, loading,
 * read-only) it refuses before it executes a transaction, all of it, so nothing overtakes what has
 * to wait; what it refuses for good (a key that is no stream) concerns one entry and lets the
 * others pass. A plain pipeline would write the second half while the first is refused.
 *
 * <p>A connection lasts as long as the life of the server it was opened to, and is never mended: a
 * server that starts again may have lost its last second, and has to get that before anything new.
 */
@Component
public class StreamWriter implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(StreamWriter.class);

  /** Longest that Redis may take for a transaction. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  // So many that the way there and back costs little, and so few that a cached answer, which waits
  // for the end of a transaction, waits for a millisecond.
  private static final int MOST_ENTRIES = 64;
  private static final int MOST_CHARS = 1 << 20;

  /** Beginnings of answers to single commands of a transaction that another time may differ. */
  private static final List<String> NOT_NOW =
      List.of(
          "OOM",
          "LOADING",
          "READONLY",
          "MISCONF",
          "BUSY",
          "MASTERDOWN",
          "NOREPLICAS",
          "CLUSTERDOWN",
          "TRYAGAIN",
          "MOVED",
          "ASK",
          "NOAUTH",
          "NOPERM");

  private final RedisPumpConnections pumps;
  private Line line;
  private String life;

  public StreamWriter(RedisPumpConnections pumps) {
    this.pumps = pumps;
  }

  /**
   * An event.
   *
   * @param stream key of the stream, and name of the channel
   * @param id of the event
   * @param type such as {@code backup.published}
   * @param event the envelope as JSON
   */
  public record Entry(String stream, String id, String type, String event) {}

  /**
   * What became of entries.
   *
   * @param settled how many of them, from the first, were written or refused for good, count
   * @param refused why entries were refused for good, by their place, which is below {@code
   *     settled}
   * @param halt why the others were not written, and are to be written again from the first of
   *     them; null: there are none
   */
  public record Written(int settled, Map<Integer, String> refused, String halt) {}

  /**
   * Which life of the server it writes to, by {@code run_id}. Connects when it is not connected.
   *
   * @throws RedisException when Redis cannot be reached, or answers no questions yet
   */
  public synchronized String life() {
    if (line != null && line.isOpen()) {
      return life;
    }
    drop();
    Line fresh = new Line(pumps.open(PATIENCE));
    try {
      RedisInfo info = RedisInfo.parse(fresh.connection.sync().info());
      if (info.text("loading").equals("1")) {
        throw new RedisConnectionException("Redis loads its data");
      }
      if (!info.runId().equals(life)) {
        info.warnings().forEach(warning -> LOG.warn("{}: {}", warning.what(), warning.mend()));
      }
      life = info.runId();
      fresh.connection.setAutoFlushCommands(false);
      line = fresh;
      return life;
    } catch (RuntimeException e) {
      fresh.close();
      throw e;
    }
  }

  /**
   * Writes entries in their order.
   *
   * @param expected the life of the server that they are for: another one is written nothing
   * @param oldest what is older goes from the streams, roughly
   */
  public synchronized Written write(String expected, List<Entry> entries, Instant oldest) {
    int settled = 0;
    Map<Integer, String> refused = new TreeMap<>();
    try {
      if (!life().equals(expected)) {
        return new Written(0, refused, "Redis has started again");
      }
      while (settled < entries.size()) {
        List<Entry> part = entries.subList(settled, endOfPart(entries, settled));
        List<Object> answers = transact(part, oldest);
        if (!RedisInfo.parse((String) answers.get(0)).runId().equals(expected)) {
          drop();
          return new Written(settled, refused, "Redis has started again");
        }
        for (int i = 0; i < part.size(); i++) {
          String failure = failure(answers.get(1 + 2 * i), answers.get(2 + 2 * i));
          if (failure != null && NOT_NOW.stream().anyMatch(failure::startsWith)) {
            return new Written(settled, refused, failure);
          }
          if (failure != null) {
            refused.put(settled, failure);
          }
          settled++;
        }
      }
      return new Written(settled, refused, null);
    } catch (RedisException e) {
      if (!(e.getCause() instanceof RedisCommandExecutionException)) {
        // What was sent may still be on its way; the next attempt must not meet its answers.
        drop();
      }
      return new Written(settled, refused, String.valueOf(e.getMessage()));
    }
  }

  private static int endOfPart(List<Entry> entries, int from) {
    int end = from;
    int chars = 0;
    while (end < entries.size() && end - from < MOST_ENTRIES && chars < MOST_CHARS) {
      chars += entries.get(end++).event().length();
    }
    return end;
  }

  /** Answers: the server's information, then two of each entry. */
  private List<Object> transact(List<Entry> part, Instant oldest) {
    RedisAsyncCommands<String, String> commands = line.connection.async();
    XAddArgs trimmed =
        XAddArgs.Builder.minId(Long.toString(oldest.toEpochMilli())).approximateTrimming();
    List<RedisFuture<?>> queued = new ArrayList<>();
    commands.multi();
    // Whatever lies between, this says who executed it.
    queued.add(commands.info("server"));
    for (Entry entry : part) {
      queued.add(
          commands.xadd(
              entry.stream(),
              trimmed,
              "id",
              entry.id(),
              "type",
              entry.type(),
              "event",
              entry.event()));
      queued.add(commands.publish(entry.stream(), entry.event()));
    }
    RedisFuture<TransactionResult> executed = commands.exec();
    line.connection.flushCommands();
    try {
      TransactionResult result = executed.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return result.stream().toList();
    } catch (ExecutionException e) {
      throw new RedisException(firstRefusal(queued, e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      throw new RedisException("Redis did not answer within " + PATIENCE.toSeconds() + " s", e);
    } catch (CancellationException e) {
      throw new RedisException("the connection to Redis broke", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisException("this hub is being stopped", e);
    }
  }

  /** An aborted transaction does not say why; the command that was not queued does. */
  private static String firstRefusal(List<RedisFuture<?>> queued, Throwable aborted) {
    for (RedisFuture<?> one : queued) {
      String error = one.getError();
      if (one.isDone() && error != null && !error.startsWith("EXECABORT")) {
        return error;
      }
    }
    return String.valueOf(aborted.getMessage());
  }

  /** Why an entry was refused, or null. */
  private static String failure(Object added, Object published) {
    if (added instanceof Throwable refusal) {
      return String.valueOf(refusal.getMessage());
    }
    return published instanceof Throwable refusal ? String.valueOf(refusal.getMessage()) : null;
  }

  private void drop() {
    if (line != null) {
      line.close();
      line = null;
    }
  }

  @Override
  public synchronized void destroy() {
    drop();
  }

  /** A connection that is closed when it breaks, so that it never comes back to another life. */
  private static final class Line {

    private final StatefulRedisConnection<String, String> connection;
    private final AtomicBoolean closed = new AtomicBoolean();

    Line(StatefulRedisConnection<String, String> connection) {
      this.connection = connection;
      connection.addListener(
          new RedisConnectionStateAdapter() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> broken) {
              close();
            }
          });
    }

    boolean isOpen() {
      return !closed.get() && connection.isOpen();
    }

    void close() {
      if (closed.compareAndSet(false, true)) {
        connection.closeAsync();
      }
    }
  }
}
