package routes.backup.postgres.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.postgresql.PGConnection;
import routes.jobs.RunContext;
import routes.jobs.runner.CurrentRun;
import routes.stores.postgres.PostgresAddress;

/**
 * A connection whose settings cannot change what COPY writes or reads: those pg_dump pins, and
 * those on which the text of a value depends. Without the first, row-level security would silently
 * leave rows out of a backup; here the server refuses instead.
 */
public final class PinnedSession implements AutoCloseable {

  private static final List<String> PINS =
      List.of(
          "SET row_security = off",
          // An unchanged table must come in an unchanged order.
          "SET synchronize_seqscans = off",
          "SET search_path = ''",
          "SET DateStyle = ISO, MDY",
          "SET IntervalStyle = postgres",
          "SET TimeZone = 'UTC'",
          "SET extra_float_digits = 3",
          "SET bytea_output = hex",
          "SET xmloption = content",
          "SET lc_monetary = 'C'",
          "SET standard_conforming_strings = on",
          "SET statement_timeout = 0",
          "SET idle_in_transaction_session_timeout = 0",
          "SET lock_timeout = 0");

  private static final String BYTES = "allowEncodingChanges=true";

  private final Connection connection;
  private RunContext.Registration cut = () -> {};

  private PinnedSession(Connection connection) {
    this.connection = connection;
  }

  /**
   * The same database, to be spoken to in its own encoding: each byte of a name or another text is
   * one character, U+0000 to U+00FF. What is not text in UTF-8, or has no translation to it, passes
   * whole; only what is ASCII can be read by people.
   */
  public static PostgresAddress inBytes(PostgresAddress address) {
    return address.with(BYTES);
  }

  public static boolean isInBytes(PostgresAddress address) {
    return List.of(address.query().split("&")).contains(BYTES);
  }

  /**
   * For the run that this thread works for, if any: a stop of the run cuts the session, whatever it
   * waits for.
   *
   * @param what shown in {@code pg_stat_activity}, so that an administrator knows whom to ask
   * @throws routes.kernel.errors.PermanentException when a pooler stands before the server
   */
  public static PinnedSession open(PostgresAddress address, String what) throws SQLException {
    PinnedSession session = openUncut(address, what);
    try {
      session.cut = CurrentRun.onStop(what, session::abort);
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** For what is done to its end when the run is stopped meanwhile; its statements are short. */
  public static PinnedSession openUncut(PostgresAddress address, String what) throws SQLException {
    Connection connection;
    try {
      // The server shows no others, and does not take those that it cannot translate.
      connection = address.connect("ml-security-hub " + what.replaceAll("[^\\x20-\\x7e]", "?"));
    } catch (SQLException e) {
      if (Pooler.isRefusal(e)) {
        throw Pooler.refusal(address.toString(), e);
      }
      throw e;
    }
    PinnedSession session = new PinnedSession(connection);
    try {
      Pooler.refuse(connection, address.toString());
      for (String pin : PINS) {
        session.execute(pin);
      }
      boolean bytes = isInBytes(address);
      session.execute("SET client_encoding = " + Sql.literal(bytes ? session.encoding() : "UTF8"));
      FramedSocket.under(connection, bytes);
      return session;
    } catch (SQLException | RuntimeException e) {
      try {
        connection.close();
      } catch (SQLException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  public Connection jdbc() {
    return connection;
  }

  public PGConnection postgres() throws SQLException {
    return connection.unwrap(PGConnection.class);
  }

  /** The database's encoding, as the server calls it. */
  public String encoding() throws SQLException {
    return postgres().getParameterStatus("server_encoding");
  }

  public void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * What this session defines or drops from now on is neither logged nor refused by the database's
   * own event triggers; only a superuser's session needs it, for only they can make these.
   */
  public void withoutEventTriggers() throws SQLException {
    execute(
        "SELECT pg_catalog.set_config('session_replication_role', 'replica', false)"
            + " FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper");
  }

  /** Begins a read-only transaction on a snapshot of its own. */
  public void beginSnapshot() throws SQLException {
    execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  }

  /** Takes over a snapshot that another session exported; nothing may have been read before. */
  public void takeSnapshot(String exported) throws SQLException {
    execute("SET TRANSACTION SNAPSHOT " + Sql.literal(exported));
  }

  public void lockTimeout(Duration longest) throws SQLException {
    execute("SET lock_timeout = " + longest.toMillis());
  }

  /** Cuts the connection at once, from any thread; the server ends the query. */
  public void abort() throws SQLException {
    try {
      postgres().cancelQuery();
    } finally {
      connection.abort(Runnable::run);
    }
  }

  @Override
  public void close() throws SQLException {
    cut.close();
    connection.close();
  }
}
