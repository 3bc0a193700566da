package routes.web.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.kernel.HubProperties;
import routes.kernel.SqlFile;

/**
 * Makes the first admin key of a hub that has none, and leaves it in {@code
 * <hub.state-dir>/api-key} (0600), where whoever runs the hub can read it. Replicas that start
 * together make one: the decision is taken under a lock of the database.
 */
@Component
class FirstKey implements ApplicationRunner {

  static final String NAME = "first";

  private static final Logger LOG = LoggerFactory.getLogger(FirstKey.class);

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final ApiKeys keys;
  private final KeyCheck check;
  private final Audit audit;
  private final ApiProperties properties;
  private final Path file;

  FirstKey(
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      ApiKeys keys,
      KeyCheck check,
      Audit audit,
      ApiProperties properties,
      HubProperties state) {
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
    this.keys = keys;
    this.check = check;
    this.audit = audit;
    this.properties = properties;
    this.file = state.stateDir().resolve("api-key").toAbsolutePath().normalize();
  }

  @Override
  public void run(ApplicationArguments arguments) {
    boolean made = Boolean.TRUE.equals(transaction.execute(status -> ensure()));
    check.forget();
    if (made) {
      LOG.info("an admin key was written to {}", file);
    }
  }

  /** In a transaction that is undone when the file cannot be written. */
  private boolean ensure() {
    ApiKeys.lock(jdbc);
    if (properties.resetKey()) {
      reset();
      return true;
    }
    boolean none = jdbc.sql("SELECT count(*) FROM hub.api_key").query(Long.class).single() == 0;
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      if (!live()) {
        LOG.warn(
            "{} holds no valid key of this hub's database and was left as it is: put a valid key into"
                + " it, or delete it; hub.api.reset-key=true at the next start makes a new one",
            file);
      }
      return false;
    }
    if (none) {
      write(make(), false);
      return true;
    }
    if (jdbc.sql(SqlFile.load("security/key-live-admins")).query(Long.class).single() == 0) {
      LOG.warn(
          "no admin key is live: start once with hub.api.reset-key=true to have one written to {}",
          file);
    }
    return false;
  }

  private void reset() {
    List<UUID> old =
        jdbc.sql("SELECT id FROM hub.api_key WHERE name = :name AND revoked_at IS NULL")
            .param("name", NAME)
            .query(UUID.class)
            .list();
    for (UUID id : old) {
      jdbc.sql("UPDATE hub.api_key SET revoked_at = now(), revoked_by = 'reset' WHERE id = :id")
          .param("id", id)
          .update();
      audit.record("hub", "key.revoke", id.toString(), Map.of("name", NAME, "reason", "reset"));
    }
    write(make(), true);
    LOG.warn("hub.api.reset-key is on: take it away, or each start makes a new key");
  }

  private String make() {
    String token = Tokens.random();
    UUID id = keys.insert(NAME, Role.ADMIN, null, token, "hub");
    audit.record("hub", "key.create", id.toString(), Map.of("name", NAME, "role", "admin"));
    return token;
  }

  private boolean live() {
    try {
      return check.check(Files.readString(file, StandardCharsets.US_ASCII).strip()).isPresent();
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", file, e.toString());
      return false;
    }
  }

  /** Whole or not at all, and never readable by others, not even for an instant. */
  private void write(String token, boolean replace) {
    Path directory = file.getParent();
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory, mode(directory.getRoot(), "rwx------"));
      }
      if (!replace && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(file.toString());
      }
      Path fresh = directory.resolve(".api-key-" + UUID.randomUUID());
      Files.createFile(fresh, mode(directory, "rw-------"));
      try {
        Files.writeString(fresh, token + "\n", StandardCharsets.US_ASCII);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the first API key cannot be written to " + file + "; is hub.state-dir writable?", e);
    }
  }

  private static FileAttribute<?>[] mode(Path place, String permissions) {
    return place.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
