package routes.notify.rules;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Collection;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.util.Assert;

/**
 * Signatures of webhooks. Pure.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks">Standard Webhooks</a>
 */
public final class Signatures {

  private static final String PREFIX = "whsec_";

  private Signatures() {}

  /**
   * @param key that is named when the secret is none
   * @throws IllegalArgumentException never holding the secret
   */
  static void check(String key, String secret) {
    int length = 0;
    if (secret.startsWith(PREFIX)) {
      try {
        length = bytes(secret).length;
      } catch (IllegalArgumentException e) {
        // told below, with the form
      }
    }
    Assert.isTrue(
        length >= 24 && length <= 64,
        "%s must be %s and 24 to 64 bytes in base64: echo whsec_$(openssl rand -base64 32)"
            .formatted(key, PREFIX));
  }

  private static byte[] bytes(String secret) {
    return Base64.getDecoder().decode(secret.substring(PREFIX.length()));
  }

  /**
   * The header {@code webhook-signature}: one signature for each secret, with spaces between.
   *
   * @param seconds since 1970, as the header {@code webhook-timestamp}
   */
  public static String sign(Collection<String> secrets, String id, long seconds, byte[] body) {
    return secrets.stream()
        .map(secret -> "v1," + signature(secret, id, seconds, body))
        .collect(Collectors.joining(" "));
  }

  private static String signature(String secret, String id, long seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes(secret), "HmacSHA256"));
      mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
