package routes.backup.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import routes.kernel.errors.PermanentException;
import routes.repository.crypto.Encryption;
import routes.repository.crypto.Identities;
import routes.repository.crypto.Recipients;
import routes.repository.crypto.RepositoryKey;

/**
 * {@code hub.encryption.*}. A value that cannot be used stops the hub and names its key, without
 * the value.
 *
 * @param recipients {@code age1…}: who can restore new snapshots, each alone; empty: snapshots are
 *     not encrypted
 * @param key the repository's key, 64 hexadecimal digits; needed with recipients
 * @param oldKeys keys the repository had before, for its older snapshots
 * @param identityFile age identities, for drills, verifications and restores; others must not be
 *     able to read it
 * @param rolePasswords whether snapshots hold the passwords of roles, hashed as the server has
 *     them; only with recipients; default false
 */
@ConfigurationProperties("hub.encryption")
public record EncryptionProperties(
    List<String> recipients,
    String key,
    List<String> oldKeys,
    Path identityFile,
    @DefaultValue("false") boolean rolePasswords) {

  private static final String PREFIX = "hub.encryption.";

  /**
   * @throws IllegalArgumentException naming the key to mend
   */
  public EncryptionProperties {
    recipients = withoutBlanks(recipients);
    oldKeys = withoutBlanks(oldKeys);
    key = key == null || key.isBlank() ? null : key.strip();
    parse(recipients);
    if (!recipients.isEmpty() && key == null) {
      throw new IllegalArgumentException(
          PREFIX
              + "key is missing: make one with `openssl rand -hex 32`, and keep it as a file in"
              + " HUB_SECRETS_DIR");
    }
    if (key != null) {
      parse("key", key);
    }
    for (int i = 0; i < oldKeys.size(); i++) {
      parse("old-keys[" + i + "]", oldKeys.get(i));
    }
    if (rolePasswords && recipients.isEmpty()) {
      throw new IllegalArgumentException(
          PREFIX + "role-passwords is true, but without recipients nothing is encrypted");
    }
  }

  private static List<String> withoutBlanks(List<String> texts) {
    return texts == null
        ? List.of()
        : texts.stream().map(String::strip).filter(text -> !text.isEmpty()).toList();
  }

  private static Recipients parse(List<String> recipients) {
    try {
      return Recipients.parse(recipients);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(PREFIX + "recipients" + e.getMessage());
    }
  }

  private static RepositoryKey parse(String name, String hex) {
    try {
      return RepositoryKey.parse(hex);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(PREFIX + name + " " + e.getMessage());
    }
  }

  /** Whether new snapshots are encrypted. */
  public boolean isOn() {
    return !recipients.isEmpty();
  }

  boolean hasIdentities() {
    return identityFile != null && !identityFile.toString().isBlank();
  }

  /** What a repository is opened with. The identity file is read when something is opened. */
  public Encryption encryption() {
    List<RepositoryKey> before =
        IntStream.range(0, oldKeys.size())
            .mapToObj(i -> parse("old-keys[" + i + "]", oldKeys.get(i)))
            .toList();
    return new Encryption(
        parse(recipients), key == null ? null : parse("key", key), before, remembered());
  }

  private Supplier<Identities> remembered() {
    List<Identities> read = new ArrayList<>();
    return () -> {
      synchronized (read) {
        if (read.isEmpty()) {
          read.add(identities());
        }
        return read.get(0);
      }
    };
  }

  /**
   * Reads the identity file.
   *
   * @throws PermanentException when it cannot be read, holds none, or is open to everyone
   */
  public Identities identities() {
    if (!hasIdentities()) {
      return Identities.NONE;
    }
    String name = PREFIX + "identity-file " + identityFile;
    try {
      refuseWorldReadable(name);
      return Identities.parse(Files.readString(identityFile));
    } catch (NoSuchFileException e) {
      throw new PermanentException(name + " does not exist", e);
    } catch (IOException e) {
      throw new PermanentException(
          name + " cannot be read by this hub: " + e.getClass().getSimpleName(), e);
    } catch (IllegalArgumentException e) {
      throw new PermanentException(name + ": " + e.getMessage(), e);
    }
  }

  /** The group may read it: that is how containers are given secrets. */
  private void refuseWorldReadable(String name) throws IOException {
    Set<PosixFilePermission> permissions;
    try {
      permissions = Files.getPosixFilePermissions(identityFile);
    } catch (UnsupportedOperationException e) {
      return; // a file system without them
    }
    if (permissions.contains(PosixFilePermission.OTHERS_READ)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new PermanentException(
          name + " is open to everyone on this machine: chmod 600 " + identityFile);
    }
  }

  @Override
  public String toString() {
    return "hub.encryption["
        + (isOn() ? "for " + String.join(", ", recipients) : "off")
        + (hasIdentities() ? ", with an identity" : "")
        + "]";
  }
}
