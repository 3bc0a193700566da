package routes.repository.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a hub knows of a repository's secrets. Does not print them.
 *
 * @param recipients whom new snapshots are sealed for; none: they are not encrypted
 * @param key the repository's key; null only without recipients
 * @param oldKeys keys it had before, to check and read older snapshots
 * @param identities what opens chunks; asked only when something is opened
 */
public record Encryption(
    Recipients recipients,
    RepositoryKey key,
    List<RepositoryKey> oldKeys,
    Supplier<Identities> identities) {

  /** Nothing is encrypted, and nothing encrypted can be opened. */
  public static final Encryption NONE =
      new Encryption(Recipients.NONE, null, List.of(), () -> Identities.NONE);

  /**
   * @throws IllegalArgumentException when there are recipients and no key
   */
  public Encryption {
    oldKeys = List.copyOf(oldKeys);
    if (!recipients.isEmpty() && key == null) {
      throw new IllegalArgumentException("recipients need a repository key");
    }
  }

  /** Whether new snapshots are encrypted. */
  public boolean isOn() {
    return !recipients.isEmpty();
  }

  /** Whether MACs can be checked without an identity, and so must be right. */
  public boolean knowsKeys() {
    return key != null || !oldKeys.isEmpty();
  }

  /** The key that was sealed for these recipients under this fingerprint. */
  public Optional<RepositoryKey> key(Recipients sealedFor, String fingerprint) {
    return keys().stream().filter(k -> k.fingerprint(sealedFor).equals(fingerprint)).findFirst();
  }

  /** All keys, the repository's own first. */
  public List<RepositoryKey> keys() {
    List<RepositoryKey> all = new ArrayList<>(oldKeys);
    if (key != null) {
      all.add(0, key);
    }
    return all;
  }

  @Override
  public String toString() {
    return "Encryption[" + (isOn() ? "for " + recipients : "off") + "]";
  }
}
