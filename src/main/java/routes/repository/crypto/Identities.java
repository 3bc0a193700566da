package routes.repository.crypto;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.bech32.Bech32;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.KeyAgreement;

/**
 * The private keys of an age identity file: what opens chunks. Only a drill, a verification or a
 * restore needs them. Does not print itself.
 */
public final class Identities {
  static final String PREFIX = "AGE-SECRET-KEY-";

  /** None: nothing that is encrypted can be opened. */
  public static final Identities NONE = new Identities(List.of());

  /**
   * One of them.
   *
   * @param recipient its public key, {@code age1…}
   */
  private record Identity(String secret, String recipient) {
    @Override
    public String toString() {
      return "identity of " + recipient;
    }
  }

  private final List<Identity> all;

  private Identities(List<Identity> all) {
    this.all = all;
  }

  /**
   * @param text as {@code age-keygen} writes it: lines of {@code AGE-SECRET-KEY-1…}, comments with
   *     {@code #}, empty lines
   * @throws IllegalArgumentException naming the line, without its text
   */
  public static Identities parse(String text) {
    List<Identity> all = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        try {
          all.add(new Identity(line, recipient(line)));
        } catch (GeneralSecurityException | RuntimeException e) {
          throw new IllegalArgumentException(
              "line " + (i + 1) + " is not an age identity (" + PREFIX + "1…)");
        }
      }
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException("it holds no age identity (" + PREFIX + "1…)");
    }
    return new Identities(List.copyOf(all));
  }

  private static String recipient(String secret) throws GeneralSecurityException {
    // The reader's own checks first: prefix, checksum, length.
    X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(secret);
    byte[] scalar = Bech32.getDecoder().decode(secret).getData();
    KeyFactory keys = KeyFactory.getInstance("X25519");
    PublicKey base =
        keys.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, BigInteger.valueOf(9)));
    KeyAgreement agreement = KeyAgreement.getInstance("X25519");
    agreement.init(keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar)));
    agreement.doPhase(base, true);
    return Bech32.getEncoder().encode("age", agreement.generateSecret()).toString();
  }

  /** The public keys, in the order of the file. */
  public List<String> recipients() {
    return all.stream().map(Identity::recipient).toList();
  }

  /** For one thread: those that are among the recipients, which spares trying the others. */
  public List<RecipientStanzaReader> readers(Recipients recipients) {
    List<RecipientStanzaReader> readers = new ArrayList<>();
    for (Identity identity : all) {
      if (recipients.names().contains(identity.recipient())) {
        try {
          readers.add(
              X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(identity.secret()));
        } catch (GeneralSecurityException e) {
          throw new IllegalStateException("was checked: " + identity, e);
        }
      }
    }
    return readers;
  }

  /** Whether one of them is among these recipients. */
  public boolean opensAny(List<String> names) {
    return recipients().stream().anyMatch(names::contains);
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  @Override
  public String toString() {
    return "Identities" + recipients();
  }
}
