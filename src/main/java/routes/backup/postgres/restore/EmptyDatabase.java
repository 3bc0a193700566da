package routes.backup.postgres.restore;

import java.sql.SQLException;
import java.util.Map;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.database.ServerRequirements;
import routes.backup.postgres.session.PinnedSession;
import routes.jobs.RunContext;
import routes.stores.postgres.PostgresAddress;

/** The database that a snapshot is loaded into: what is asked of it, and set in it. */
record EmptyDatabase(PostgresAddress target) {

  /** Privileges on the schema public, which pg_dump does not tell. */
  void grant(ServerRequirements needs) throws SQLException {
    try (PinnedSession session = PinnedSession.open(target, "restore")) {
      session.withoutEventTriggers();
      for (String statement : needs.grants()) {
        session.execute(statement);
      }
    }
  }

  /**
   * For the sessions of pg_restore; any role may set these, on managed servers, too.
   *
   * @param maintenanceMemory bytes; less than the server's own setting changes nothing
   */
  Map<String, String> sessionSettings(long maintenanceMemory) throws SQLException {
    try (PinnedSession session = PinnedSession.open(target, "restore")) {
      long there =
          new Inspector(session)
              .rows(
                  "SELECT setting::bigint FROM pg_catalog.pg_settings"
                      + " WHERE name = 'maintenance_work_mem'",
                  row -> row.getLong(1))
              .get(0);
      long kilobytes = Math.max(there, maintenanceMemory >> 10);
      return Map.of("maintenance_work_mem", Long.toString(kilobytes), "synchronous_commit", "off");
    }
  }

  /** Every new database has that schema; pg_dump does not say when the source has dropped it. */
  void dropPublic(RunContext run) throws SQLException {
    try (PinnedSession session = PinnedSession.open(target, "restore")) {
      session.execute("DROP SCHEMA IF EXISTS public");
    } catch (SQLException e) {
      if (!"42501".equals(e.getSQLState())) {
        throw e;
      }
      run.warn("an empty schema public stays, which the source has not: " + e.getMessage());
    }
  }

  int major() throws SQLException {
    try (PinnedSession session = PinnedSession.open(target, "restore")) {
      return new Inspector(session).identity().major();
    }
  }

  /** One commit that waits for the disk: by it, all that was committed before is there, too. */
  void flush() throws SQLException {
    try (PinnedSession session = PinnedSession.open(target, "restore")) {
      session.execute("SET synchronous_commit = on");
      // Writes something, which a commit waits for, and leaves nothing; any role may do it.
      session.execute("SELECT pg_catalog.lo_unlink(pg_catalog.lo_create(0))");
    }
  }
}
