package routes.backup.postgres;

import io.opentelemetry.api.trace.SpanKind;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;
import routes.jobs.RunContext;
import routes.platform.postgres.PostgresAddress;
import routes.platform.telemetry.Spans;
import routes.repository.Entry;
import routes.repository.EntryComparison;

/** Loads what tables, sequences and large objects hold, and compares what arrived. */
final class RowsLoad {

  private final SnapshotReader reader;
  private final PostgresAddress target;
  private final Spans spans;
  private final RunContext run;

  RowsLoad(SnapshotReader reader, PostgresAddress target, Spans spans, RunContext run) {
    this.reader = reader;
    this.target = target;
    this.spans = spans;
    this.run = run;
  }

  /** Loads one table and reads it again; returns the nanoseconds the reading took. */
  long table(Entry entry, Progress progress) throws Exception {
    run.checkpoint();
    Database.Table table = Database.Table.of(entry.about(), entry.plainBytes());
    return spans.in(
        "COPY " + entry.name(),
        SpanKind.CLIENT,
        Map.of("db.system.name", "postgresql", "db.operation.name", "COPY"),
        () -> {
          try (PinnedSession session = PinnedSession.open(target, "restore " + entry.name());
              RunContext.Registration cut = run.onStop("load of " + entry.name(), session::abort)) {
            session.execute("BEGIN");
            boolean own = table.filter() == null;
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
            long began = System.nanoTime();
            compare(entry, session, table.copyOut(), progress);
            return System.nanoTime() - began;
          } catch (SQLException e) {
            throw new SQLException(
                "table " + entry.name() + ": " + e.getMessage(), e.getSQLState(), e);
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
            int length = chunk.remaining();
            try {
              in.writeToCopy(chunk.array(), chunk.arrayOffset(), length);
            } catch (SQLException e) {
              throw new IOException(e);
            }
            progress.add(length, entry.name());
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
      for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
        comparison.update(row, 0, row.length);
        progress.add(row.length, entry.name());
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

  void sequences(Entry entry) throws Exception {
    List<SequenceState> states = new ArrayList<>();
    reader.read(entry, chunk -> states.addAll(SequenceState.lines(chunk)));
    try (PinnedSession session = PinnedSession.open(target, "restore sequences")) {
      for (SequenceState state : states) {
        state.restore(session);
      }
    }
  }

  void largeObjects(Entry entry, Progress progress) throws Exception {
    try (PinnedSession session = PinnedSession.open(target, "restore large objects");
        RunContext.Registration cut = run.onStop("large objects", session::abort)) {
      LargeObjects.createStaging(session);
      copyIn(entry, session, LargeObjects.COPY_IN, progress);
      session.execute("BEGIN");
      LargeObjects.write(session);
      compare(entry, session, "COPY (" + LargeObjects.READ + ") TO STDOUT", progress);
      session.execute("COMMIT");
    }
  }
}
