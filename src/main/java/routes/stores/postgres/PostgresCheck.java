package routes.stores.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import routes.kernel.doctor.Findings;
import routes.kernel.errors.Failures;

/** Connects as the hub would; when that fails, says why in one line. */
public final class PostgresCheck {

  private PostgresCheck() {}

  /** Looks at a database that answers. */
  public interface Look {
    void at(Connection connection) throws Exception;
  }

  /**
   * @param key the configuration key, without {@code .url}
   */
  public static void connect(String key, PostgresAddress address, Findings findings, Look look)
      throws Exception {
    Connection connection;
    try {
      connection = address.connect("ml-security-hub doctor");
    } catch (SQLException e) {
      findings.fail(address + ": " + Failures.describe(e), mend(key, address, e));
      return;
    }
    try (connection) {
      look.at(connection);
    }
  }

  private static String mend(String key, PostgresAddress address, SQLException e) {
    String state = String.valueOf(e.getSQLState());
    if (state.startsWith("28") || state.equals("08004")) {
      return "check " + key + ".username and " + key + ".password, and the server's pg_hba.conf";
    }
    if (state.equals("3D000")) {
      return "CREATE DATABASE \""
          + address.database()
          + "\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'";
    }
    if (String.valueOf(e.getMessage()).contains("unsupported startup parameter")) {
      return "this is a connection pooler: give the server's own host and port in " + key + ".url";
    }
    if (state.startsWith("08")) {
      return "check " + key + ".url, and that the server runs and listens there";
    }
    return "";
  }
}
