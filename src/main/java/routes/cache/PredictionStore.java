package routes.cache;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import routes.kernel.errors.RedisUnavailableException;
import routes.stores.redis.LuaFile;
import routes.stores.redis.RedisGate;

/**
 * Predictions as they lie in Redis. What must happen in one step is a script; none of them looks at
 * more keys than it was told.
 */
@Component
record PredictionStore(StringRedisTemplate redis, RedisGate gate) {

  /** Largest value, in bytes; what other programs stored beyond that is not read. */
  static final int MOST_BYTES = 1 << 20;

  /** Most bytes of values in the answer to one batch. */
  static final int MOST_BATCH_BYTES = 8 << 20;

  /**
   * How long an invalidation is remembered: longer than anybody works on a prediction that was
   * begun before it.
   */
  static final Duration EPOCH = Duration.ofDays(7);

  /** Keys that one step of an invalidation looks at: about a millisecond of Redis. */
  private static final String STEP = "1000";

  @SuppressWarnings("rawtypes") // as Spring returns them
  private static final RedisScript<List> LOOKUP = LuaFile.load("cache/lookup", List.class);

  private static final RedisScript<Long> PUT = LuaFile.load("cache/put", Long.class);

  @SuppressWarnings("rawtypes")
  private static final RedisScript<List> LOOK_BATCH = LuaFile.load("cache/look-batch", List.class);

  private static final RedisScript<Long> PUT_BATCH = LuaFile.load("cache/put-batch", Long.class);

  @SuppressWarnings("rawtypes")
  private static final RedisScript<List> UNLINK = LuaFile.load("cache/unlink", List.class);

  /** Of this process; a name that nobody had before needs no randomness at each look-up. */
  private static final String PROCESS = new BigInteger(96, new SecureRandom()).toString(36) + "-";

  private static final AtomicLong NAMES = new AtomicLong();

  private static final RedisScript<Long> DELETE = LuaFile.load("cache/delete", Long.class);

  /**
   * What was found.
   *
   * @param value JSON text as somebody stored it, or null
   * @param leftMs what is left of its life; -1: it has no end; -2: there is none; -3: it was left
   *     out, since the answer was full
   * @param token to be given back with the prediction; empty: none is needed
   * @param leads the caller is the one that makes it
   */
  record Found(String value, long leftMs, String token, boolean leads) {

    static final Found FULL = new Found(null, -3, "", false);

    boolean isFresh(Duration staleFor) {
      return value != null && (leftMs < 0 || leftMs > staleFor.toMillis());
    }
  }

  /** What was found of a batch, in its order, and the token for what was not. */
  record FoundBatch(String token, List<Found> found) {}

  /**
   * @param lease how long the caller is the only one to make it; null: it will not
   */
  Found lookup(PredictionKey key, Duration staleFor, Duration lease) {
    List<?> answer =
        redis.execute(
            LOOKUP,
            List.of(
                key.prediction(),
                key.lease(),
                key.scope().modelEpoch(),
                key.scope().versionEpoch(),
                key.scope().deletions()),
            lease == null ? "" : name(),
            lease == null ? "0" : Long.toString(lease.toMillis()),
            Long.toString(staleFor.toMillis()),
            Integer.toString(MOST_BYTES),
            lease == null ? "0" : "1");
    return new Found(
        (String) answer.get(0),
        (Long) answer.get(1),
        (String) answer.get(2),
        "1".equals(answer.get(3)));
  }

  /**
   * @param token of the look-up, or empty
   * @return false: it was invalidated or deleted since
   * @throws RedisUnavailableException and then nothing is stored later either
   */
  boolean put(PredictionKey key, String value, Duration ttl, String token) {
    Long stored =
        redis.execute(
            PUT,
            List.of(
                key.prediction(),
                key.lease(),
                key.scope().modelEpoch(),
                key.scope().versionEpoch(),
                key.deletion()),
            value,
            Long.toString(ttl.toMillis()),
            token,
            Long.toString(gate.deadline()));
    return inTime(stored) == 1;
  }

  private static long inTime(Long stored) {
    if (stored < 0) {
      throw new RedisUnavailableException("Redis was too late to store it", null);
    }
    return stored;
  }

  /** Looks up many of one scope; no leases. */
  FoundBatch lookup(ModelVersion scope, List<PredictionKey> keys) {
    List<String> all = new ArrayList<>(keys.size() + 3);
    all.add(scope.modelEpoch());
    all.add(scope.versionEpoch());
    all.add(scope.deletions());
    keys.forEach(key -> all.add(key.prediction()));
    List<?> answer =
        redis.execute(
            LOOK_BATCH, all, Integer.toString(MOST_BYTES), Integer.toString(MOST_BATCH_BYTES));
    String token = (String) answer.get(0);
    List<Found> found = new ArrayList<>(keys.size());
    for (int i = 1; i < answer.size(); i += 2) {
      long left = (Long) answer.get(i + 1);
      found.add(left == -3 ? Found.FULL : new Found((String) answer.get(i), left, token, false));
    }
    return new FoundBatch(token, found);
  }

  /**
   * Stores many of one scope.
   *
   * @return false: they were invalidated, or one of them deleted, since the token
   * @throws RedisUnavailableException and then nothing is stored later either
   */
  boolean put(
      ModelVersion scope,
      List<PredictionKey> keys,
      List<String> values,
      Duration ttl,
      String token) {
    List<String> all = new ArrayList<>(3 * keys.size() + 2);
    all.add(scope.modelEpoch());
    all.add(scope.versionEpoch());
    for (PredictionKey key : keys) {
      all.add(key.prediction());
      all.add(key.lease());
      all.add(key.deletion());
    }
    List<Object> arguments = new ArrayList<>(values.size() + 3);
    arguments.add(Long.toString(ttl.toMillis()));
    arguments.add(token);
    arguments.add(Long.toString(gate.deadline()));
    arguments.addAll(values);
    return inTime(redis.execute(PUT_BATCH, all, arguments.toArray())) > 0;
  }

  /**
   * Drops one, and sees to it that none that is being made from before comes back.
   *
   * @return whether there was one
   */
  boolean delete(PredictionKey key) {
    Long dropped =
        redis.execute(
            DELETE,
            List.of(key.prediction(), key.lease(), key.scope().deletions(), key.deletion()),
            Long.toString(EPOCH.toMillis()));
    return dropped == 1;
  }

  /**
   * Drops all predictions of a scope, whose epoch was written anew before: none that is being made
   * from before comes back. A program that writes without a token may still bring one.
   *
   * @return how many there were
   */
  long unlink(ModelVersion scope) {
    long dropped = 0;
    String cursor = "0";
    do {
      List<?> answer = redis.execute(UNLINK, List.of(), cursor, scope.predictions() + "*", STEP);
      cursor = (String) answer.get(0);
      dropped += Long.parseLong((String) answer.get(1));
    } while (!cursor.equals("0"));
    return dropped;
  }

  /** For each key, whether its look-up would no longer be told to wait. */
  List<Boolean> settled(List<PredictionKey> keys) {
    List<Object> answers =
        redis.executePipelined(
            (org.springframework.data.redis.core.RedisCallback<Object>)
                connection -> {
                  for (PredictionKey key : keys) {
                    connection.keyCommands().exists(bytes(key.prediction()));
                    connection.keyCommands().exists(bytes(key.lease()));
                  }
                  return null;
                });
    List<Boolean> settled = new ArrayList<>(keys.size());
    for (int i = 0; i < answers.size(); i += 2) {
      settled.add(Boolean.TRUE.equals(answers.get(i)) || !Boolean.TRUE.equals(answers.get(i + 1)));
    }
    return settled;
  }

  private byte[] bytes(String key) {
    return redis.getStringSerializer().serialize(key);
  }

  /** What nobody has written before. */
  static String name() {
    return PROCESS + Long.toString(NAMES.incrementAndGet(), 36);
  }
}
