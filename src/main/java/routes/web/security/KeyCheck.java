package routes.web.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.DaemonThreads;
import routes.kernel.SqlFile;
import routes.stores.postgres.GuardPool;

/**
 * Tells whose key a token is. A token is looked up by its hash, so no comparison of secrets can be
 * timed. Answers are remembered for {@link #REMEMBERED}, which is how long a revoked or expired key
 * may still be taken by another replica.
 */
@Component
class KeyCheck implements DisposableBean {

  /** How long an answer of the database is taken for granted. */
  static final Duration REMEMBERED = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(KeyCheck.class);
  private static final int MOST_REMEMBERED = 1_000;
  private static final Duration TOUCH_EVERY = Duration.ofMinutes(1);

  private final JdbcClient jdbc;
  private final Cache<ByteBuffer, Optional<Caller>> answers =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).expireAfterWrite(REMEMBERED).build();
  private final Cache<UUID, Boolean> touched =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).expireAfterWrite(TOUCH_EVERY).build();
  // Nobody waits for this, and nothing piles up when the database is slow.
  private final ThreadPoolExecutor touches =
      new ThreadPoolExecutor(
          0,
          1,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(100),
          DaemonThreads.named("key-last-used"),
          new ThreadPoolExecutor.DiscardPolicy());

  KeyCheck(@Qualifier(GuardPool.NAME) javax.sql.DataSource guard) {
    this.jdbc = JdbcClient.create(guard);
  }

  /**
   * @return empty for a token that is unknown, expired or revoked: a caller is not told which
   * @throws org.springframework.dao.DataAccessException when the database does not answer and the
   *     token was not looked up lately
   */
  Optional<Caller> check(String token) {
    if (!Tokens.wellFormed(token)) {
      return Optional.empty();
    }
    byte[] hash = Tokens.sha256(token);
    Optional<Caller> caller = answers.get(ByteBuffer.wrap(hash), key -> find(hash));
    caller.ifPresent(known -> touch(known.keyId()));
    return caller;
  }

  /** To be called after a change, so that it acts at once on this replica. */
  void forget() {
    answers.invalidateAll();
  }

  private Optional<Caller> find(byte[] hash) {
    return jdbc.sql(SqlFile.load("security/key-find"))
        .param("sha256", hash)
        .query(KeyCheck::caller)
        .optional();
  }

  /** Whose key a row is of. */
  static Caller caller(ResultSet row, int number) throws SQLException {
    return new Caller(
        row.getString("name"), Role.of(row.getString("role")), row.getObject("id", UUID.class));
  }

  private void touch(UUID id) {
    if (touched.asMap().putIfAbsent(id, true) != null) {
      return;
    }
    touches.execute(
        () -> {
          try {
            jdbc.sql(SqlFile.load("security/key-touch")).param("id", id).update();
          } catch (RuntimeException e) {
            LOG.info("when key {} was last used is not noted: {}", id, e.getMessage());
          }
        });
  }

  @Override
  public void destroy() {
    touches.shutdownNow();
  }
}
