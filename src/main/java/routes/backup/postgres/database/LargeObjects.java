package routes.backup.postgres.database;

import java.sql.SQLException;
import routes.backup.postgres.session.PinnedSession;
import routes.kernel.SqlFile;

/** Large objects as COPY rows of (oid, byte offset, content). */
public final class LargeObjects {

  /** Reads them all, in order. */
  public static final String READ =
      SqlFile.load("backup/large-objects").replaceAll("(?m)^--.*\\R", "");

  private LargeObjects() {}

  /** The table the rows are loaded into on their way; gone with the session. */
  public static void createStaging(PinnedSession session) throws SQLException {
    session.execute(
        "CREATE TEMPORARY TABLE hub_large_objects (loid oid, at bigint, content bytea)");
  }

  public static final String COPY_IN = "COPY pg_temp.hub_large_objects FROM STDIN";

  /**
   * Writes what was staged. The definitions' restore makes the objects themselves on most servers.
   */
  public static void write(PinnedSession session) throws SQLException {
    session.execute(
        "SELECT pg_catalog.lo_create(l.loid) FROM (SELECT DISTINCT loid FROM pg_temp.hub_large_objects) l"
            + " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata m WHERE m.oid = l.loid)");
    session.execute(
        "SELECT pg_catalog.lo_put(loid, at, content) FROM pg_temp.hub_large_objects"
            + " WHERE pg_catalog.length(content) > 0");
  }
}
