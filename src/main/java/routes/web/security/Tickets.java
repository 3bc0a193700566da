package routes.web.security;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.SqlFile;
import routes.kernel.errors.HttpException;
import routes.stores.postgres.GuardPool;

/**
 * Tickets stand for an API key where a browser cannot send one: in the address of an event stream.
 * One admits once, within {@link #LIFE}, to what its key may see; it lies in the database by its
 * hash, so every replica takes it.
 */
@Component
public class Tickets {

  /** An address may be seen by others: what is in it must be worthless by then. */
  static final Duration LIFE = Duration.ofSeconds(30);

  /** Unused tickets of one key at a time. */
  private static final int MOST = 64;

  private final JdbcClient jdbc;

  Tickets(@Qualifier(GuardPool.NAME) javax.sql.DataSource guard) {
    this.jdbc = JdbcClient.create(guard);
  }

  /**
   * A ticket as the API shows it, this once.
   *
   * @param ticket the secret
   */
  public record Ticket(String ticket, Instant expiresAt) {
    @Override
    public String toString() {
      return "Ticket[…]";
    }
  }

  /**
   * Makes a ticket for the caller.
   *
   * @throws HttpException 429 when its key has too many that were not used
   */
  public Ticket create(Caller caller) {
    String token = Tokens.random();
    Instant expiresAt =
        jdbc.sql(SqlFile.load("security/ticket-create"))
            .param("sha256", Tokens.sha256(token))
            .param("keyId", caller.keyId())
            .param("seconds", (double) LIFE.toSeconds())
            .param("most", MOST)
            .query((row, n) -> row.getTimestamp("expires_at").toInstant())
            .optional()
            .orElseThrow(
                () ->
                    new HttpException(
                        429,
                        "Too many requests",
                        "this key has " + MOST + " tickets that were not used; they expire soon",
                        Map.of()));
    return new Ticket(token, expiresAt);
  }

  /** Whose ticket it is; empty for one that is unknown, used or expired. */
  Optional<Caller> redeem(String token) {
    if (!Tokens.wellFormed(token)) {
      return Optional.empty();
    }
    return jdbc.sql(SqlFile.load("security/ticket-redeem"))
        .param("sha256", Tokens.sha256(token))
        .query(KeyCheck::caller)
        .optional();
  }
}
