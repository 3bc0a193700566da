package routes.backup.postgres;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import routes.jobs.RunContext;
import routes.platform.postgres.PostgresAddress;
import routes.platform.telemetry.Spans;
import routes.repository.Entry;
import routes.repository.EntryKind;
import routes.repository.Manifest;
import routes.repository.Repository;

/**
 * Loads a snapshot into an empty database and compares what arrived, chunk by chunk, with the
 * manifest. Definitions go through {@code pg_restore}, never through psql, whose scripts may hold
 * commands for the client.
 */
public final class PostgresLoad {

  private final PostgresAddress target;
  private final Settings settings;
  private final Spans spans;
  private final RunContext run;

  /**
   * @param parallel tables, and indexes, at a time
   * @param pgBin folder of pg_restore, or null
   * @param temp folder for the definitions while pg_restore reads them, and for pass files
   * @param owners whether owners and privileges are restored
   * @param proving whether nobody will use the database: then what names roles that are missing
   *     here is left out, and told
   */
  public record Settings(int parallel, Path pgBin, Path temp, boolean owners, boolean proving) {}

  /**
   * What was loaded.
   *
   * @param tables count
   * @param rows of all tables, each compared
   * @param plainBytes of all tables
   * @param compareNanos of the elapsed time, what reading it all again took; not part of an RTO
   * @param leftOut objects that could not be made here, and are not proven
   */
  public record Loaded(
      int tables, long rows, long plainBytes, long compareNanos, List<String> leftOut) {}

  public PostgresLoad(PostgresAddress target, Settings settings, Spans spans, RunContext run) {
    this.target = target;
    this.settings = settings;
    this.spans = spans;
    this.run = run;
  }

  /**
   * @throws NotEqualException when anything differs from the manifest
   * @throws DamagedException when a chunk is missing or corrupt
   */
  public Loaded load(Repository repository, Manifest manifest) throws Exception {
    Database.Identity source = Database.Identity.of(manifest.server());
    PgTools tools = PgTools.forServer(settings.pgBin(), serverMajor());
    SnapshotReader reader = new SnapshotReader(repository, manifest, run);
    RowsLoad rows = new RowsLoad(reader, target, spans, run);
    Needs needs = Definitions.needs(manifest);
    Definitions.Target where = target(needs);
    boolean strayPublic = !needs.publicSchema() && !dropPublic();
    try (Definitions definitions =
        Definitions.open(reader, manifest, settings.temp(), tools, spans, run)) {
      definitions.restore("pre-data", where);
      long[] comparing = new long[1];
      List<Entry> tables =
          manifest.entries().stream().filter(e -> e.kind() == EntryKind.TABLE).toList();
      Progress progress = new Progress(run, tables.stream().mapToLong(Entry::plainBytes).sum() * 2);
      loadTables(rows, tables, progress, comparing);
      for (Entry entry : manifest.entries()) {
        if (entry.kind() == EntryKind.SEQUENCES) {
          rows.sequences(entry);
        } else if (entry.kind() == EntryKind.LARGEOBJECTS) {
          rows.largeObjects(entry, progress);
        }
      }
      definitions.restore("post-data", where);
      if (settings.owners() && needs.publicSchema()) {
        grant(needs);
      }
      compareObjects(manifest, source, where.unmet(), strayPublic);
      return new Loaded(
          tables.size(),
          tables.stream().mapToLong(Entry::rows).sum(),
          tables.stream().mapToLong(Entry::plainBytes).sum(),
          comparing[0],
          where.unmet().stream().map(Needs.Naming::what).toList());
    }
  }

  private Definitions.Target target(Needs needs) throws SQLException {
    try (PinnedSession session = PinnedSession.open(target, "restore")) {
      Surroundings here = Surroundings.look(session);
      here.require(needs, settings.owners(), run);
      List<Needs.Naming> unmet = needs.unmet(here.roles());
      if (!settings.proving()) {
        here.requireNamed(unmet);
      }
      unmet.forEach(one -> run.warn(one.what() + " is left out: its roles are not here"));
      return new Definitions.Target(
          target, settings.parallel(), settings.owners(), unmet, here.superuser());
    }
  }

  private void grant(Needs needs) throws SQLException {
    try (PinnedSession session = PinnedSession.open(target, "restore")) {
      for (String statement : needs.grants()) {
        session.execute(statement);
      }
    }
  }

  /** Every new database has that schema; pg_dump does not say when the source has dropped it. */
  private boolean dropPublic() throws SQLException {
    try (PinnedSession session = PinnedSession.open(target, "restore")) {
      session.execute("DROP SCHEMA IF EXISTS public");
      return true;
    } catch (SQLException e) {
      if (!"42501".equals(e.getSQLState())) {
        throw e;
      }
      run.warn("an empty schema public stays, which the source has not: " + e.getMessage());
      return false;
    }
  }

  private int serverMajor() throws SQLException {
    try (PinnedSession session = PinnedSession.open(target, "restore")) {
      return new Inspector(session).identity().major();
    }
  }

  private void loadTables(RowsLoad rows, List<Entry> tables, Progress progress, long[] comparing)
      throws Exception {
    try (PinnedSession session = PinnedSession.open(target, "restore configuration")) {
      List<Entry> configuration = tables.stream().filter(ConfigurationTables::is).toList();
      for (Entry entry : ConfigurationTables.ordered(session, configuration)) {
        comparing[0] += rows.table(entry, progress);
      }
    }
    List<Entry> bySize =
        new ArrayList<>(tables.stream().filter(entry -> !ConfigurationTables.is(entry)).toList());
    bySize.sort(Comparator.comparingLong(Entry::plainBytes).reversed());
    List<Callable<Long>> tasks = new ArrayList<>();
    for (Entry entry : bySize) {
      tasks.add(() -> rows.table(entry, progress));
    }
    long spent =
        Workers.all(settings.parallel(), tasks, () -> {}).stream().mapToLong(Long::longValue).sum();
    // Threads compare side by side; elapsed is a thread's share.
    comparing[0] += spent / Math.max(1, Math.min(settings.parallel(), tables.size()));
  }

  private void compareObjects(
      Manifest manifest, Database.Identity source, List<Needs.Naming> unmet, boolean strayPublic)
      throws SQLException {
    long policies = unmet.stream().filter(one -> one.what().startsWith("policy ")).count();
    try (PinnedSession session = PinnedSession.open(target, "restore check")) {
      Map<String, Long> actual = new Inspector(session).objects();
      if (manifest.server().get("objects") instanceof Map<?, ?> counts) {
        for (Map.Entry<?, ?> count : counts.entrySet()) {
          long wanted = ((Number) count.getValue()).longValue();
          long found = actual.getOrDefault(count.getKey().toString(), 0L);
          if (count.getKey().equals("policies")) {
            found += policies;
          } else if (count.getKey().equals("schemas") && strayPublic) {
            found--;
          }
          if (wanted != found) {
            throw new NotEqualException(
                found
                    + " "
                    + count.getKey()
                    + " were restored of "
                    + wanted
                    + " in "
                    + source.database());
          }
        }
      }
    }
  }
}
