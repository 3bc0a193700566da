package routes.backup.postgres.dump;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import routes.backup.postgres.database.Database;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.session.PinnedSession;
import routes.jobs.RunContext;
import routes.kernel.errors.PermanentException;
import routes.stores.postgres.PostgresAddress;

/**
 * A source held still: ACCESS SHARE on every table, then one snapshot for all sessions.
 *
 * <p>In this order, for a snapshot does not see what TRUNCATE or ALTER TABLE does after it was
 * taken and before the lock: a table emptied in between would be backed up as empty.
 *
 * <p>Every reading session holds the locks itself. Were they held by one session for all, a DROP
 * that waits for it would make the others wait behind the DROP, and all three for ever: the server
 * sees no deadlock, since the holder is idle.
 */
public final class PostgresSource implements AutoCloseable {

  private static final int MOST_ROUNDS = 5;
  private static final int OLDEST_MAJOR = 13;
  private static final int BATCH = 100;

  private final PostgresAddress address;
  private final List<PinnedSession> readers = new ArrayList<>();
  private final BlockingQueue<PinnedSession> idle;
  private final PinnedSession snapshot;
  private Database database;
  private String exported;

  private PostgresSource(PostgresAddress address, PinnedSession snapshot, int readers) {
    this.address = address;
    this.snapshot = snapshot;
    this.idle = new ArrayBlockingQueue<>(readers);
  }

  /**
   * @param wanted sessions that read tables at a time, ≥ 1; one is taken when the server's lock
   *     table would be filled by more
   * @param lockTimeout longest wait for one table
   * @throws PermanentException when the role may not read all, or the server is too old
   * @throws SQLException naming the table when a lock is not to be had
   */
  public static PostgresSource open(
      PostgresAddress given, int wanted, Duration lockTimeout, RunContext run) throws SQLException {
    PostgresAddress address = Inspector.readable(given);
    PinnedSession snapshot = PinnedSession.open(address, "backup snapshot");
    PostgresSource source = null;
    try {
      Inspector inspector = new Inspector(snapshot);
      Database.Identity identity = inspector.identity();
      if (identity.major() < OLDEST_MAJOR) {
        throw new PermanentException(
            "the server is PostgreSQL %s; %s or newer is needed"
                .formatted(identity.version(), OLDEST_MAJOR));
      }
      // Before the first lock: missing privileges are told by name, all of them at once.
      inspector.database();
      inspector.hidden().forEach(run::warn);
      int readers = inspector.lockTableHolds(wanted) ? wanted : 1;
      source = new PostgresSource(address, snapshot, readers);
      for (int i = 0; i < readers; i++) {
        source.readers.add(PinnedSession.open(address, "backup reader " + (i + 1)));
      }
      source.hold(lockTimeout, run);
      return source;
    } catch (SQLException | RuntimeException e) {
      try {
        (source == null ? snapshot : source).close();
      } catch (Exception closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  private void hold(Duration lockTimeout, RunContext run) throws SQLException {
    for (int round = 1; round <= MOST_ROUNDS; round++) {
      run.checkpoint();
      for (PinnedSession reader : readers) {
        reader.beginSnapshot();
      }
      Set<Long> held = lockAll(lockTimeout);
      snapshot.beginSnapshot();
      Inspector inspector = new Inspector(snapshot);
      exported =
          inspector.rows("SELECT pg_catalog.pg_export_snapshot()", r -> r.getString(1)).get(0);
      if (held != null
          && inspector.lockables().stream().map(Inspector.Lockable::oid).allMatch(held::contains)) {
        for (PinnedSession reader : readers) {
          reader.takeSnapshot(exported);
        }
        Inspector locked = new Inspector(readers.get(0));
        database = locked.database().withSizes(locked.sizes());
        idle.addAll(readers);
        return;
      }
      // A table came in between, or a DROP waits behind our first lock: let all go, begin anew.
      snapshot.execute("ROLLBACK");
      for (PinnedSession reader : readers) {
        reader.execute("ROLLBACK");
      }
    }
    throw new SQLException(
        "tables were created or dropped faster than they could be locked, "
            + MOST_ROUNDS
            + " times; the backup is tried again later");
  }

  /** Oids of the tables that every reader holds; null when one could not follow the first. */
  private Set<Long> lockAll(Duration lockTimeout) throws SQLException {
    Set<Long> held = new HashSet<>();
    List<Inspector.Lockable> tables = new Inspector(snapshot).lockables();
    for (int from = 0; from < tables.size(); from += BATCH) {
      List<Inspector.Lockable> batch = tables.subList(from, Math.min(tables.size(), from + BATCH));
      List<Inspector.Lockable> there = batch;
      for (int i = 0; i < readers.size(); i++) {
        PinnedSession reader = readers.get(i);
        // The first waits for others' locks; one that the next must wait for waits for the first.
        String wait = i == 0 ? "" : " NOWAIT";
        reader.lockTimeout(lockTimeout);
        if (!lock(reader, there, wait)) {
          if (i > 0) {
            return null;
          }
          there = oneByOne(reader, batch, lockTimeout);
        }
      }
      there.forEach(table -> held.add(table.oid()));
    }
    for (PinnedSession reader : readers) {
      reader.lockTimeout(Duration.ZERO);
    }
    return held;
  }

  private static boolean lock(PinnedSession session, List<Inspector.Lockable> tables, String wait)
      throws SQLException {
    if (tables.isEmpty()) {
      return true;
    }
    String names = String.join(", ", tables.stream().map(table -> "ONLY " + table.sql()).toList());
    session.execute("SAVEPOINT batch");
    try {
      session.execute("LOCK TABLE " + names + " IN ACCESS SHARE MODE" + wait);
      session.execute("RELEASE SAVEPOINT batch");
      return true;
    } catch (SQLException e) {
      session.execute("ROLLBACK TO SAVEPOINT batch");
      session.execute("RELEASE SAVEPOINT batch");
      if (isLocked(e) || isGone(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Leaves out what is gone, and names what is locked. */
  private static List<Inspector.Lockable> oneByOne(
      PinnedSession session, List<Inspector.Lockable> tables, Duration timeout)
      throws SQLException {
    List<Inspector.Lockable> there = new ArrayList<>();
    for (Inspector.Lockable table : tables) {
      session.execute("SAVEPOINT one");
      try {
        session.execute("LOCK TABLE ONLY " + table.sql() + " IN ACCESS SHARE MODE");
        there.add(table);
      } catch (SQLException e) {
        session.execute("ROLLBACK TO SAVEPOINT one");
        if (isLocked(e)) {
          throw new SQLException(
              ("table %s is locked by another session for longer than hub.backup.lock-timeout "
                      + "(%s ms)")
                  .formatted(table.label(), timeout.toMillis()),
              e.getSQLState(),
              e);
        }
        if (!isGone(e)) {
          throw e;
        }
        // Dropped since it was listed: the snapshot, taken later, will not know it either.
      }
      session.execute("RELEASE SAVEPOINT one");
    }
    return there;
  }

  private static boolean isLocked(SQLException e) {
    return "55P03".equals(e.getSQLState());
  }

  private static boolean isGone(SQLException e) {
    return "42P01".equals(e.getSQLState()) || "3F000".equals(e.getSQLState());
  }

  /** How it is spoken to. */
  PostgresAddress address() {
    return address;
  }

  Database database() {
    return database;
  }

  /** For {@code pg_dump --snapshot}; good until this is closed. */
  String exportedSnapshot() {
    return exported;
  }

  /** Work on a session that sees the snapshot and holds every lock. */
  interface Work<T> {
    T on(PinnedSession session) throws Exception;
  }

  /** Lends a session, waiting for one. */
  <T> T read(Work<T> work) throws Exception {
    PinnedSession session = idle.take();
    try {
      return work.on(session);
    } finally {
      idle.add(session);
    }
  }

  /** Cuts all sessions, from any thread. */
  void abort() throws SQLException {
    forAll(PinnedSession::abort);
  }

  @Override
  public void close() throws SQLException {
    forAll(PinnedSession::close);
  }

  private interface Step {
    void on(PinnedSession session) throws SQLException;
  }

  /** Of those that fail, the first is told, when all had their turn. */
  private void forAll(Step step) throws SQLException {
    SQLException failed = null;
    for (PinnedSession session : all()) {
      try {
        step.on(session);
      } catch (SQLException e) {
        failed = failed == null ? e : failed;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  private List<PinnedSession> all() {
    List<PinnedSession> all = new ArrayList<>(readers);
    all.add(snapshot);
    return all;
  }
}
