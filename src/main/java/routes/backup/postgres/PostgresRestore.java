package routes.backup.postgres;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.jobs.RunContext;
import routes.platform.postgres.PostgresAddress;
import routes.platform.telemetry.Spans;
import routes.repository.Manifest;
import routes.repository.Repository;

/** Restores whole snapshots: into a database that is dropped again, or into one that stays. */
public final class PostgresRestore {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresRestore.class);
  private static final String HUB_SCHEMA = "hub";

  private final Settings settings;
  private final Predicate<String> ended;
  private final Spans spans;

  /**
   * @param hubId marks scratch databases as this hub's
   * @param parallel tables, and indexes, at a time
   * @param pgBin folder of pg_restore, or null
   * @param temp folder for definitions and pass files
   * @param maintenanceMemory what the build of an index may use, bytes
   */
  public record Settings(
      String hubId, int parallel, Path pgBin, Path temp, long maintenanceMemory) {}

  /**
   * @param ended whether the run of that id has ended, or is unknown
   */
  public PostgresRestore(Settings settings, Predicate<String> ended, Spans spans) {
    this.settings = settings;
    this.ended = ended;
    this.spans = spans;
  }

  String hubId() {
    return settings.hubId();
  }

  /** Loads and compares, then drops, also when it fails. */
  public PostgresLoad.Loaded intoScratch(
      PostgresAddress server, Repository repository, Manifest manifest, RunContext run)
      throws Exception {
    dropLeftovers(server, run);
    Database.Identity like = Database.Identity.of(manifest.server());
    try (ScratchDatabase scratch =
        ScratchDatabase.create(server, "hub_drill_", run, settings.hubId(), like)) {
      return load(scratch, false, true, null, run).load(repository, manifest);
    }
  }

  /**
   * What to restore.
   *
   * @param database name of the new database
   * @param owners whether owners and privileges are restored
   * @param keepHub whether the hub's own schema stays
   * @param part the tables that are wanted; null: the whole snapshot
   */
  public record Order(
      PostgresAddress server, String database, boolean owners, boolean keepHub, Part part) {}

  /** Loads and compares under a scratch name; the real name is given when all is equal. */
  public PostgresLoad.Loaded into(
      Order order, Repository repository, Manifest manifest, RunContext run) throws Exception {
    dropLeftovers(order.server(), run);
    ScratchDatabase.requireFree(order.server(), order.database());
    Database.Identity like = Database.Identity.of(manifest.server());
    try (ScratchDatabase scratch =
        ScratchDatabase.create(order.server(), "hub_restore_", run, settings.hubId(), like)) {
      PostgresLoad.Loaded loaded =
          load(scratch, order.owners(), false, order.part(), run).load(repository, manifest);
      if (!order.keepHub() && order.part() == null) {
        dropHubSchema(scratch, run);
      }
      run.confirmHeld();
      DatabaseSettings own = Definitions.needs(manifest).database();
      scratch.keepAs(order.database(), order.owners() && own != null ? own : null);
      return loaded;
    }
  }

  private PostgresLoad load(
      ScratchDatabase scratch, boolean owners, boolean proving, Part part, RunContext run) {
    return new PostgresLoad(
        scratch.address(),
        new PostgresLoad.Settings(
            settings.parallel(),
            settings.pgBin(),
            settings.temp(),
            settings.maintenanceMemory(),
            owners,
            proving,
            part),
        spans,
        run);
  }

  static void dropHubSchema(ScratchDatabase scratch, RunContext run) throws SQLException {
    try (PinnedSession session = PinnedSession.open(scratch.address(), "restore")) {
      boolean there =
          !new Inspector(session)
              .rows(
                  "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = '"
                      + HUB_SCHEMA
                      + "'"
                      + " AND pg_catalog.obj_description(oid, 'pg_namespace') LIKE 'ML Security Hub:%'",
                  row -> row.getInt(1))
              .isEmpty();
      if (there) {
        // Loaded with the rest, so that foreign keys and views met what they refer to.
        session.execute("DROP SCHEMA " + Sql.name(HUB_SCHEMA) + " CASCADE");
        run.info("left out the hub's own schema; ask with hub=true to restore it, too");
      }
    }
  }

  void dropLeftovers(PostgresAddress server, RunContext run) throws SQLException {
    for (ScratchDatabase.Leftover leftover : ScratchDatabase.leftovers(server, settings.hubId())) {
      if (!leftover.run().equals(run.id().toString()) && ended.test(leftover.run())) {
        ScratchDatabase.drop(server, leftover.database());
        LOG.info("dropped {}, left behind by run {}", leftover.database(), leftover.run());
      }
    }
  }
}
