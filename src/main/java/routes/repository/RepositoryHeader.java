package routes.repository;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import routes.repository.crypto.Encryption;
import routes.repository.crypto.RepositoryKey;
import routes.repository.format.AuthenticatedJson;
import routes.repository.format.ForeignRepositoryException;
import routes.repository.format.Manifest;
import routes.repository.format.RepositoryJson;
import routes.repository.format.SnapshotId;

/**
 * {@code repository.json}: whose repository this is, and what new snapshots get.
 *
 * @param format version of the layout
 * @param hub id of the hub that owns it: the only one that may write
 * @param encryption {@code none} or {@code age}; what follows is there for {@code age} only
 * @param recipients whom new snapshots are sealed for, sorted
 * @param key fingerprint of the key and these recipients
 * @param keys fingerprint → SHA-256 of the object in {@code keys/}, of all there ever were
 * @param plain {@code <source>/<snapshot>} of those that were there when encryption was turned on:
 *     no other snapshot without a MAC is to be believed
 */
@JsonPropertyOrder({"format", "hub", "created", "encryption", "recipients", "key", "keys", "plain"})
record RepositoryHeader(
    int format,
    String hub,
    Instant created,
    String encryption,
    List<String> recipients,
    String key,
    Map<String, String> keys,
    List<String> plain) {
  static final String KEY = "repository.json";

  RepositoryHeader {
    if (hub == null || created == null || encryption == null) {
      throw new IllegalArgumentException("hub, created and encryption must be there");
    }
    if (encryption.equals(Manifest.AGE)) {
      if (recipients == null || recipients.isEmpty() || key == null) {
        throw new IllegalArgumentException("recipients and key must be there");
      }
      recipients = List.copyOf(recipients);
      keys = keys == null ? Map.of() : Collections.unmodifiableSortedMap(new TreeMap<>(keys));
      plain = plain == null ? List.of() : List.copyOf(plain);
    }
  }

  /** Of a repository that is not encrypted. */
  static RepositoryHeader plain(String hub, Instant created) {
    return new RepositoryHeader(
        Manifest.FORMAT, hub, created, Manifest.NOT_ENCRYPTED, null, null, null, null);
  }

  /**
   * The same, with new snapshots sealed as the hub is told to.
   *
   * @param keyHash of the object in {@code keys/}
   * @param plain see there
   */
  RepositoryHeader sealing(Encryption to, String keyHash, List<String> plain) {
    String fingerprint = to.key().fingerprint(to.recipients());
    Map<String, String> all = new TreeMap<>(isEncrypted() ? keys : Map.of());
    all.put(fingerprint, keyHash);
    return new RepositoryHeader(
        format, hub, created, Manifest.AGE, to.recipients().names(), fingerprint, all, plain);
  }

  boolean isEncrypted() {
    return encryption.equals(Manifest.AGE);
  }

  /** Whether new snapshots get what the hub is told to give them. */
  boolean fits(Encryption told) {
    return isEncrypted() && key.equals(told.key().fingerprint(told.recipients()));
  }

  boolean adopted(String source, SnapshotId id) {
    return plain.contains(source + "/" + id);
  }

  byte[] json(RepositoryKey signedWith) {
    byte[] json = RepositoryJson.write(this);
    return isEncrypted() ? AuthenticatedJson.sign(json, signedWith.headers()) : json;
  }

  static RepositoryHeader parse(byte[] json) {
    RepositoryJson.checkFormat(KEY, json, Manifest.FORMAT);
    RepositoryHeader header = RepositoryJson.read(KEY, json, RepositoryHeader.class);
    if (!header.isEncrypted() && !header.encryption.equals(Manifest.NOT_ENCRYPTED)) {
      throw new ForeignRepositoryException(
          "the repository is encrypted ("
              + header.encryption
              + "), which this hub cannot read: update the hub");
    }
    return header;
  }
}
