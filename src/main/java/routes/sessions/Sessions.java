package routes.sessions;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import routes.kernel.errors.ConflictException;
import routes.kernel.errors.HttpException;
import routes.kernel.errors.RedisUnavailableException;
import routes.kernel.json.CompactJson;
import routes.stores.redis.LuaFile;
import routes.stores.redis.RedisGate;

/**
 * Sessions as they lie in Redis, those that other programs wrote as well. There is no index of
 * users, which others would not keep: a user's sessions are found by a look at all of them.
 */
@Component
class Sessions {

  /** Largest session, in bytes; what other programs stored beyond that is not read. */
  static final int MOST_BYTES = 64 << 10;

  /** Keys that one step through all sessions looks at. */
  private static final String STEP = "250";

  /** Most sessions in a list. */
  private static final int MOST_LISTED = 500;

  @SuppressWarnings("rawtypes") // as Spring returns them
  private static final RedisScript<List> GET = LuaFile.load("sessions/get", List.class);

  @SuppressWarnings("rawtypes")
  private static final RedisScript<List> SCAN = LuaFile.load("sessions/scan", List.class);

  private static final RedisScript<Long> PUT = LuaFile.load("sessions/put", Long.class);
  private static final RedisScript<Long> END = LuaFile.load("sessions/end", Long.class);

  private final StringRedisTemplate redis;
  private final RedisGate gate;
  private final SessionProperties properties;
  private final ObjectMapper json =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  Sessions(StringRedisTemplate redis, RedisGate gate, SessionProperties properties) {
    this.redis = redis;
    this.gate = gate;
    this.properties = properties;
  }

  /**
   * A session as the API shows it.
   *
   * @param session what it holds
   * @param expiresInMs null: never
   * @param handle tells it from others of its user; null where its id is known
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Shown(
      @Schema(types = "object") @JsonRawValue String session, Long expiresInMs, String handle) {
    @Override
    public String toString() {
      return "Session[…]";
    }
  }

  /**
   * @param sliding its life begins anew
   * @return empty: there is none, or what is there is no JSON object
   */
  Optional<Shown> get(SessionId id, boolean sliding) {
    List<?> answer =
        redis.execute(
            GET,
            List.of(id.key()),
            Integer.toString(MOST_BYTES),
            sliding ? Long.toString(properties.ttl().toMillis()) : "0");
    JsonNode session = read((String) answer.get(0));
    return session == null
        ? Optional.empty()
        : Optional.of(new Shown(session.toString(), left((Long) answer.get(1)), null));
  }

  /**
   * Stores a session; one of that id is replaced, and its life begins.
   *
   * @throws ConflictException when one of that id was ended: a request that was begun before must
   *     not bring it back
   * @throws RedisUnavailableException and then it is not stored later either
   */
  Shown put(SessionId id, CompactJson session) {
    Long stored =
        redis.execute(
            PUT,
            List.of(id.key(), ended(id.key())),
            checked(session.text()),
            Long.toString(properties.ttl().toMillis()),
            Long.toString(gate.deadline()));
    if (stored < 0) {
      throw new RedisUnavailableException("Redis was too late to store a session", null);
    }
    if (stored == 0) {
      throw new ConflictException(
          "the session of this id was ended; begin another under a new id", Map.of());
    }
    return new Shown(null, properties.ttl().toMillis(), null);
  }

  /** Lets its life begin anew; false: there is none. */
  boolean touch(SessionId id) {
    return Boolean.TRUE.equals(redis.expire(id.key(), properties.ttl()));
  }

  /** False: there was none. */
  boolean delete(SessionId id) {
    return end(List.of(id.key())) > 0;
  }

  /**
   * A user's sessions, {@value #MOST_LISTED} at most.
   *
   * @return without their ids, which are nobody's but their user's
   */
  List<Shown> of(String user) {
    List<Shown> found = new ArrayList<>();
    each(
        user,
        key -> {},
        shown -> {
          if (found.size() < MOST_LISTED) {
            found.add(shown);
          }
        });
    return found;
  }

  /**
   * Ends all of a user's sessions that there are when it begins.
   *
   * @param handle only the one of this handle; null: all
   * @return how many
   */
  long revoke(String user, String handle) {
    List<String> keys = new ArrayList<>();
    each(
        user,
        key -> {
          if (handle == null || handle.equals(SessionId.handle(key))) {
            keys.add(key);
          }
        },
        shown -> {});
    long revoked = 0;
    for (int i = 0; i < keys.size(); i += 500) {
      revoked += end(keys.subList(i, Math.min(i + 500, keys.size())));
    }
    return revoked;
  }

  /** Remembered for as long as a session lives: nobody holds one for longer. */
  private long end(List<String> keys) {
    List<String> pairs = keys.stream().flatMap(key -> Stream.of(key, ended(key))).toList();
    return redis.execute(END, pairs, Long.toString(properties.ttl().toMillis()));
  }

  /** Key that notes that a session was ended; its id is in none but the session's own. */
  private static String ended(String key) {
    return "session-ended:" + SessionId.handle(key);
  }

  private void each(String user, Consumer<String> key, Consumer<Shown> shown) {
    String cursor = "0";
    // SCAN may tell a key twice while Redis grows its table.
    Set<String> seen = new HashSet<>();
    do {
      List<?> step = redis.execute(SCAN, List.of(), cursor, STEP, Integer.toString(MOST_BYTES));
      cursor = (String) step.get(0);
      for (int i = 1; i < step.size(); i += 3) {
        String at = (String) step.get(i);
        JsonNode session = read((String) step.get(i + 1));
        if (session != null
            && user.equals(session.path(properties.userField()).asText(null))
            && seen.add(at)) {
          key.accept(at);
          shown.accept(
              new Shown(session.toString(), left((Long) step.get(i + 2)), SessionId.handle(at)));
        }
      }
    } while (!cursor.equals("0"));
  }

  private JsonNode read(String text) {
    if (text == null) {
      return null;
    }
    try {
      JsonNode session = json.readTree(text);
      return session.isObject() ? session : null;
    } catch (JsonProcessingException | NumberFormatException e) { // an exponent of ten digits
      return null; // nobody's: its text stays where it is
    }
  }

  private static String checked(String session) {
    if (session.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw new HttpException(
          413,
          "Too large",
          "session: at most " + MOST_BYTES + " bytes are taken; send less",
          Map.of("field", "session", "limitBytes", MOST_BYTES));
    }
    return session;
  }

  private static Long left(long ms) {
    return ms < 0 ? null : ms;
  }
}
