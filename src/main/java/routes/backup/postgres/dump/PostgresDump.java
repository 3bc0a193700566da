package routes.backup.postgres.dump;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import routes.backup.postgres.database.Database;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.session.PgChild;
import routes.backup.postgres.session.PgTools;
import routes.backup.postgres.session.PinnedSession;
import routes.backup.postgres.session.Progress;
import routes.backup.postgres.session.Workers;
import routes.jobs.Plan;
import routes.jobs.RunContext;
import routes.kernel.errors.PermanentException;
import routes.repository.Repository;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.chunks.PipelineStoppedException;
import routes.repository.format.Entry;
import routes.repository.format.Manifest;
import routes.repository.store.RateLimiter;
import routes.stores.postgres.PostgresAddress;
import routes.telemetry.Spans;

/**
 * Reads one database into a repository's chunks: definitions by {@code pg_dump}, rows by parallel
 * COPY of one snapshot. Nothing touches the local disk, and memory does not grow with the database.
 */
public record PostgresDump(PostgresAddress address, Settings settings, Spans spans, Clock clock) {

  private static final int MOST_ROUNDS = 5;
  private static final String NAMES = "names";
  private static final String IN_BYTES = "bytes";

  /**
   * @param parallel tables at a time
   * @param uploads chunks at a time
   * @param lockTimeout longest wait for one table's lock
   * @param pgBin folder of pg_dump, or null
   * @param temp folder for pass files
   * @param rolePasswords whether globals hold the hashes of role passwords; only for chunks that
   *     are encrypted
   */
  public record Settings(
      int parallel,
      int uploads,
      Duration lockTimeout,
      Path pgBin,
      Path temp,
      String hubVersion,
      boolean rolePasswords,
      Care care) {}

  /**
   * How much of the source a backup may take.
   *
   * @param rate of rows read, all tables together
   * @param snapshotLimit longest that the snapshot is held; zero: no limit
   */
  public record Care(RateLimiter rate, Duration snapshotLimit) {
    public static final Care NONE = new Care(RateLimiter.NONE, Duration.ZERO);
  }

  /** What {@link #take} would read; locks nothing. */
  public Plan plan() throws SQLException {
    try (PinnedSession session = PinnedSession.open(Inspector.readable(address), "backup plan")) {
      Database database = new Inspector(session).database();
      List<Plan.Item> items = new ArrayList<>();
      PgTools tools = PgTools.forServer(settings.pgBin(), database.identity().major());
      items.add(new Plan.Item("dump", "definitions", "pg_dump " + tools.version() + " reads them"));
      for (Database.Table table : database.tables()) {
        items.add(
            new Plan.Item("copy", table.label(), "about " + table.bytes() + " bytes on disk"));
      }
      if (!database.sequences().isEmpty()) {
        items.add(
            new Plan.Item("copy", database.sequences().size() + " sequences", "their last values"));
      }
      if (database.largeObjects()) {
        items.add(new Plan.Item("copy", "large objects", "there are some"));
      }
      return new Plan(items);
    }
  }

  /** Whether the names in a manifest are bytes, each as one character. */
  public static boolean isInBytes(Manifest manifest) {
    return IN_BYTES.equals(manifest.server().get(NAMES));
  }

  /** Where a dump goes, and under which name. */
  public record Destination(
      Repository repository, ChunkPipeline pipeline, String source, RunContext run) {}

  /**
   * Reads everything into chunks.
   *
   * @return the manifest, not yet published
   * @throws PermanentException for what no repeat heals
   */
  public Manifest take(Destination to) throws Exception {
    for (int round = 1; ; round++) {
      try {
        return takeOnce(to);
      } catch (PgChild.FailedException e) {
        if (round == MOST_ROUNDS || !e.getMessage().contains("lock timeout")) {
          throw e;
        }
        // Somebody's DROP or ALTER waits for our locks, and pg_dump behind it: let it through.
        to.run().info("begins anew: a change of a table came between (" + round + ")");
      }
    }
  }

  private Manifest takeOnce(Destination to) throws Exception {
    RunContext run = to.run();
    try (PostgresSource source =
            PostgresSource.open(address, settings.parallel(), settings.lockTimeout(), run);
        RunContext.Registration cut = run.onStop("source sessions", source::abort);
        RunContext.Registration halt =
            run.onStop(
                "uploads",
                () -> to.pipeline().abort(new IllegalStateException("the run was stopped")))) {
      Database database = source.database();
      PgTools tools = PgTools.forServer(settings.pgBin(), database.identity().major());
      run.info(
          "reading %s tables of %s, PostgreSQL %s"
              .formatted(database.tables().size(), address, database.identity().version()));
      Progress progress =
          new Progress(run, database.tables().stream().mapToLong(Database.Table::bytes).sum());
      Map<Integer, Entry> entries = copyHeld(source, tools, to, progress);
      return manifest(source, tools, to, List.copyOf(new TreeMap<>(entries).values()));
    } catch (PipelineStoppedException e) {
      // What stopped the uploads is the failure, not that they stopped.
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private Map<Integer, Entry> copyHeld(
      PostgresSource source, PgTools tools, Destination to, Progress progress) throws Exception {
    Duration limit = settings.care().snapshotLimit();
    try (SnapshotAge age = new SnapshotAge(limit, clock, to.run(), source::abort).begin()) {
      try {
        Map<Integer, Entry> entries = copyAll(source, tools, to, progress);
        age.confirm();
        return entries;
      } catch (Exception e) {
        throw age.told(e);
      }
    }
  }

  /** Entries by their place in the manifest: definitions first, then tables by name. */
  private Map<Integer, Entry> copyAll(
      PostgresSource source, PgTools tools, Destination to, Progress progress) throws Exception {
    Database database = source.database();
    EntryDump dump = new EntryDump(address, source, tools, settings, to, progress, spans);
    Map<Integer, Entry> entries = new LinkedHashMap<>();
    List<Callable<Map.Entry<Integer, Entry>>> tasks = new ArrayList<>();
    tasks.add(() -> Map.entry(0, dump.definitions()));
    tasks.add(() -> Map.entry(1, dump.globals()));
    List<Database.Table> bySize = new ArrayList<>(database.tables());
    // The largest first: else one long table is still alone at work when all others are done.
    bySize.sort(Comparator.comparingLong(Database.Table::bytes).reversed());
    for (Database.Table table : bySize) {
      int place = 2 + database.tables().indexOf(table);
      tasks.add(() -> Map.entry(place, dump.table(table)));
    }
    int after = 2 + database.tables().size();
    tasks.add(() -> Map.entry(after, dump.sequences()));
    if (database.largeObjects()) {
      tasks.add(() -> Map.entry(after + 1, dump.largeObjects()));
    }
    Workers.all(settings.parallel(), tasks, source::abort)
        .forEach(done -> entries.put(done.getKey(), done.getValue()));
    return entries;
  }

  private Manifest manifest(
      PostgresSource source, PgTools tools, Destination to, List<Entry> entries) {
    Database database = source.database();
    Map<String, Object> server = new TreeMap<>(database.identity().asMap());
    server.put("invalid", database.invalid());
    if (PinnedSession.isInBytes(source.address())) {
      server.put(NAMES, IN_BYTES);
    }
    if (database.lsn() != null) {
      server.put("lsn", database.lsn());
    }
    RunContext run = to.run();
    return new Manifest(
        Manifest.FORMAT,
        to.source(),
        "postgres",
        to.repository().hub(),
        run.id().toString(),
        run.attempt(),
        database.at().truncatedTo(java.time.temporal.ChronoUnit.MICROS),
        clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MICROS),
        server,
        Map.of("hub", settings.hubVersion(), "pg_dump", tools.version()),
        run.traceId(),
        Manifest.NOT_ENCRYPTED,
        Manifest.Totals.of(entries, to.pipeline().counters().newBytes()),
        entries);
  }
}
