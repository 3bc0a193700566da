package routes.backup.postgres.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import routes.backup.postgres.session.PgTools;
import routes.backup.postgres.session.PinnedSession;
import routes.kernel.doctor.Findings;
import routes.kernel.errors.PermanentException;
import routes.stores.postgres.PostgresAddress;
import routes.stores.postgres.PostgresCheck;

/** What the doctor wants to know of a server that is backed up, or restored to. */
public final class SourceExamination {

  private static final int OLDEST_MAJOR = 13;
  private static final int PATIENCE_SECONDS = 15;

  private SourceExamination() {}

  /**
   * A source: its version, the {@code pg_dump} for it, and whether all of it may be read.
   *
   * @param major completed with its major version, or null when it does not answer
   */
  public static void source(
      String key,
      PostgresAddress address,
      Path pgBin,
      CompletableFuture<Integer> major,
      Findings findings)
      throws Exception {
    try {
      PostgresCheck.connect(
          key,
          address,
          findings,
          connection -> {
            major.complete(major(connection));
            try {
              source(address, pgBin, findings);
            } catch (PermanentException e) {
              findings.fail(e.getMessage(), "");
            }
          });
    } finally {
      major.complete(null); // nobody waits for a server that gave no answer
    }
  }

  private static void source(PostgresAddress address, Path pgBin, Findings findings)
      throws SQLException {
    try (PinnedSession session = PinnedSession.open(Inspector.readable(address), "doctor")) {
      Inspector inspector = new Inspector(session);
      Database.Identity identity = inspector.identity();
      if (!supported(address, identity, findings)) {
        return;
      }
      String tools = tools(pgBin, identity, findings);
      try {
        Database database = inspector.database();
        if (tools != null) {
          findings.ok(
              told(address, identity)
                  + ", "
                  + identity.encoding()
                  + tools
                  + "; all "
                  + database.tables().size()
                  + " tables may be read");
        }
      } catch (PermanentException e) {
        findings.fail(e.getMessage(), "grant it as their owner or as a superuser");
      }
    }
  }

  /**
   * A server that databases are restored to: whether it may make them, and whether it is of the
   * sources' version, without which nothing compares equal.
   *
   * @param sources major versions by source, as {@link #source} completes them
   */
  public static void server(
      String key,
      PostgresAddress address,
      Path pgBin,
      Map<String, CompletableFuture<Integer>> sources,
      Findings findings)
      throws Exception {
    PostgresCheck.connect(
        key,
        address,
        findings,
        connection -> {
          try {
            server(connection, address, pgBin, sources, findings);
          } catch (PermanentException e) {
            findings.fail(e.getMessage(), "");
          }
        });
  }

  private static void server(
      Connection connection,
      PostgresAddress address,
      Path pgBin,
      Map<String, CompletableFuture<Integer>> sources,
      Findings findings)
      throws Exception {
    Database.Identity identity;
    try (PinnedSession session = PinnedSession.open(address, "doctor")) {
      identity = new Inspector(session).identity();
    }
    if (!supported(address, identity, findings)) {
      return;
    }
    String tools = tools(pgBin, identity, findings);
    boolean good = tools != null;
    String grant = missingCreateDb(connection);
    if (grant != null) {
      good = false;
      findings.fail("the role may not create databases", grant);
    }
    Map<String, Integer> others = others(sources, identity.major());
    if (!others.isEmpty()) {
      good = false;
      findings.fail(
          told(address, identity) + ", but these sources are not: " + others,
          "snapshots are restored to a server of their own major version");
    }
    if (good) {
      findings.ok(told(address, identity) + tools + "; may create databases");
    }
  }

  private static Map<String, Integer> others(
      Map<String, CompletableFuture<Integer>> sources, int major)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, Integer> others = new TreeMap<>();
    for (var source : sources.entrySet()) {
      Integer theirs = source.getValue().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (theirs != null && theirs != major) {
        others.put(source.getKey(), theirs);
      }
    }
    return others;
  }

  private static boolean supported(
      PostgresAddress address, Database.Identity identity, Findings findings) {
    if (identity.major() < OLDEST_MAJOR) {
      findings.fail(told(address, identity), OLDEST_MAJOR + " or newer is needed");
      return false;
    }
    return true;
  }

  /** Null when there are none for this server, which is told. */
  private static String tools(Path pgBin, Database.Identity identity, Findings findings) {
    try {
      PgTools tools = PgTools.forServer(pgBin, identity.major());
      return ", pg_dump " + tools.version() + " in " + tools.folder();
    } catch (PermanentException e) {
      findings.fail(e.getMessage(), "");
      return null;
    }
  }

  private static String told(PostgresAddress address, Database.Identity identity) {
    return address + ", PostgreSQL " + identity.version();
  }

  private static int major(Connection connection) throws SQLException {
    return connection.getMetaData().getDatabaseMajorVersion();
  }

  private static String missingCreateDb(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_catalog.format('ALTER ROLE %I CREATEDB', rolname)"
                    + " FROM pg_catalog.pg_roles WHERE rolname = current_user"
                    + " AND NOT (rolcreatedb OR rolsuper)")) {
      return row.next() ? row.getString(1) : null;
    }
  }
}
