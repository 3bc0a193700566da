package routes.backup.postgres.session;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import routes.kernel.errors.PermanentException;

/**
 * Tells a connection pooler, such as PgBouncer, from a server. Behind one, statements of a session
 * may run in several sessions of the server: settings are lost, an exported snapshot is gone with
 * its transaction, and locks are held by nobody knows whom.
 */
final class Pooler {

  private static final String WHY =
      " is a connection pooler (such as PgBouncer), behind which a session's settings, locks and"
          + " exported snapshot do not hold; give the server's own host and port";

  private Pooler() {}

  /**
   * A pooler hands out process ids of its own, for it must tell whose query to cancel.
   *
   * @throws PermanentException when the process that answers is not the one that was announced
   */
  static void refuse(Connection connection, String what) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
      row.next();
      if (row.getInt(1) != connection.unwrap(PGConnection.class).getBackendPID()) {
        throw new PermanentException(what + WHY);
      }
    }
  }

  /** PgBouncer's answer to settings in a connection's first message, unless told to ignore them. */
  static boolean isRefusal(SQLException e) {
    return String.valueOf(e.getMessage()).contains("unsupported startup parameter");
  }

  static PermanentException refusal(String what, SQLException e) {
    return new PermanentException(what + WHY, e);
  }
}
