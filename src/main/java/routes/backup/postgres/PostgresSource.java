package routes.backup.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import routes.jobs.RunContext;
import routes.platform.error.PermanentException;
import routes.platform.postgres.PostgresAddress;

/**
 * A source held still: ACCESS SHARE on every table, then a snapshot that other sessions share.
 *
 * <p>In this order, for a snapshot does not see what TRUNCATE or ALTER TABLE does after it was
 * taken and before the lock: a table emptied in between would be backed up as empty. So one session
 * holds the locks, another takes the snapshot when no table is left unlocked.
 */
final class PostgresSource implements AutoCloseable {

  private static final int MOST_ROUNDS = 5;
  private static final int OLDEST_MAJOR = 13;

  private final PinnedSession locks;
  private final PinnedSession snapshot;
  private final Database database;
  private final String exported;

  private PostgresSource(
      PinnedSession locks, PinnedSession snapshot, Database database, String exported) {
    this.locks = locks;
    this.snapshot = snapshot;
    this.database = database;
    this.exported = exported;
  }

  /**
   * @param lockTimeout longest wait for one table
   * @throws PermanentException when the role may not read all, or the server is too old
   * @throws SQLException naming the table when a lock is not to be had
   */
  static PostgresSource open(PostgresAddress address, Duration lockTimeout, RunContext run)
      throws SQLException {
    PinnedSession locks = PinnedSession.open(address, "backup locks");
    PinnedSession snapshot = null;
    try {
      snapshot = PinnedSession.open(address, "backup snapshot");
      PostgresSource source = hold(locks, snapshot, lockTimeout, run);
      return source;
    } catch (SQLException | RuntimeException e) {
      closeQuietly(locks, e);
      if (snapshot != null) {
        closeQuietly(snapshot, e);
      }
      throw e;
    }
  }

  private static PostgresSource hold(
      PinnedSession locks, PinnedSession snapshot, Duration lockTimeout, RunContext run)
      throws SQLException {
    Inspector reader = new Inspector(snapshot);
    Database.Identity identity = reader.identity();
    if (identity.major() < OLDEST_MAJOR) {
      throw new PermanentException(
          "the server is PostgreSQL "
              + identity.version()
              + "; "
              + OLDEST_MAJOR
              + " or newer is needed");
    }
    // Before the first lock: a missing privilege is told by name, all of them at once.
    reader.database();
    locks.lockTimeout(lockTimeout);
    locks.execute("BEGIN");
    Set<Long> held = new HashSet<>();
    Inspector shapes = new Inspector(locks);
    for (int round = 1; round <= MOST_ROUNDS; round++) {
      run.checkpoint();
      lock(locks, shapes.lockables(), held, lockTimeout);
      snapshot.beginSnapshot();
      String exported =
          reader.rows("SELECT pg_catalog.pg_export_snapshot()", row -> row.getString(1)).get(0);
      boolean complete =
          reader.lockables().stream().map(Inspector.Lockable::oid).allMatch(held::contains);
      if (complete) {
        return new PostgresSource(
            locks, snapshot, reader.database().withSizes(reader.sizes()), exported);
      }
      // A table was made between the locks and the snapshot.
      snapshot.execute("ROLLBACK");
    }
    throw new SQLException(
        "tables were created faster than they could be locked, "
            + MOST_ROUNDS
            + " times; the backup is tried again later");
  }

  private static void lock(
      PinnedSession locks, List<Inspector.Lockable> tables, Set<Long> held, Duration timeout)
      throws SQLException {
    for (Inspector.Lockable table : tables) {
      if (held.contains(table.oid())) {
        continue;
      }
      locks.execute("SAVEPOINT one");
      try {
        locks.execute("LOCK TABLE ONLY " + table.sql() + " IN ACCESS SHARE MODE");
        held.add(table.oid());
        locks.execute("RELEASE SAVEPOINT one");
      } catch (SQLException e) {
        locks.execute("ROLLBACK TO SAVEPOINT one");
        if ("55P03".equals(e.getSQLState())) {
          throw new SQLException(
              "table "
                  + table.label()
                  + " is locked by another session for longer than hub.backup.lock-timeout ("
                  + timeout.toSeconds()
                  + " s)",
              e.getSQLState(),
              e);
        }
        if (!"42P01".equals(e.getSQLState())) {
          throw e;
        }
        // Dropped since it was listed: the snapshot, taken later, will not know it either.
      }
    }
  }

  Database database() {
    return database;
  }

  /** For {@code SET TRANSACTION SNAPSHOT} and {@code pg_dump --snapshot}. */
  String exportedSnapshot() {
    return exported;
  }

  PinnedSession session() {
    return snapshot;
  }

  /** Cuts both sessions, from any thread. */
  void abort() throws SQLException {
    try {
      locks.abort();
    } finally {
      snapshot.abort();
    }
  }

  @Override
  public void close() throws SQLException {
    try {
      locks.close();
    } finally {
      snapshot.close();
    }
  }

  private static void closeQuietly(PinnedSession session, Exception reason) {
    try {
      session.close();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }
}
