package routes.backup.postgres.restore;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.backup.postgres.archive.SnapshotReader;
import routes.backup.postgres.archive.TableName;
import routes.backup.postgres.archive.TableSelection;
import routes.backup.postgres.database.Database;
import routes.backup.postgres.database.DatabaseSettings;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.dump.PostgresDump;
import routes.backup.postgres.script.SqlDump;
import routes.backup.postgres.session.PinnedSession;
import routes.backup.postgres.session.Sql;
import routes.jobs.RunContext;
import routes.repository.Repository;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;
import routes.telemetry.Spans;

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
      Order drill = new Order(server, null, false, true, null);
      return load(scratch, manifest, drill, true, run).load(repository, manifest);
    }
  }

  /** Where a restored database goes. */
  public enum Place {
    /** Under a name that no database has. */
    NEW,
    /** Under the name of one that is empty. */
    EMPTY,
    /** Under the name of one that is kept under another name, if it is not empty. */
    ANY
  }

  /**
   * What to restore.
   *
   * @param database its name; that of a new one, or of the one whose place it takes
   * @param owners whether owners and privileges are restored
   * @param keepHub whether the hub's own schema stays
   * @param part the tables that are wanted; null: the whole snapshot
   * @param roles which of the snapshot's roles are made before
   * @param unprotected tables whose policies may be left out where their roles are missing
   * @param keepGoing whether the rest is restored when something fails
   */
  public record Order(
      PostgresAddress server,
      String database,
      boolean owners,
      boolean keepHub,
      TableSelection part,
      Place place,
      RolesRestore.Wanted roles,
      List<TableName> unprotected,
      boolean keepGoing) {

    /** All of it, or nothing. */
    public Order(
        PostgresAddress server,
        String database,
        boolean owners,
        boolean keepHub,
        TableSelection part,
        Place place,
        RolesRestore.Wanted roles) {
      this(server, database, owners, keepHub, part, place, roles, List.of(), false);
    }

    /** Into a new database, with the roles that are there. */
    public Order(
        PostgresAddress server,
        String database,
        boolean owners,
        boolean keepHub,
        TableSelection part) {
      this(server, database, owners, keepHub, part, Place.NEW, RolesRestore.Wanted.NONE);
    }
  }

  /**
   * A database that was restored.
   *
   * @param kept the name under which the one is kept that was there before, or null
   * @param roles what became of the snapshot's roles, or null when they were not asked for
   */
  public record Placed<T>(T loaded, String kept, RolesRestore.Done roles) {}

  /** Loads and compares under a scratch name; the real name is given when all is equal. */
  public Placed<PostgresLoad.Loaded> into(
      Order order, Repository repository, Manifest manifest, RunContext run) throws Exception {
    RolesRestore.Done[] roles = {null};
    DatabaseSettings own = Definitions.needs(manifest).database();
    Placed<PostgresLoad.Loaded> placed =
        place(
            order,
            Database.Identity.of(manifest.server()),
            own,
            run,
            scratch -> {
              if (order.roles() != RolesRestore.Wanted.NONE) {
                roles[0] =
                    new RolesRestore(order.server(), order.roles(), run)
                        .create(repository, manifest);
              }
              return load(scratch, manifest, order, false, run).load(repository, manifest);
            });
    return new Placed<>(placed.loaded(), placed.kept(), roles[0]);
  }

  /** Fills a scratch database. */
  interface Loading<T> {
    T into(ScratchDatabase scratch) throws Exception;
  }

  /**
   * The way of every restore: what might be in the way is found before the load, and nobody sees
   * the database by its name before it is whole.
   *
   * @param own settings that a new database gets with its owner; one that takes another's place
   *     takes over the other's. May be null
   */
  <T> Placed<T> place(
      Order order, Database.Identity like, DatabaseSettings own, RunContext run, Loading<T> loading)
      throws Exception {
    dropLeftovers(order.server(), run);
    ExistingDatabase there = existing(order, run);
    if (there == null) {
      ScratchDatabase.requireFree(order.server(), order.database());
    } else if (there.difference(like) != null) {
      run.warn(there.difference(like));
    }
    try (ScratchDatabase scratch =
        ScratchDatabase.create(
            order.server(),
            "hub_restore_",
            run,
            settings.hubId(),
            like,
            there == null ? null : there.tablespace())) {
      if (there != null) {
        there.rehearse(scratch, order.place() == Place.EMPTY);
      }
      T loaded = loading.into(scratch);
      if (!order.keepHub() && order.part() == null) {
        dropHubSchema(scratch, run);
      }
      run.confirmHeld();
      if (there != null) {
        return new Placed<>(loaded, there.giveWay(scratch, order.place() == Place.ANY, run), null);
      }
      scratch.keepAs(order.database(), order.owners() ? own : null);
      return new Placed<>(loaded, null, null);
    }
  }

  private static ExistingDatabase existing(Order order, RunContext run) throws SQLException {
    if (order.place() == Place.NEW) {
      return null;
    }
    ExistingDatabase there = ExistingDatabase.look(order.server(), order.database(), run);
    if (order.place() == Place.EMPTY) {
      there.requireEmpty();
    }
    return there;
  }

  /**
   * A database that would give way.
   *
   * @param empty whether it is dropped when it has
   * @param holds what is in it, by name
   * @param bytes on disk
   * @param keptAs the name it would have
   * @param sessions who is connected, in words
   * @param difference of encoding or locale, in words; null: none
   */
  public record GivesWay(
      boolean empty,
      String holds,
      long bytes,
      String keptAs,
      List<String> sessions,
      String difference) {}

  /** Looks at the database whose place is taken; null: none is. Fails as {@link #into} would. */
  public GivesWay look(Order order, Manifest manifest, RunContext run) throws SQLException {
    ExistingDatabase there = existing(order, run);
    return there == null
        ? null
        : new GivesWay(
            there.isEmpty(),
            there.words(),
            there.facts().bytes(),
            there.keptAs(),
            there.facts().sessions(),
            SqlDump.is(manifest)
                ? null
                : there.difference(Database.Identity.of(manifest.server())));
  }

  /** Tables of a snapshot, as a person names them. */
  public SnapshotTables tables(Repository repository, Manifest manifest, RunContext run) {
    return new SnapshotTables(
        new SnapshotReader(repository, manifest, run), manifest, settings.temp());
  }

  private PostgresLoad load(
      ScratchDatabase scratch, Manifest manifest, Order order, boolean proving, RunContext run) {
    PostgresAddress address = scratch.address();
    return new PostgresLoad(
        PostgresDump.isInBytes(manifest) ? PinnedSession.inBytes(address) : address,
        new PostgresLoad.Settings(
            settings.parallel(),
            settings.pgBin(),
            settings.temp(),
            settings.maintenanceMemory(),
            order.owners(),
            proving,
            order.part(),
            order.unprotected(),
            order.keepGoing()),
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
                      + "' AND pg_catalog.obj_description(oid, 'pg_namespace') LIKE 'ML Security"
                      + " Hub:%'",
                  row -> row.getInt(1))
              .isEmpty();
      if (there) {
        session.withoutEventTriggers();
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
