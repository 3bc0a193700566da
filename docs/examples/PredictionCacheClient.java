import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * The hub's prediction cache from Java, straight on Redis: docs/formats/prediction-cache.md.
 *
 * <p>Needs: io.lettuce:lettuce-core, io.github.erdtman:java-json-canonicalization.
 */
public final class PredictionCacheClient implements AutoCloseable {

  private final RedisClient client;
  private final RedisCommands<String, String> redis;
  private final Duration ttl;

  public PredictionCacheClient(String url, Duration ttl) {
    this.client = RedisClient.create(RedisURI.create(url));
    this.redis = client.connect().sync();
    this.ttl = ttl;
  }

  /**
   * @param input JSON; whole numbers beyond 2^53 as strings, for JSON would round them
   * @throws IllegalArgumentException for a number that would share another one's key
   * @throws java.nio.charset.CharacterCodingException for half of a surrogate pair
   */
  public static String key(String model, String version, String input) throws IOException {
    requireOwnNames(input);
    // The library takes objects and arrays; anything else is the one element of an array.
    String normal = new JsonCanonicalizer("[" + input + "]").getEncodedString();
    // Strictly: getBytes would make a question mark of half a character.
    ByteBuffer bytes =
        StandardCharsets.UTF_8
            .newEncoder()
            .encode(CharBuffer.wrap(normal, 1, normal.length() - 1));
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(bytes);
      byte[] hash = sha256.digest();
      return "prediction:"
          + encoded(model)
          + ":"
          + encoded(version)
          + ":"
          + HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * JSON's numbers become doubles, and beyond 2^53 several numbers are one double: taken is its
   * shortest name alone, such as 1e+30, and none with all its digits.
   */
  private static void requireOwnNames(String json) {
    for (int at = 0, end; at < json.length(); at = end) {
      end = at + 1;
      if (json.charAt(at) == '"') {
        while (end < json.length() && json.charAt(end) != '"') {
          end += json.charAt(end) == '\\' ? 2 : 1;
        }
        end++;
      } else if (json.charAt(at) == '-' || Character.isDigit(json.charAt(at))) {
        while (end < json.length() && "+-.eE0123456789".indexOf(json.charAt(end)) >= 0) {
          end++;
        }
        requireOwnName(new BigDecimal(json.substring(at, end)));
      }
    }
  }

  private static void requireOwnName(BigDecimal number) {
    double nearest = number.doubleValue();
    boolean none = Double.isInfinite(nearest) || nearest == 0 && number.signum() != 0;
    if (none
        || Math.abs(nearest) >= 0x1p53
            && (number.scale() >= 0
                || number.compareTo(new BigDecimal(Double.toString(nearest))) != 0)) {
      throw new IllegalArgumentException(
          "a number beyond 2^53, or of no double: send it as a string");
    }
  }

  /** The prediction as JSON, or null. */
  public String get(String model, String version, String input) throws IOException {
    return redis.get(key(model, version, input));
  }

  public void put(String model, String version, String input, String value) throws IOException {
    redis.set(key(model, version, input), value, SetArgs.Builder.ex(ttl));
  }

  private static String encoded(String name) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 128 && (Character.isLetterOrDigit(c) || "._-".indexOf(c) >= 0)) {
        encoded.append(c);
      } else {
        encoded.append(String.format("%%%02X", b & 0xff));
      }
    }
    return encoded.toString();
  }

  @Override
  public void close() {
    client.shutdown();
  }

  /** {@code <redis url> key|get|put <model> <version> <input> [value]}. */
  public static void main(String[] args) throws Exception {
    try (PredictionCacheClient cache = new PredictionCacheClient(args[0], Duration.ofHours(1))) {
      switch (args[1]) {
        case "key" -> System.out.println(key(args[2], args[3], args[4]));
        case "get" -> System.out.println(cache.get(args[2], args[3], args[4]));
        default -> cache.put(args[2], args[3], args[4], args[5]);
      }
    }
  }
}
