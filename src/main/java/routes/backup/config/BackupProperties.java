package routes.backup.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;
import routes.stores.postgres.ConnectionProperties;
import routes.stores.postgres.PostgresAddress;

/**
 * {@code hub.backup.*}
 *
 * @param parallel tables read or loaded at a time, each on a connection of its own, count; default
 *     2
 * @param uploads chunks compressed and sent at a time, count; default 2
 * @param lockTimeout longest wait for the ACCESS SHARE lock on a table; default 10 s
 * @param pgBin folder of {@code pg_dump} and {@code pg_restore}; empty: looked for, by the server's
 *     major version
 * @param verifyShare percent of all chunks that the daily verification reads, 1 to 100; default 10
 * @param drill where snapshots are restored to be proven
 */
@Validated
@ConfigurationProperties("hub.backup")
public record BackupProperties(
    @Min(1) @Max(32) @DefaultValue("2") int parallel,
    @Min(1) @Max(32) @DefaultValue("2") int uploads,
    @NotNull @DefaultValue("10s") Duration lockTimeout,
    Path pgBin,
    @Min(1) @Max(100) @DefaultValue("10") int verifyShare,
    @Valid @NotNull @DefaultValue Drill drill) {

  /**
   * {@code hub.backup.drill.*}
   *
   * @param url a server where drills may create and drop databases, of the source's major version;
   *     the database named is only the one to connect to first
   * @param username wins over the URL's
   * @param password wins over the URL's
   * @param onSource drill on the source's own server when no URL is set: for development; default
   *     false
   */
  public record Drill(
      String url, String username, String password, @DefaultValue("false") boolean onSource) {
    public static final String KEY = "hub.backup.drill";

    public boolean isConfigured() {
      return url != null && !url.isBlank();
    }

    /**
     * @throws IllegalArgumentException naming the key to mend
     */
    public PostgresAddress address() {
      return new ConnectionProperties(url, username, password).address(KEY);
    }

    @Override
    public String toString() {
      return KEY + "[…]";
    }
  }
}
