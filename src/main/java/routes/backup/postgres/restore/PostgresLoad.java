package routes.backup.postgres.restore;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import routes.backup.postgres.archive.DamagedException;
import routes.backup.postgres.archive.ObjectComparison;
import routes.backup.postgres.archive.RestoreFailures;
import routes.backup.postgres.archive.SnapshotReader;
import routes.backup.postgres.archive.TableName;
import routes.backup.postgres.archive.TableOfContents;
import routes.backup.postgres.archive.TableSelection;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.database.NotEqualException;
import routes.backup.postgres.database.ServerRequirements;
import routes.backup.postgres.database.TargetServer;
import routes.backup.postgres.session.PgChild;
import routes.backup.postgres.session.PgTools;
import routes.backup.postgres.session.PinnedSession;
import routes.backup.postgres.session.Progress;
import routes.backup.postgres.session.Workers;
import routes.jobs.RunContext;
import routes.kernel.errors.PermanentException;
import routes.repository.Repository;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;
import routes.telemetry.Spans;

/**
 * Loads a snapshot into an empty database, builds what belongs to it, and then compares what
 * arrived, chunk by chunk, with the manifest. Definitions go through {@code pg_restore}, never
 * through psql, whose scripts may hold commands for the client.
 */
public final class PostgresLoad {

  private final PostgresAddress target;
  private final Settings settings;
  private final Spans spans;
  private final RunContext run;
  private final RestoreFailures failures;

  /**
   * @param parallel tables, and indexes, at a time
   * @param pgBin folder of pg_restore, or null
   * @param temp folder for the definitions while pg_restore reads them, and for pass files
   * @param owners whether owners and privileges are restored
   * @param maintenanceMemory what the build of an index may use, bytes; less than the server's own
   *     setting changes nothing
   * @param proving whether nobody will use the database: then what names roles that are missing
   *     here is left out, and told
   * @param part the tables that are wanted; null: the whole snapshot
   * @param unprotected tables whose policies may be left out where their roles are missing
   * @param keepGoing whether the rest is restored when something fails
   */
  public record Settings(
      int parallel,
      Path pgBin,
      Path temp,
      long maintenanceMemory,
      boolean owners,
      boolean proving,
      TableSelection part,
      List<TableName> unprotected,
      boolean keepGoing) {

    boolean wants(Entry table) {
      return part == null || part.has(table);
    }
  }

  /**
   * What was loaded.
   *
   * @param tables count
   * @param rows of all tables, each compared
   * @param plainBytes of all tables
   * @param readyAt when the last index was built, by {@link System#nanoTime}: the database could be
   *     used from then on, what came after was proof
   * @param leftOut objects that could not be made here, and are not proven
   * @param failed what could not be restored, with the server's message; empty unless it keeps
   *     going
   */
  public record Loaded(
      int tables,
      long rows,
      long plainBytes,
      long readyAt,
      List<String> leftOut,
      List<String> failed) {}

  public PostgresLoad(PostgresAddress target, Settings settings, Spans spans, RunContext run) {
    this.target = target;
    this.settings = settings;
    this.spans = spans;
    this.run = run;
    this.failures = settings.keepGoing() ? new RestoreFailures() : null;
  }

  /**
   * @throws NotEqualException when anything differs from the manifest
   * @throws DamagedException when a chunk is missing or corrupt
   */
  public Loaded load(Repository repository, Manifest manifest) throws Exception {
    EmptyDatabase here = new EmptyDatabase(target);
    PgTools tools = PgTools.forServer(settings.pgBin(), here.major());
    SnapshotReader reader = new SnapshotReader(repository, manifest, run);
    RowsLoad rows = new RowsLoad(reader, target, spans, run);
    ServerRequirements needs = Definitions.needs(manifest);
    try (Definitions definitions =
        Definitions.open(
            reader,
            manifest,
            new PgChild(settings.temp(), run, here.sessionSettings(settings.maintenanceMemory())),
            tools,
            spans,
            run)) {
      DefinitionsTarget where = target(needs, definitions);
      if (!needs.publicSchema()) {
        here.dropPublic(run);
      }
      definitions.restore(TableOfContents.Section.PRE_DATA, where);
      List<Entry> tables = tables(manifest);
      Progress progress = new Progress(run, tables.stream().mapToLong(Entry::plainBytes).sum() * 2);
      TablesLoad loading = TablesLoad.of(rows, target, tables, settings.parallel(), run, failures);
      load(rows, loading, manifest, progress);
      build(definitions, where);
      if (settings.owners() && needs.publicSchema()) {
        RestoreFailures.tried(failures, "privileges on schema public", () -> here.grant(needs));
      }
      here.flush();
      long readyAt = System.nanoTime();
      compare(rows, loading, manifest, progress);
      if (settings.part() == null) {
        compareObjects(definitions, where, manifest);
      } else {
        definitions.compare(where, null).leftOut().forEach(run::warn);
      }
      if (failures != null) {
        new IncompleteProtection(target, definitions.contents(), settings.unprotected(), failures)
            .close(where.unmet(), tables);
      }
      List<String> failed = failures == null ? List.of() : failures.list();
      failed.forEach(run::warn);
      return new Loaded(
          tables.size(),
          tables.stream().mapToLong(Entry::rows).sum(),
          tables.stream().mapToLong(Entry::plainBytes).sum(),
          readyAt,
          where.unmet().stream().map(ServerRequirements.Naming::what).toList(),
          failed);
    }
  }

  private void load(RowsLoad rows, TablesLoad tables, Manifest manifest, Progress progress)
      throws Exception {
    tables.load(target, progress);
    for (Entry entry : of(manifest, EntryKind.SEQUENCES)) {
      rows.loadSequences(entry, failures);
    }
    for (Entry entry : largeObjects(manifest)) {
      RestoreFailures.tried(failures, entry.name(), () -> rows.loadLargeObjects(entry, progress));
    }
  }

  /** After all is built: indexes, triggers and views had their chance to spoil something. */
  private void compare(RowsLoad rows, TablesLoad tables, Manifest manifest, Progress progress)
      throws Exception {
    List<Callable<Void>> tasks = tables.comparisons(progress);
    for (Entry entry : largeObjects(manifest)) {
      tasks.add(compared(entry, () -> rows.compareLargeObjects(entry, progress)));
    }
    for (Entry entry : of(manifest, EntryKind.SEQUENCES)) {
      tasks.add(
          compared(entry, () -> rows.compareSequences(entry, settings.part() == null, failures)));
    }
    Workers.all(settings.parallel(), tasks, () -> {});
  }

  /** Indexes and all else that wants the rows to be there. */
  private void build(Definitions definitions, DefinitionsTarget where) throws Exception {
    if (settings.part() == null) {
      definitions.restore(TableOfContents.Section.POST_DATA, where);
      return;
    }
    // What reacts to changes of the database, or checks rows against others, would be in the way.
    definitions.restore(
        TableOfContents.Section.POST_DATA,
        where,
        all -> all.without(all.extras()).without(all.foreignKeys()).without(all.refreshes()));
    try (PinnedSession session = PinnedSession.open(target, "restore")) {
      Remainder remainder = new Remainder(session, settings.part());
      remainder.drop();
      settings
          .part()
          .along()
          .forEach(
              one ->
                  run.info(
                      "table "
                          + one.table().label()
                          + (one.rows() ? " comes along: " : " comes along without rows: ")
                          + one.because()));
      definitions.foreignKeys(where, remainder.here());
      Predicate<TableOfContents.Line> views = remainder.here();
      definitions.restore(
          TableOfContents.Section.POST_DATA, where, all -> all.refreshes().of(views));
    }
  }

  private List<Entry> tables(Manifest manifest) {
    return of(manifest, EntryKind.TABLE).stream().filter(settings::wants).toList();
  }

  private List<Entry> largeObjects(Manifest manifest) {
    return settings.part() == null ? of(manifest, EntryKind.LARGEOBJECTS) : List.of();
  }

  private static List<Entry> of(Manifest manifest, EntryKind kind) {
    return manifest.entries().stream().filter(entry -> entry.kind() == kind).toList();
  }

  private Callable<Void> compared(Entry entry, RestoreFailures.Work work) {
    return () -> {
      RestoreFailures.tried(failures, entry.name(), work);
      return null;
    };
  }

  private DefinitionsTarget target(ServerRequirements needs, Definitions definitions)
      throws SQLException {
    try (PinnedSession session = PinnedSession.open(target, "restore")) {
      TargetServer here = TargetServer.look(session);
      try {
        here.require(needs, settings.owners(), run);
      } catch (PermanentException e) {
        if (failures == null) {
          throw e;
        }
        run.warn(e.getMessage());
      }
      List<ServerRequirements.Naming> unmet = needs.unmet(here.roles());
      if (failures != null) {
        unmet.forEach(one -> failures.add(one.what(), "the server lacks its roles"));
      } else if (!settings.proving()) {
        here.requireNamed(
            unmet.stream()
                .filter(one -> !definitions.isPolicyOf(one, settings.unprotected()))
                .toList());
      }
      unmet.forEach(one -> run.warn(one.what() + " is left out: its roles are not here"));
      return new DefinitionsTarget(
          target, settings.parallel(), settings.owners(), unmet, here.superuser(), failures);
    }
  }

  private void compareObjects(Definitions definitions, DefinitionsTarget where, Manifest manifest)
      throws Exception {
    ObjectComparison comparison = definitions.compare(where, manifest.tools().get("pg_dump"));
    try (PinnedSession session = PinnedSession.open(target, "restore check")) {
      Inspector inspector = new Inspector(session);
      comparison =
          comparison
              .withExtensions(definitions.contents(), inspector.extensions())
              .withInvalid(
                  manifest.server().get("invalid") instanceof List<?> invalid
                      ? invalid.stream().map(Object::toString).toList()
                      : null,
                  inspector.invalid());
    }
    comparison.notes().forEach(run::info);
    if (failures != null) {
      for (String damage : comparison.damage()) {
        failures.addUnlessKnown(damage);
      }
    } else if (!comparison.damage().isEmpty()) {
      comparison.damage().forEach(run::warn);
      throw new NotEqualException(ObjectComparison.named(comparison.damage()));
    }
  }
}
