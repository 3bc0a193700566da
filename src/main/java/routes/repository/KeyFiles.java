package routes.repository;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import routes.repository.chunks.ChunkCodec;
import routes.repository.crypto.AgeFile;
import routes.repository.crypto.Identities;
import routes.repository.crypto.Recipients;
import routes.repository.crypto.RepositoryKey;
import routes.repository.store.ObjectStore;

/**
 * The repository's key as objects, so that an identity alone restores everything: {@code
 * keys/<fingerprint>.age} is the age file of its 64 digits and a line end. One for each set of
 * recipients and key there ever was; none is deleted.
 */
final class KeyFiles {
  static final String PREFIX = "keys/";

  /** The key's digits and a line end. */
  private static final int PLAIN = 65;

  private static final int LIMIT = 64 << 10;

  private KeyFiles() {}

  static String key(String fingerprint) {
    return PREFIX + fingerprint + ".age";
  }

  static byte[] seal(RepositoryKey key, Recipients recipients) {
    byte[] plain = (key.hex() + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] sealed = new byte[AgeFile.size(PLAIN, recipients.count())];
    AgeFile.seal(recipients.writers(), plain, plain.length, sealed);
    return sealed;
  }

  static Optional<byte[]> read(ObjectStore store, String fingerprint) {
    return store.get(key(fingerprint), LIMIT);
  }

  /** As the authenticated header has it: hexadecimal. */
  static String hash(byte[] file) {
    return HexFormat.of().formatHex(DigestUtils.sha256(file));
  }

  /** The key, by an identity; empty when the file is missing or not what was written. */
  static Optional<RepositoryKey> open(
      ObjectStore store, String fingerprint, Recipients recipients, Identities identities) {
    List<RecipientStanzaReader> readers = identities.readers(recipients);
    Optional<byte[]> file = read(store, fingerprint);
    if (readers.isEmpty() || file.isEmpty()) {
      return Optional.empty();
    }
    byte[] plain = new byte[PLAIN];
    try {
      byte[] sealed = file.get();
      int length =
          AgeFile.open(readers, sealed, sealed.length, recipients.count(), plain, plain.length);
      String hex = new String(Arrays.copyOf(plain, length), StandardCharsets.US_ASCII);
      return Optional.of(RepositoryKey.parse(hex))
          .filter(key -> key.fingerprint(recipients).equals(fingerprint));
    } catch (ChunkCodec.BadChunkException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
