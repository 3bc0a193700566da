package routes.repository.crypto;

import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;

/**
 * A new pair of age keys.
 *
 * @param secret {@code AGE-SECRET-KEY-1…}
 * @param recipient {@code age1…}
 */
public record TestIdentity(String secret, String recipient) {

  public static TestIdentity generate() {
    try {
      KeyPair pair = new X25519KeyPairGenerator().generateKeyPair();
      return new TestIdentity(pair.getPrivate().toString(), pair.getPublic().toString());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public Identities identities() {
    return Identities.parse(secret);
  }
}
