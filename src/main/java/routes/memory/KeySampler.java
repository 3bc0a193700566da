package routes.memory;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import routes.stores.redis.RedisPumpConnections;

/**
 * Asks Redis what its keys weigh, a few at a time, going on where the look before stopped. One
 * caller at a time.
 */
@Component
class KeySampler implements DisposableBean {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final RedisPumpConnections pumps;
  private StatefulRedisConnection<String, String> connection;
  private ScanCursor cursor = ScanCursor.INITIAL;

  KeySampler(RedisPumpConnections pumps) {
    this.pumps = pumps;
  }

  /**
   * An entry of the slow log, without its arguments, which may hold anything.
   *
   * @param id grows by one with each
   * @param command its name in capitals
   * @param at seconds since 1970
   */
  record Slow(long id, String command, long micros, long at) {}

  /**
   * @throws io.lettuce.core.RedisException when Redis does not answer
   */
  MemoryInfo info() {
    return MemoryInfo.of(open().sync().info());
  }

  /** Keys in the hub's database. */
  long keys() {
    return open().sync().dbsize();
  }

  /**
   * Weighs the next keys.
   *
   * @param count about how many
   * @throws RedisCommandExecutionException NOPERM: this user may not ask for it
   */
  List<KeySize> weigh(int count) {
    RedisAsyncCommands<String, String> redis = open().async();
    KeyScanCursor<String> page = open().sync().scan(cursor, ScanArgs.Builder.limit(count));
    cursor = page.isFinished() ? ScanCursor.INITIAL : page;
    return weigh(redis, page.getKeys());
  }

  /** Weighs these; those that are gone are left out. */
  List<KeySize> weigh(List<String> keys) {
    return weigh(open().async(), keys);
  }

  private static List<KeySize> weigh(RedisAsyncCommands<String, String> redis, List<String> keys) {
    List<RedisFuture<Long>> bytes = new ArrayList<>();
    List<RedisFuture<Long>> ttls = new ArrayList<>();
    for (String key : keys) {
      bytes.add(redis.memoryUsage(key));
      ttls.add(redis.pttl(key));
    }
    List<KeySize> weights = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Long weight = answer(bytes.get(i));
      Long ttl = answer(ttls.get(i));
      if (weight != null && ttl > -2) {
        weights.add(new KeySize(keys.get(i), weight, ttl >= 0));
      }
    }
    return weights;
  }

  /** The newest entries of the slow log, newest first. */
  List<Slow> slow(int most) {
    List<Slow> entries = new ArrayList<>();
    for (Object entry : open().sync().slowlogGet(most)) {
      List<?> fields = (List<?>) entry;
      List<?> words = (List<?>) fields.get(3);
      entries.add(
          new Slow(
              (Long) fields.get(0),
              words.isEmpty() ? "" : String.valueOf(words.get(0)).toUpperCase(Locale.ROOT),
              (Long) fields.get(2),
              (Long) fields.get(1)));
    }
    return entries;
  }

  private static <T> T answer(RedisFuture<T> future) {
    return LettuceFutures.awaitOrCancel(future, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized StatefulRedisConnection<String, String> open() {
    if (connection == null) {
      connection = pumps.open(PATIENCE);
    }
    return connection;
  }

  @Override
  public synchronized void destroy() {
    if (connection != null) {
      connection.close();
    }
  }
}
