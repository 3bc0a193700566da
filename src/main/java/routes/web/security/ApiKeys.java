package routes.web.security;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.kernel.Columns;
import routes.kernel.SqlFile;
import routes.kernel.errors.ConflictException;
import routes.kernel.errors.NotFoundException;

/** API keys as admins meet them. The secret is shown once, when it is made, and never stored. */
@Component
public class ApiKeys {

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Audit audit;
  private final KeyCheck check;

  ApiKeys(JdbcClient jdbc, PlatformTransactionManager transactions, Audit audit, KeyCheck check) {
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
    this.audit = audit;
    this.check = check;
  }

  /**
   * A key as the API shows it.
   *
   * @param state {@code live}, {@code expired} or {@code revoked}
   * @param lastUsedAt to the minute
   * @param key the secret; only in the answer to its creation
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ApiKey(
      UUID id,
      String name,
      String role,
      String state,
      Instant createdAt,
      String createdBy,
      Instant expiresAt,
      Instant revokedAt,
      String revokedBy,
      Instant lastUsedAt,
      String key) {

    @Override
    public String toString() {
      return "ApiKey[" + name + "]";
    }
  }

  public List<ApiKey> list() {
    return keys(null);
  }

  /**
   * Makes a key.
   *
   * @param expiresIn null: never expires
   * @throws ConflictException when a key of that name was not revoked
   */
  public ApiKey create(String name, Role role, Duration expiresIn, String by) {
    String token = Tokens.random();
    ApiKey made =
        transaction.execute(
            status -> {
              UUID id = insert(name, role, expiresIn, token, by);
              audit.record(
                  by, "key.create", id.toString(), Map.of("name", name, "role", role.text()));
              return keys(id).get(0);
            });
    return new ApiKey(
        made.id(),
        made.name(),
        made.role(),
        made.state(),
        made.createdAt(),
        made.createdBy(),
        made.expiresAt(),
        null,
        null,
        null,
        token);
  }

  /** In the caller's transaction. */
  UUID insert(String name, Role role, Duration expiresIn, String token, String by) {
    UUID id = UUID.randomUUID();
    int written =
        jdbc.sql(SqlFile.load("security/key-create"))
            .param("id", id)
            .param("name", name)
            .param("role", role.text())
            .param("sha256", Tokens.sha256(token))
            .param("by", by)
            .param(
                "seconds", expiresIn == null ? null : expiresIn.toSeconds(), java.sql.Types.BIGINT)
            .update();
    if (written == 0) {
      throw new ConflictException(
          "a key called '" + name + "' exists; take another name, or revoke it first",
          Map.of("field", "name"));
    }
    return id;
  }

  /**
   * Revokes a key; other replicas follow within five seconds. A repeat changes nothing.
   *
   * @throws NotFoundException when there is none
   * @throws ConflictException when nobody could make a key after that
   */
  public ApiKey revoke(UUID id, String by) {
    ApiKey revoked =
        transaction.execute(
            status -> {
              lock(jdbc);
              ApiKey key =
                  keys(id).stream()
                      .findFirst()
                      .orElseThrow(
                          () -> new NotFoundException("key", id.toString(), "see GET /api/keys"));
              if (key.revokedAt() != null) {
                return key;
              }
              if (key.role().equals("admin")
                  && jdbc.sql(SqlFile.load("security/key-admins"))
                          .param("id", id)
                          .query(Long.class)
                          .single()
                      == 0) {
                throw new ConflictException(
                    "key '%s' is the last admin key that does not expire; make another one first"
                        .formatted(key.name()),
                    Map.of("key", id));
              }
              jdbc.sql(SqlFile.load("security/key-revoke"))
                  .param("id", id)
                  .param("by", by)
                  .update();
              audit.record(by, "key.revoke", id.toString(), Map.of("name", key.name()));
              return keys(id).get(0);
            });
    check.forget();
    return revoked;
  }

  /** Those of the keys that are neither revoked nor expired. */
  public Set<UUID> live(Set<UUID> ids) {
    return Set.copyOf(
        jdbc.sql(SqlFile.load("security/keys-live"))
            .param("ids", ids.stream().map(UUID::toString).toArray(String[]::new))
            .query(UUID.class)
            .list());
  }

  /** One decision about keys at a time, over all replicas. */
  static void lock(JdbcClient jdbc) {
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended('hub.api_key', 0))::text")
        .query(String.class)
        .optional();
  }

  private List<ApiKey> keys(UUID id) {
    return jdbc.sql(SqlFile.load("security/key-list"))
        .param("id", id, java.sql.Types.OTHER)
        .query(ApiKeys::key)
        .list();
  }

  private static ApiKey key(ResultSet row, int number) throws SQLException {
    return new ApiKey(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getString("role"),
        row.getString("state"),
        Columns.instant(row, "created_at"),
        row.getString("created_by"),
        Columns.instant(row, "expires_at"),
        Columns.instant(row, "revoked_at"),
        row.getString("revoked_by"),
        Columns.instant(row, "last_used_at"),
        null);
  }
}
