package routes.backup.postgres.dump;

import io.opentelemetry.api.trace.SpanKind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postgresql.copy.CopyOut;
import routes.backup.postgres.database.Database;
import routes.backup.postgres.database.LargeObjects;
import routes.backup.postgres.database.SequenceState;
import routes.backup.postgres.session.PgChild;
import routes.backup.postgres.session.PgTools;
import routes.backup.postgres.session.PinnedSession;
import routes.backup.postgres.session.Progress;
import routes.kernel.errors.PermanentException;
import routes.repository.chunks.ChunkWriter;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.stores.postgres.PostgresAddress;
import routes.telemetry.Spans;

/** Reads one entry of a snapshot each: definitions and roles by programs, rows by COPY. */
record EntryDump(
    PostgresAddress address,
    PostgresSource source,
    PgTools tools,
    PostgresDump.Settings settings,
    PostgresDump.Destination to,
    Progress progress,
    Spans spans) {

  private static final Duration BEHIND_US = Duration.ofMillis(500);

  Entry definitions() throws Exception {
    List<String> command =
        List.of(
            tools.program("pg_dump").toString(),
            "--format=custom",
            // Chunks are compressed; compressed twice they would not be shared between snapshots.
            "--compress=0",
            "--section=pre-data",
            "--section=post-data",
            // Our sessions hold every table already: it waits only behind a DROP that waits for us.
            "--lock-wait-timeout=" + BEHIND_US.toMillis(),
            "--snapshot=" + source.exportedSnapshot());
    Map<String, Object> about = source.database().needs().about();
    return spans.in(
        "pg_dump",
        SpanKind.CLIENT,
        Map.of("db.system.name", "postgresql"),
        () -> stream(EntryKind.DDL, "definitions", about, command));
  }

  /** Roles and tablespaces. */
  Entry globals() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(tools.program("pg_dumpall").toString());
    command.add("--globals-only");
    if (!settings.rolePasswords()) {
      command.add("--no-role-passwords");
    }
    Map<String, Object> about = settings.rolePasswords() ? Map.of("passwords", true) : Map.of();
    try {
      return spans.in(
          "pg_dumpall",
          SpanKind.CLIENT,
          Map.of("db.system.name", "postgresql"),
          () -> stream(EntryKind.GLOBALS, "roles and tablespaces", about, command));
    } catch (PgChild.FailedException e) {
      if (settings.rolePasswords() && e.getMessage().contains("pg_authid")) {
        throw new PermanentException(
            address
                + ": only a superuser reads the passwords of roles; back up as one, or set"
                + " hub.encryption.role-passwords=false",
            e);
      }
      throw e;
    }
  }

  private Entry stream(EntryKind kind, String name, Map<String, Object> about, List<String> command)
      throws Exception {
    PgChild child = new PgChild(settings.temp(), to.run());
    try (ChunkWriter writer = to.pipeline().writer()) {
      String said = child.run(command, address, writer::bytes);
      if (!said.isEmpty()) {
        to.run().warn(said);
      }
      return Entry.of(kind, name, about, writer.finish());
    }
  }

  Entry table(Database.Table table) throws Exception {
    return copy(table.copyOut(), EntryKind.TABLE, table.label(), table.about());
  }

  Entry largeObjects() throws Exception {
    String sql = "COPY (" + LargeObjects.READ + ") TO STDOUT";
    return copy(sql, EntryKind.LARGEOBJECTS, "large objects", Map.of());
  }

  private Entry copy(String sql, EntryKind kind, String name, Map<String, Object> about)
      throws Exception {
    to.run().checkpoint();
    return spans.in(
        "COPY " + name,
        SpanKind.CLIENT,
        Map.of("db.system.name", "postgresql", "db.operation.name", "COPY"),
        () ->
            source.read(
                session -> {
                  try (ChunkWriter writer = to.pipeline().writer()) {
                    CopyOut out = session.postgres().getCopyAPI().copyOut(sql);
                    // A row above the largest chunk comes in pieces; only its last has a line end.
                    boolean within = false;
                    for (byte[] rows = out.readFromCopy();
                        rows != null;
                        rows = out.readFromCopy()) {
                      boolean ends = rows[rows.length - 1] == '\n';
                      if (within || !ends) {
                        writer.piece(rows, ends);
                      } else {
                        writer.rows(rows);
                      }
                      within = !ends;
                      settings.care().rate().take(rows.length);
                      progress.add(rows.length, name);
                    }
                    return Entry.of(kind, name, about, writer.finish());
                  } catch (SQLException e) {
                    throw new SQLException(
                        name + ": " + e.getMessage() + onReplica(e), e.getSQLState(), e);
                  }
                }));
  }

  private static String onReplica(SQLException e) {
    return String.valueOf(e.getMessage()).contains("conflict with recovery")
        ? "; on the replica, set hot_standby_feedback = on or raise max_standby_streaming_delay"
        : "";
  }

  Entry sequences() throws SQLException {
    // A session of its own: sequences are not part of a snapshot, and the shared ones are busy.
    try (ChunkWriter writer = to.pipeline().writer();
        PinnedSession session = PinnedSession.open(source.address(), "backup sequences")) {
      for (Database.Sequence sequence : source.database().sequences()) {
        writer.row(SequenceState.read(session, sequence).line());
      }
      return Entry.of(EntryKind.SEQUENCES, "sequences", Map.of(), writer.finish());
    }
  }
}
