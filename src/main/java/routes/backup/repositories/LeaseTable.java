package routes.backup.repositories;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import routes.jobs.RunContext;
import routes.kernel.SqlFile;

/**
 * Rows of {@code hub.repository_lease} of one place. Each change is to be made within {@link
 * #locked}.
 *
 * @param place a copy's name; empty: the hub's own repository
 */
record LeaseTable(JdbcClient jdbc, TransactionTemplate transaction, String place) {

  /** What a lease is for. */
  enum Kind {
    WRITE,
    READ,
    RESTORE,
    EXPIRE,
    SWEEP;

    String sql() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Another run's lease. */
  record Other(UUID run, String job, String snapshot, Instant since) {}

  /** The same table's rows of another place. */
  LeaseTable at(String copy) {
    return new LeaseTable(jdbc, transaction, copy);
  }

  /** Who has one of these kinds, and still renews it. */
  Optional<Other> first(RunContext run, List<Kind> kinds, String source, String snapshot) {
    dropDead(kinds);
    return others(run.id(), kinds, source, snapshot).stream().findFirst();
  }

  List<Other> others(UUID run, List<Kind> kinds, String source, String snapshot) {
    return jdbc.sql(SqlFile.load("backup/lease-others"))
        .param("place", place)
        .param("kinds", kinds.stream().map(Kind::sql).toList())
        .param("run", run)
        .param("source", source)
        .param("snapshot", snapshot)
        .query(
            (row, n) ->
                new Other(
                    row.getObject("run_id", UUID.class),
                    row.getString("job"),
                    row.getString("snapshot"),
                    row.getTimestamp("since").toInstant()))
        .list();
  }

  /** Of runs that did not renew in time. */
  void dropDead(List<Kind> kinds) {
    jdbc.sql(SqlFile.load("backup/lease-drop-dead"))
        .param("place", place)
        .param("kinds", kinds.stream().map(Kind::sql).toList())
        .update();
  }

  /** Does it under the one lock that each change of leases is made under. */
  <T> T locked(java.util.function.Supplier<T> work) {
    return transaction.execute(
        status -> {
          jdbc.sql(
                  "SELECT pg_advisory_xact_lock(hashtextextended('hub.repository_lease', 0))::text")
              .query(String.class)
              .optional();
          return work.get();
        });
  }

  /**
   * @return the new lease's id
   */
  long take(RunContext run, Kind kind, String source, String snapshot) {
    return jdbc.sql(SqlFile.load("backup/lease-take"))
        .param("run", run.id())
        .param("attempt", run.attempt())
        .param("kind", kind.sql())
        .param("place", place)
        .param("source", source)
        .param("snapshot", snapshot)
        .query(Long.class)
        .single();
  }

  boolean isHeld(long id) {
    return jdbc.sql(SqlFile.load("backup/lease-held")).param("id", id).query(Long.class).single()
        > 0;
  }

  void claim(long id, String snapshot) {
    jdbc.sql(SqlFile.load("backup/lease-claim"))
        .param("id", id)
        .param("snapshot", snapshot)
        .update();
  }

  void delete(long id) {
    jdbc.sql("DELETE FROM hub.repository_lease WHERE id = :id").param("id", id).update();
  }
}
