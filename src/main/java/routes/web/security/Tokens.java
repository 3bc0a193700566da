package routes.web.security;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;

/** The secret part of an API key: {@code hub_} and 256 random bits in base64url. */
final class Tokens {

  private static final Pattern FORM = Pattern.compile("hub_[A-Za-z0-9_-]{43}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private Tokens() {}

  static String random() {
    byte[] bits = new byte[32];
    RANDOM.nextBytes(bits);
    return "hub_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  static boolean wellFormed(String token) {
    return FORM.matcher(token).matches();
  }

  /** What is stored: 256 random bits need no salt and no slow hash. */
  static byte[] sha256(String token) {
    return DigestUtils.sha256(token);
  }
}
