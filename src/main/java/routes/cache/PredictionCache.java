package routes.cache;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import routes.cache.Prediction.Batch;
import routes.cache.Prediction.Result;
import routes.cache.Prediction.Stored;
import routes.cache.PredictionStore.Found;
import routes.cache.PredictionStore.FoundBatch;
import routes.kernel.errors.RedisUnavailableException;
import routes.kernel.json.CompactJson;

/**
 * What the cache promises: a look-up always has an answer, and of those that find nothing one is
 * asked to make it. While Redis is away, everything is a miss and nothing is stored; whoever uses
 * the cache goes on without it.
 */
@Component
class PredictionCache {

  private final CacheProperties properties;
  private final PredictionStore store;
  private final InFlightLoads waiters;
  private final HotInputTracker used;
  private final CacheMetrics metrics;
  private final ObjectMapper json = new ObjectMapper();

  PredictionCache(
      CacheProperties properties,
      PredictionStore store,
      InFlightLoads waiters,
      HotInputTracker used,
      CacheMetrics metrics) {
    this.properties = properties;
    this.store = store;
    this.waiters = waiters;
    this.used = used;
    this.metrics = metrics;
  }

  /**
   * @param load whether the caller will make the prediction if it is asked to
   * @param wait how long it waits for another one that does
   */
  Prediction lookup(PredictionKey key, boolean load, Duration wait) {
    CacheMetrics.OfModel meters = metrics.of(key.scope().model());
    long began = System.nanoTime();
    Prediction answer;
    try {
      answer = find(key, load, began + (load ? wait.toNanos() : 0), meters);
    } catch (RedisUnavailableException e) {
      answer = Prediction.away(key);
    }
    used.note(key);
    count(answer, meters);
    meters.lookups().record(Duration.ofNanos(System.nanoTime() - began));
    return answer;
  }

  private Prediction find(
      PredictionKey key, boolean load, long until, CacheMetrics.OfModel meters) {
    Duration staleFor = properties.staleForOf(key.scope().model());
    Duration lease = load ? properties.lease() : null;
    Found found = readable(store.lookup(key, staleFor, lease), meters);
    while (found.value() == null
        && load
        && !found.leads()
        && waiters.await(key, until - System.nanoTime())) {
      found = readable(store.lookup(key, staleFor, lease), meters);
    }
    return told(key, found, staleFor, load);
  }

  private static Prediction told(PredictionKey key, Found found, Duration staleFor, boolean load) {
    Boolean leads = load ? found.leads() : null;
    if (found.value() == null) {
      return Prediction.miss(key, leads, found.token());
    }
    return found.isFresh(staleFor)
        ? Prediction.hit(key, found.value(), found.leftMs())
        : Prediction.stale(key, found.value(), found.leftMs(), leads, found.token());
  }

  /** In the order of the keys; nobody becomes a loader. */
  Batch lookup(ModelVersion scope, List<PredictionKey> keys) {
    CacheMetrics.OfModel meters = metrics.of(scope.model());
    Duration staleFor = properties.staleForOf(scope.model());
    long began = System.nanoTime();
    List<Prediction> items = new ArrayList<>(keys.size());
    FoundBatch batch;
    try {
      batch = store.lookup(scope, keys);
    } catch (RedisUnavailableException e) {
      keys.forEach(key -> items.add(Prediction.away(key)));
      items.forEach(item -> count(item, meters));
      return new Batch(items, null, true);
    }
    for (int i = 0; i < keys.size(); i++) {
      PredictionKey key = keys.get(i);
      Found found = batch.found().get(i);
      items.add(
          found == Found.FULL
              ? Prediction.full(key)
              : withoutToken(told(key, readable(found, meters), staleFor, false)));
      used.note(key);
      count(items.get(i), meters);
    }
    meters.lookups().record(Duration.ofNanos(System.nanoTime() - began));
    return new Batch(items, batch.token(), null);
  }

  /** The batch has one for all. */
  private static Prediction withoutToken(Prediction one) {
    return one.token() == null
        ? one
        : new Prediction(
            one.result(),
            one.key(),
            one.value(),
            one.stale(),
            one.expiresInMs(),
            null,
            null,
            null,
            null);
  }

  /**
   * @param values JSON texts, one for each key
   * @param token of the look-up, or empty: stored whatever was invalidated or deleted meanwhile
   */
  Stored put(ModelVersion scope, List<PredictionKey> keys, List<String> values, String token) {
    Duration ttl = properties.ttlOf(scope.model());
    try {
      boolean stored =
          keys.size() == 1
              ? store.put(keys.get(0), values.get(0), ttl, token)
              : store.put(scope, keys, values, ttl, token);
      if (!stored) {
        return new Stored(0, "invalidated", null);
      }
    } catch (RedisUnavailableException e) {
      return new Stored(0, "away", null);
    } finally {
      keys.forEach(key -> waiters.wake(key.prediction()));
    }
    CacheMetrics.OfModel meters = metrics.of(scope.model());
    meters.puts().increment(keys.size());
    values.forEach(value -> meters.written().increment(value.length()));
    return new Stored(keys.size(), null, keys.stream().map(PredictionKey::prediction).toList());
  }

  /**
   * @throws RedisUnavailableException when it cannot be done now
   */
  Prediction.Dropped delete(PredictionKey key) {
    boolean dropped = store.delete(key);
    // Its loader's prediction will not be taken: one of those who wait is the next.
    waiters.wake(key.prediction());
    return new Prediction.Dropped(dropped ? 1 : 0);
  }

  /**
   * A value as it is stored.
   *
   * @param path how a mistake in it is named
   * @throws routes.kernel.errors.ClientException when it is too large or holds half a character
   */
  static String value(CompactJson value, String path) {
    String text = value.text();
    CanonicalJson.requireWhole(text, path);
    if (text.length() > PredictionStore.MOST_BYTES
        || text.getBytes(StandardCharsets.UTF_8).length > PredictionStore.MOST_BYTES) {
      throw PredictionKey.tooLarge(path, PredictionStore.MOST_BYTES);
    }
    return text;
  }

  /** What another program stored and is no JSON is as good as nothing: a put replaces it. */
  private Found readable(Found found, CacheMetrics.OfModel meters) {
    if (found.value() == null || isJson(found.value())) {
      return found;
    }
    meters.unreadable().increment();
    return new Found(null, -2, found.token(), found.leads());
  }

  private boolean isJson(String text) {
    try (var parser = json.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static void count(Prediction answer, CacheMetrics.OfModel meters) {
    if (Boolean.TRUE.equals(answer.away())) {
      meters.away().increment();
      return;
    }
    meters.of(answer.result()).increment();
    if (answer.result() != Result.MISS) {
      meters.read().increment(answer.value().length());
    }
  }
}
