package routes.backup.postgres.restore;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.session.Sql;
import routes.jobs.RunContext;
import routes.kernel.SqlFile;

/**
 * What the server says of a database whose name a restored one takes.
 *
 * @param bytes on disk
 * @param ties what would not come along when another database takes its name
 * @param sessions who is connected, in words
 * @param ledger whether it is the one where this very run is written down
 */
record DatabaseFacts(
    boolean template,
    String owner,
    String tablespace,
    long bytes,
    String role,
    boolean mayRename,
    List<String> ties,
    List<String> sessions,
    boolean ledger) {

  /**
   * @param inspector of that database
   */
  static DatabaseFacts read(Inspector inspector, RunContext run) throws SQLException {
    return inspector.rows(SqlFile.load("backup/existing"), row -> of(row, inspector, run)).get(0);
  }

  private static DatabaseFacts of(ResultSet row, Inspector inspector, RunContext run)
      throws SQLException {
    return new DatabaseFacts(
        row.getBoolean("template"),
        row.getString("owner"),
        row.getString("tablespace"),
        row.getLong("bytes"),
        row.getString("role"),
        row.getBoolean("may_rename"),
        strings(row, "ties"),
        strings(row, "sessions"),
        row.getBoolean("ledger") && holds(inspector, run));
  }

  /** Who may not read the ledger is not told it is another's. */
  private static boolean holds(Inspector inspector, RunContext run) throws SQLException {
    try {
      return !inspector
          .rows(
              "SELECT 1 FROM hub.job_run WHERE id::text = " + Sql.literal(run.id().toString()),
              found -> found.getInt(1))
          .isEmpty();
    } catch (SQLException e) {
      if ("42501".equals(e.getSQLState())) {
        return true;
      }
      throw e;
    }
  }

  static List<String> strings(ResultSet row, String column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }
}
