package routes.backup.postgres.restore;

import io.opentelemetry.api.trace.SpanKind;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;
import routes.backup.postgres.archive.RestoreFailures;
import routes.backup.postgres.archive.SnapshotReader;
import routes.backup.postgres.database.Database;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.database.LargeObjects;
import routes.backup.postgres.database.NotEqualException;
import routes.backup.postgres.database.SequenceState;
import routes.backup.postgres.session.PinnedSession;
import routes.backup.postgres.session.Progress;
import routes.backup.postgres.session.Sql;
import routes.jobs.RunContext;
import routes.kernel.errors.PermanentException;
import routes.repository.chunks.EntryComparison;
import routes.repository.format.Entry;
import routes.stores.postgres.PostgresAddress;
import routes.telemetry.Spans;

/**
 * Loads what tables, sequences and large objects hold, and compares what arrived: two steps, for
 * the second is proof and no part of the time a restore takes.
 */
record RowsLoad(SnapshotReader reader, PostgresAddress target, Spans spans, RunContext run) {

  /**
   * What a server's crash takes here, the end of the load would have flushed: nothing is missed.
   */
  private static final String UNFLUSHED = "SET synchronous_commit = off";

  /** The server takes a message whole before it works on it; small ones keep it at work. */
  private static final int MESSAGE = 64 << 10;

  /**
   * Loads one table; nobody has looked at what arrived.
   *
   * @param root table through which its rows are loaded, or null
   * @throws NotEqualException when the server counts other rows than the snapshot
   */
  void load(Entry entry, Database.Root root, Progress progress) throws Exception {
    Database.Table table = table(entry).through(root);
    during(
        "load",
        entry.name(),
        session -> {
          session.execute(UNFLUSHED);
          session.execute("BEGIN");
          // What is loaded through a root may be in any partition already.
          boolean own = table.filter() == null && root == null;
          if (own) {
            // One stream into an emptied table: rows keep their order, which is compared.
            session.execute("TRUNCATE TABLE ONLY " + table.sql());
          }
          long rows = copyIn(entry, session, table.copyIn(own), progress);
          session.execute("COMMIT");
          if (rows != entry.rows()) {
            throw new NotEqualException(
                "table " + entry.name() + ": " + rows + " rows arrived of " + entry.rows());
          }
        });
  }

  /**
   * Reads a loaded table again.
   *
   * @throws NotEqualException when a row differs from the snapshot
   */
  void compare(Entry entry, Progress progress) throws Exception {
    Database.Table table = table(entry);
    during(
        "comparison",
        entry.name(),
        session -> {
          session.execute("BEGIN");
          unforce(session, table.sql());
          compare(entry, session, table.copyOut(), progress);
          session.execute("ROLLBACK");
        });
  }

  /**
   * Reads all partitions below a root again. Rows that were loaded through it may be in other
   * partitions than they were, so all are compared together, in no order.
   *
   * @param partitions of the snapshot, all that are loaded through the root
   * @throws NotEqualException when a row differs from the snapshot
   */
  void compare(Database.Root root, List<Entry> partitions, Progress progress) throws Exception {
    Database.Table table = table(partitions.get(0)).through(root);
    if (partitions.stream().anyMatch(one -> !table(one).columns().equals(table.columns()))) {
      throw new PermanentException(
          "cannot compare the partitions of "
              + root.label()
              + ": this older snapshot has their columns in different orders; a new backup has"
              + " not");
    }
    RowsDigest expected = new RowsDigest();
    for (Entry partition : partitions) {
      reader.read(
          partition,
          chunk -> expected.update(chunk.array(), chunk.arrayOffset(), chunk.remaining()));
    }
    RowsDigest actual = new RowsDigest();
    during(
        "comparison",
        root.label(),
        session -> {
          session.execute("BEGIN");
          unforce(session, root.sql());
          CopyOut out = session.postgres().getCopyAPI().copyOut(table.copyRoot());
          for (byte[] rows = out.readFromCopy(); rows != null; rows = out.readFromCopy()) {
            actual.update(rows, 0, rows.length);
            progress.add(rows.length, root.label());
          }
          session.execute("ROLLBACK");
        });
    if (!actual.sameAs(expected)) {
      throw new NotEqualException(
          "partitions of %s: their %s rows are not the %s of the snapshot"
              .formatted(root.label(), actual.rows(), expected.rows()));
    }
  }

  private static Database.Table table(Entry entry) {
    return Database.Table.of(entry.about(), entry.plainBytes());
  }

  /**
   * Row security that is forced upon owners, too, would keep one who is no superuser from reading
   * what it just loaded; for this transaction, which is rolled back, it is not.
   */
  private static void unforce(PinnedSession session, String table) throws SQLException {
    boolean hidden =
        !new Inspector(session)
            .rows(
                "SELECT 1 FROM pg_catalog.pg_class WHERE oid = "
                    + Sql.literal(table)
                    + "::pg_catalog.regclass AND relforcerowsecurity"
                    + " AND pg_catalog.row_security_active(oid)",
                row -> row.getInt(1))
            .isEmpty();
    if (hidden) {
      session.execute("ALTER TABLE ONLY " + table + " NO FORCE ROW LEVEL SECURITY");
    }
  }

  /** Work on one table, in a session of its own. */
  private interface Work {
    void in(PinnedSession session) throws Exception;
  }

  private void during(String what, String table, Work work) throws Exception {
    run.checkpoint();
    spans.in(
        "COPY " + table,
        SpanKind.CLIENT,
        Map.of("db.system.name", "postgresql", "db.operation.name", "COPY"),
        () -> {
          try (PinnedSession session = PinnedSession.open(target, "restore " + table);
              RunContext.Registration cut = run.onStop(what + " of " + table, session::abort)) {
            work.in(session);
            return null;
          } catch (SQLException e) {
            throw new SQLException("table " + table + ": " + e.getMessage(), e.getSQLState(), e);
          }
        });
  }

  private long copyIn(Entry entry, PinnedSession session, String sql, Progress progress)
      throws SQLException, IOException {
    CopyIn in = session.postgres().getCopyAPI().copyIn(sql);
    try {
      reader.read(
          entry,
          chunk -> {
            int end = chunk.arrayOffset() + chunk.remaining();
            try {
              for (int at = chunk.arrayOffset(); at < end; at += MESSAGE) {
                in.writeToCopy(chunk.array(), at, Math.min(MESSAGE, end - at));
              }
            } catch (SQLException e) {
              throw new IOException(e);
            }
            progress.add(chunk.remaining(), entry.name());
          });
      return in.endCopy();
    } catch (IOException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw e;
    } finally {
      if (in.isActive()) {
        in.cancelCopy();
      }
    }
  }

  private void compare(Entry entry, PinnedSession session, String sql, Progress progress)
      throws SQLException {
    try (EntryComparison comparison = reader.comparison(entry)) {
      CopyOut out = session.postgres().getCopyAPI().copyOut(sql);
      for (byte[] rows = out.readFromCopy(); rows != null; rows = out.readFromCopy()) {
        comparison.update(rows, 0, rows.length);
        progress.add(rows.length, entry.name());
      }
      Optional<EntryComparison.Difference> difference = comparison.finish();
      if (difference.isPresent()) {
        throw new NotEqualException(
            SnapshotReader.label(entry)
                + ": from row "
                + (difference.get().fromRow() + 1)
                + " on, "
                + difference.get().what());
      }
    }
  }

  /**
   * @param failures takes the sequences that fail, each by itself; null: none may
   */
  void loadSequences(Entry entry, RestoreFailures failures) throws Exception {
    try (PinnedSession session = PinnedSession.open(target, "restore sequences")) {
      if (failures == null) {
        session.execute("BEGIN");
      }
      for (SequenceState state : sequences(entry)) {
        RestoreFailures.tried(failures, "value of " + state.label(), () -> state.restore(session));
      }
      if (failures == null) {
        session.execute("COMMIT");
      }
    }
  }

  /**
   * @param all whether none may be missing
   * @param failures takes the sequences that differ; null: none may
   * @throws NotEqualException when one stands elsewhere
   */
  void compareSequences(Entry entry, boolean all, RestoreFailures failures) throws Exception {
    try (PinnedSession session = PinnedSession.open(target, "restore sequences")) {
      for (SequenceState state : sequences(entry)) {
        if (all || state.isHere(session)) {
          RestoreFailures.tried(
              failures, "value of " + state.label(), () -> state.compare(session));
        }
      }
    }
  }

  private List<SequenceState> sequences(Entry entry) throws IOException {
    List<SequenceState> states = new ArrayList<>();
    reader.read(entry, chunk -> states.addAll(SequenceState.lines(chunk)));
    return states;
  }

  void loadLargeObjects(Entry entry, Progress progress) throws Exception {
    try (PinnedSession session = PinnedSession.open(target, "restore large objects");
        RunContext.Registration cut = run.onStop("large objects", session::abort)) {
      session.execute(UNFLUSHED);
      LargeObjects.createStaging(session);
      copyIn(entry, session, LargeObjects.COPY_IN, progress);
      session.execute("BEGIN");
      LargeObjects.write(session);
      session.execute("COMMIT");
    }
  }

  /**
   * @throws NotEqualException when one differs
   */
  void compareLargeObjects(Entry entry, Progress progress) throws Exception {
    try (PinnedSession session = PinnedSession.open(target, "restore large objects");
        RunContext.Registration cut = run.onStop("large objects", session::abort)) {
      compare(entry, session, "COPY (" + LargeObjects.READ + ") TO STDOUT", progress);
    }
  }
}
