package routes.backup.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.trace.SpanKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;
import routes.jobs.RunContext;
import routes.platform.postgres.PostgresAddress;
import routes.platform.telemetry.Spans;
import routes.repository.ChunkId;
import routes.repository.ChunkReader;
import routes.repository.ChunkRef;
import routes.repository.CorruptChunkException;
import routes.repository.Entry;
import routes.repository.EntryComparison;
import routes.repository.EntryKind;
import routes.repository.Manifest;
import routes.repository.MissingChunkException;
import routes.repository.Repository;
import routes.repository.RepositoryException;

/**
 * Loads a snapshot into an empty database and compares what arrived, chunk by chunk, with the
 * manifest. Definitions go through {@code pg_restore}, never through psql, whose scripts may hold
 * commands for the client.
 */
public final class PostgresLoad {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final PostgresAddress target;
  private final Settings settings;
  private final Spans spans;
  private final RunContext run;

  /**
   * @param parallel tables, and indexes, at a time
   * @param pgBin folder of pg_restore, or null
   * @param temp folder for the definitions while pg_restore reads them, and for pass files
   * @param owners whether owners and privileges are restored
   */
  public record Settings(int parallel, Path pgBin, Path temp, boolean owners) {}

  /**
   * What was loaded.
   *
   * @param tables count
   * @param rows of all tables, each compared
   * @param plainBytes of all tables
   * @param compareNanos of the elapsed time, what reading it all again took; not part of an RTO
   */
  public record Loaded(int tables, long rows, long plainBytes, long compareNanos) {}

  /** Names what is not as it was: the database must not be used. */
  public static final class NotEqualException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotEqualException(String message) {
      super(message);
    }
  }

  /** A chunk is not what was stored, or gone; the message names what it belongs to. */
  public static final class DamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ChunkId chunk;

    DamagedException(String what, ChunkId chunk, RepositoryException cause) {
      super(what + ": " + cause.getMessage(), cause);
      this.chunk = chunk;
    }

    public ChunkId chunk() {
      return chunk;
    }
  }

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
    PgChild child = new PgChild(settings.temp(), run);
    Path archive = definitions(repository, manifest);
    try {
      restoreSection("pre-data", tools, child, archive);
      long[] comparing = new long[1];
      List<Entry> tables =
          manifest.entries().stream().filter(e -> e.kind() == EntryKind.TABLE).toList();
      Progress progress = new Progress(run, tables.stream().mapToLong(Entry::plainBytes).sum() * 2);
      loadTables(repository, tables, progress, comparing);
      for (Entry entry : manifest.entries()) {
        if (entry.kind() == EntryKind.SEQUENCES) {
          sequences(repository, entry);
        } else if (entry.kind() == EntryKind.LARGEOBJECTS) {
          largeObjects(repository, entry, progress);
        }
      }
      restoreSection("post-data", tools, child, archive);
      compareObjects(manifest, source);
      return new Loaded(
          tables.size(),
          tables.stream().mapToLong(Entry::rows).sum(),
          tables.stream().mapToLong(Entry::plainBytes).sum(),
          comparing[0]);
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  private int serverMajor() throws SQLException {
    try (PinnedSession session = PinnedSession.open(target, "restore")) {
      return new Inspector(session).identity().major();
    }
  }

  private Path definitions(Repository repository, Manifest manifest) throws IOException {
    Files.createDirectories(
        settings.temp(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path file =
        Files.createTempFile(
            settings.temp(),
            "definitions",
            ".dump",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Entry ddl =
        manifest.entries().stream()
            .filter(entry -> entry.kind() == EntryKind.DDL)
            .findFirst()
            .orElseThrow(() -> new NotEqualException("the snapshot holds no definitions"));
    try (OutputStream out = Files.newOutputStream(file)) {
      read(
          repository,
          ddl,
          chunk -> out.write(chunk.array(), chunk.arrayOffset(), chunk.remaining()));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    return file;
  }

  private void restoreSection(String section, PgTools tools, PgChild child, Path archive)
      throws Exception {
    run.checkpoint();
    List<String> command = new ArrayList<>();
    command.add(tools.program("pg_restore").toString());
    command.add("--section=" + section);
    command.add("--exit-on-error");
    if (section.equals("post-data")) {
      command.add("--jobs=" + settings.parallel());
    }
    if (!settings.owners()) {
      command.add("--no-owner");
      command.add("--no-privileges");
      command.add("--no-publications");
      command.add("--no-subscriptions");
    }
    command.add(archive.toString());
    spans.in(
        "pg_restore " + section,
        SpanKind.CLIENT,
        Map.of("db.system.name", "postgresql"),
        () -> {
          child.run(command, target, out -> out.transferTo(OutputStream.nullOutputStream()));
          return null;
        });
  }

  private void loadTables(
      Repository repository, List<Entry> tables, Progress progress, long[] comparing)
      throws Exception {
    List<Entry> bySize = new ArrayList<>(tables);
    bySize.sort(Comparator.comparingLong(Entry::plainBytes).reversed());
    List<Callable<Long>> tasks = new ArrayList<>();
    for (Entry entry : bySize) {
      tasks.add(() -> table(repository, entry, progress));
    }
    long spent =
        Workers.all(settings.parallel(), tasks, () -> {}).stream().mapToLong(Long::longValue).sum();
    // Threads compare side by side; elapsed is a thread's share.
    comparing[0] = spent / Math.max(1, Math.min(settings.parallel(), tables.size()));
  }

  /** Loads one table and reads it again; returns the nanoseconds the reading took. */
  private long table(Repository repository, Entry entry, Progress progress) throws Exception {
    run.checkpoint();
    Database.Table table = Database.Table.of(entry.about(), entry.plainBytes());
    return spans.in(
        "COPY " + entry.name(),
        SpanKind.CLIENT,
        Map.of("db.system.name", "postgresql", "db.operation.name", "COPY"),
        () -> {
          try (PinnedSession session = PinnedSession.open(target, "restore " + entry.name());
              RunContext.Registration cut = run.onStop("load of " + entry.name(), session::abort)) {
            session.execute("BEGIN");
            boolean own = table.filter() == null;
            if (own) {
              // One stream into an emptied table: rows keep their order, which is compared.
              session.execute("TRUNCATE TABLE ONLY " + table.sql());
            }
            long rows = copyIn(repository, entry, session, table.copyIn(own), progress);
            session.execute("COMMIT");
            if (rows != entry.rows()) {
              throw new NotEqualException(
                  "table " + entry.name() + ": " + rows + " rows arrived of " + entry.rows());
            }
            long began = System.nanoTime();
            compare(repository, entry, session, table.copyOut(), progress);
            return System.nanoTime() - began;
          } catch (SQLException e) {
            throw new SQLException(
                "table " + entry.name() + ": " + e.getMessage(), e.getSQLState(), e);
          }
        });
  }

  private long copyIn(
      Repository repository, Entry entry, PinnedSession session, String sql, Progress progress)
      throws SQLException, IOException {
    CopyIn in = session.postgres().getCopyAPI().copyIn(sql);
    try {
      read(
          repository,
          entry,
          chunk -> {
            int length = chunk.remaining();
            try {
              in.writeToCopy(chunk.array(), chunk.arrayOffset(), length);
            } catch (SQLException e) {
              throw new IOException(e);
            }
            progress.add(length, entry.name());
          });
      return in.endCopy();
    } catch (IOException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw e;
    } finally {
      if (in.isActive()) {
        in.cancelCopy();
      }
    }
  }

  private void compare(
      Repository repository, Entry entry, PinnedSession session, String sql, Progress progress)
      throws SQLException {
    try (EntryComparison comparison = repository.comparison(entry)) {
      CopyOut out = session.postgres().getCopyAPI().copyOut(sql);
      for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
        comparison.update(row, 0, row.length);
        progress.add(row.length, entry.name());
      }
      Optional<EntryComparison.Difference> difference = comparison.finish();
      if (difference.isPresent()) {
        throw new NotEqualException(
            "table "
                + entry.name()
                + ": from row "
                + (difference.get().fromRow() + 1)
                + " on, "
                + difference.get().what());
      }
    }
  }

  private void sequences(Repository repository, Entry entry) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    read(
        repository,
        entry,
        chunk -> {
          try (var parser =
              JSON.createParser(chunk.array(), chunk.arrayOffset(), chunk.remaining())) {
            JSON.readValues(parser, JsonNode.class).forEachRemaining(lines::add);
          }
        });
    try (PinnedSession session = PinnedSession.open(target, "restore sequences")) {
      for (JsonNode line : lines) {
        String name = Sql.name(line.get("schema").textValue(), line.get("name").textValue());
        session.execute(
            "SELECT pg_catalog.setval("
                + Sql.literal(name)
                + "::pg_catalog.regclass, "
                + line.get("last_value").longValue()
                + ", "
                + line.get("is_called").booleanValue()
                + ")");
        List<Boolean> equal =
            new Inspector(session)
                .rows(
                    "SELECT last_value, is_called FROM " + name,
                    row ->
                        row.getLong(1) == line.get("last_value").longValue()
                            && row.getBoolean(2) == line.get("is_called").booleanValue());
        if (!equal.equals(List.of(true))) {
          throw new NotEqualException("sequence " + name + " has another value than the snapshot");
        }
      }
    }
  }

  private void largeObjects(Repository repository, Entry entry, Progress progress)
      throws Exception {
    try (PinnedSession session = PinnedSession.open(target, "restore large objects");
        RunContext.Registration cut = run.onStop("large objects", session::abort)) {
      LargeObjects.createStaging(session);
      copyIn(repository, entry, session, LargeObjects.COPY_IN, progress);
      session.execute("BEGIN");
      LargeObjects.write(session);
      compare(repository, entry, session, "COPY (" + LargeObjects.READ + ") TO STDOUT", progress);
      session.execute("COMMIT");
    } catch (NotEqualException e) {
      throw new NotEqualException(e.getMessage().replaceFirst("^table ", ""));
    }
  }

  private void compareObjects(Manifest manifest, Database.Identity source) throws SQLException {
    try (PinnedSession session = PinnedSession.open(target, "restore check")) {
      Map<String, Long> actual = new Inspector(session).objects();
      if (manifest.server().get("objects") instanceof Map<?, ?> counts) {
        for (Map.Entry<?, ?> count : counts.entrySet()) {
          long wanted = ((Number) count.getValue()).longValue();
          long found = actual.getOrDefault(count.getKey().toString(), 0L);
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

  /** Takes one verified chunk. */
  private interface Sink {
    void chunk(ByteBuffer plain) throws IOException;
  }

  private void read(Repository repository, Entry entry, Sink sink) throws IOException {
    try (ChunkReader reader = repository.reader()) {
      for (ChunkRef ref : entry.chunks()) {
        run.checkpoint();
        sink.chunk(reader.read(ref));
      }
    } catch (CorruptChunkException e) {
      throw new DamagedException(label(entry), e.id(), e);
    } catch (MissingChunkException e) {
      throw new DamagedException(label(entry), e.id(), e);
    }
  }

  private static String label(Entry entry) {
    return entry.kind() == EntryKind.TABLE ? "table " + entry.name() : entry.name();
  }
}
