package routes.repository.format;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * JSON objects that end with a MAC of the bytes before it: {@code {…}} becomes {@code {…,"mac":"<64
 * hexadecimal digits>"}}. Bytes, not values: nothing has to be written the same way twice for the
 * MAC to be checked.
 */
public final class AuthenticatedJson {
  private static final byte[] BEFORE = ",\"mac\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AFTER = "\"}".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGITS = 64;
  private static final int SUFFIX = BEFORE.length + DIGITS + AFTER.length;

  private AuthenticatedJson() {}

  /**
   * @param json an object with at least one field
   */
  public static byte[] sign(byte[] json, byte[] key) {
    byte[] signed = Arrays.copyOf(json, json.length - 1 + SUFFIX);
    byte[] digits =
        HexFormat.of().formatHex(Hmac.of(key, json)).getBytes(StandardCharsets.US_ASCII);
    int at = json.length - 1;
    System.arraycopy(BEFORE, 0, signed, at, BEFORE.length);
    System.arraycopy(digits, 0, signed, at + BEFORE.length, DIGITS);
    System.arraycopy(AFTER, 0, signed, at + BEFORE.length + DIGITS, AFTER.length);
    return signed;
  }

  /** Whether these bytes are what {@link #sign} made with that key. */
  public static boolean verify(byte[] signed, byte[] key) {
    int at = signed.length - SUFFIX;
    if (at < 1) {
      return false;
    }
    byte[] json = Arrays.copyOf(signed, at + 1);
    json[at] = '}';
    return MessageDigest.isEqual(signed, sign(json, key));
  }
}
