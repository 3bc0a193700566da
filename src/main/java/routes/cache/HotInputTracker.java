package routes.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import routes.kernel.WorkLoop;
import routes.kernel.errors.RedisUnavailableException;
import routes.stores.redis.LuaFile;

/**
 * Inputs by how often they are looked up, for {@code cache.warm}; of models with a loader only,
 * since of others nobody could use them. They lie in Redis alone, as many as {@code loader.keep}
 * says, and go a week after the last look-up.
 *
 * <p>A look-up adds to a count in memory; one thread writes the counts every few seconds, so that
 * no look-up pays for it. What was counted and not yet written is lost with the hub: it is a guess
 * at what will be asked, not a record.
 */
@Component
class HotInputTracker implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(HotInputTracker.class);

  /** Distinct inputs between two writes; more are not counted. */
  private static final int MOST_COUNTED = 2_000;

  /** Characters of their normal forms between two writes, all together. */
  private static final int MOST_CHARACTERS = 8 << 20;

  /** Larger inputs are not remembered. */
  private static final int MOST_EACH = 64 << 10;

  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final String LIFE_SECONDS = Long.toString(TimeUnit.DAYS.toSeconds(7));

  private static final RedisScript<Long> USE = LuaFile.load("cache/use", Long.class);
  private static final RedisScript<Long> HALVE = LuaFile.load("cache/halve", Long.class);

  private final CacheProperties properties;
  private final StringRedisTemplate redis;
  private Map<String, Used> counted = new HashMap<>();
  private int characters;
  private WorkLoop writer;
  private boolean ended;

  private static final class Used {
    private final PredictionKey key;
    private int times;

    private Used(PredictionKey key) {
      this.key = key;
    }
  }

  HotInputTracker(CacheProperties properties, StringRedisTemplate redis) {
    this.properties = properties;
    this.redis = redis;
  }

  /** Counts a look-up. */
  void note(PredictionKey key) {
    if (properties.loaderOf(key.scope().model()) == null || key.normal().length() > MOST_EACH) {
      return;
    }
    synchronized (this) {
      Used used = counted.get(key.prediction());
      if (used == null) {
        if (counted.size() >= MOST_COUNTED
            || characters + key.normal().length() > MOST_CHARACTERS
            || ended) {
          return;
        }
        characters += key.normal().length();
        used = new Used(key);
        counted.put(key.prediction(), used);
        start();
      }
      used.times++;
    }
  }

  /**
   * Normal forms of the inputs, most used first.
   *
   * @param most how many
   */
  List<String> top(ModelVersion scope, int most) {
    write();
    List<String> hashes =
        new ArrayList<>(redis.opsForZSet().reverseRange(counts(scope), 0, most - 1L));
    if (hashes.isEmpty()) {
      return List.of();
    }
    return redis.<String, String>opsForHash().multiGet(inputs(scope), hashes).stream()
        .filter(input -> input != null)
        .toList();
  }

  /** What was used long ago counts less and less. To be called once after a warming. */
  void fade(ModelVersion scope) {
    redis.execute(HALVE, List.of(counts(scope)));
  }

  static String counts(ModelVersion scope) {
    return "prediction-use:" + scope.names();
  }

  static String inputs(ModelVersion scope) {
    return "prediction-input:" + scope.names();
  }

  /** Writes what was counted since the last time. */
  void write() {
    Map<String, Used> batch;
    synchronized (this) {
      batch = counted;
      counted = new HashMap<>();
      characters = 0;
    }
    try {
      for (Used used : batch.values()) {
        ModelVersion scope = used.key.scope();
        redis.execute(
            USE,
            List.of(counts(scope), inputs(scope)),
            used.key.hash(),
            used.key.normal(),
            Integer.toString(used.times),
            Integer.toString(properties.loaderOf(scope.model()).keep()),
            LIFE_SECONDS);
      }
    } catch (RedisUnavailableException e) {
      LOG.debug("{} inputs were not counted: Redis is unavailable", batch.size());
    }
  }

  private void start() {
    if (writer == null) {
      writer = WorkLoop.every(EVERY, "predictions-used", "counting look-ups", this::write);
    }
  }

  @Override
  public synchronized void destroy() {
    ended = true;
    if (writer != null) {
      writer.stop();
    }
  }
}
