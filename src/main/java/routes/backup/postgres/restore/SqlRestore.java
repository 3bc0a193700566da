package routes.backup.postgres.restore;

import java.io.IOException;
import java.sql.SQLException;
import routes.backup.postgres.database.Database;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.script.SqlLoad;
import routes.backup.postgres.session.PinnedSession;
import routes.jobs.RunContext;
import routes.repository.Repository;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/**
 * Restores dumps in the plain format as {@link PostgresRestore} does snapshots: under a scratch
 * name first. There is nothing to compare with. A dump tells neither locale nor encoding of its
 * database: the new one has those of the database that the server's address names.
 */
public record SqlRestore(PostgresRestore restore) {

  /** Loads, then drops, also when it fails. */
  public SqlLoad.Loaded intoScratch(
      PostgresAddress server, Repository repository, Manifest manifest, RunContext run)
      throws SQLException, IOException {
    restore.dropLeftovers(server, run);
    try (ScratchDatabase scratch =
        ScratchDatabase.create(server, "hub_drill_", run, restore.hubId(), identity(server))) {
      return new SqlLoad(scratch.address(), false, run).load(repository, manifest);
    }
  }

  /** Loads under a scratch name; the real name is given when all of it ran. */
  public PostgresRestore.Placed<SqlLoad.Loaded> into(
      PostgresRestore.Order order, Repository repository, Manifest manifest, RunContext run)
      throws Exception {
    return restore.place(
        order,
        identity(order.server()),
        null,
        run,
        scratch -> new SqlLoad(scratch.address(), order.owners(), run).load(repository, manifest));
  }

  private static Database.Identity identity(PostgresAddress server) throws SQLException {
    try (PinnedSession session = PinnedSession.open(server, "restore")) {
      return new Inspector(session).identity();
    }
  }
}
