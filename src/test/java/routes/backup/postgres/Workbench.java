package routes.backup.postgres;

import io.opentelemetry.api.OpenTelemetry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import routes.backup.postgres.archive.SnapshotReader;
import routes.backup.postgres.archive.TableSelection;
import routes.backup.postgres.dump.PostgresDump;
import routes.backup.postgres.restore.PostgresLoad;
import routes.backup.postgres.restore.PostgresRestore;
import routes.backup.postgres.restore.QuietRun;
import routes.backup.postgres.script.SqlDump;
import routes.backup.postgres.session.PgChild;
import routes.backup.postgres.session.PgTools;
import routes.repository.Repository;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.chunks.ChunkWriter;
import routes.repository.crypto.Encryption;
import routes.repository.crypto.Identities;
import routes.repository.crypto.Recipients;
import routes.repository.crypto.RepositoryKey;
import routes.repository.crypto.TestIdentity;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;
import routes.repository.store.FileObjectStore;
import routes.stores.postgres.PostgresAddress;
import routes.telemetry.Spans;

/** Backs up and restores without a hub, into a repository in a folder. */
public final class Workbench {

  private final Path folder;
  private final Spans spans = new Spans(OpenTelemetry.noop());
  private final Repository repository;

  public Workbench(Path folder) {
    this(folder, Encryption.NONE);
  }

  private Workbench(Path folder, Encryption encryption) {
    this.folder = folder;
    this.repository =
        Repository.open(
            FileObjectStore.open(folder.resolve("repository"), Clock.systemUTC()),
            "test",
            encryption,
            Clock.systemUTC());
  }

  /** Into an encrypted repository, with an identity that opens it. */
  public static Workbench encrypted(Path folder) {
    TestIdentity identity = TestIdentity.generate();
    Identities identities = Identities.parse(identity.secret());
    return new Workbench(
        folder,
        new Encryption(
            Recipients.parse(List.of(identity.recipient())),
            RepositoryKey.parse("7a".repeat(32)),
            List.of(),
            () -> identities));
  }

  PostgresDump dump(PostgresAddress address, PostgresDump.Care care) {
    return new PostgresDump(
        address,
        new PostgresDump.Settings(
            2, 2, Duration.ofSeconds(2), null, folder.resolve("tmp"), "test", false, care),
        spans,
        Clock.systemUTC());
  }

  /** A published snapshot of the database. */
  public Manifest backUp(PostgresAddress address, QuietRun run) throws Exception {
    return backUp(address, PostgresDump.Care.NONE, run);
  }

  public Manifest backUp(PostgresAddress address, PostgresDump.Care care, QuietRun run)
      throws Exception {
    try (ChunkPipeline pipeline =
        repository.pipeline(ChunkPipeline.Settings.of(2, 2), Optional.empty())) {
      Manifest manifest =
          dump(address, care).take(new PostgresDump.Destination(repository, pipeline, "test", run));
      return repository.read("test", repository.publish(manifest, pipeline));
    }
  }

  public PostgresLoad.Loaded drill(PostgresAddress server, Manifest manifest, QuietRun run)
      throws Exception {
    return restore().intoScratch(server, repository, manifest, run);
  }

  public PostgresLoad.Loaded restore(PostgresRestore.Order order, Manifest manifest, QuietRun run)
      throws Exception {
    return place(order, manifest, run).loaded();
  }

  public PostgresRestore.Placed<PostgresLoad.Loaded> place(
      PostgresRestore.Order order, Manifest manifest, QuietRun run) throws Exception {
    return restore().into(order, repository, manifest, run);
  }

  public PostgresRestore restore() {
    return new PostgresRestore(
        new PostgresRestore.Settings("test", 2, null, folder.resolve("tmp"), 96 << 20),
        id -> true,
        spans);
  }

  public TableSelection part(Manifest manifest, String tables) throws IOException {
    return restore()
        .tables(repository, manifest, new QuietRun())
        .selection(null, tables, List.of());
  }

  public Repository repository() {
    return repository;
  }

  /** A plain dump as an import keeps it. */
  public Manifest keep(String dump) {
    try (ChunkPipeline pipeline =
            repository.pipeline(ChunkPipeline.Settings.of(2, 2), Optional.empty());
        ChunkWriter writer = pipeline.writer()) {
      byte[] bytes = dump.getBytes(StandardCharsets.UTF_8);
      writer.bytes(bytes, 0, bytes.length);
      List<Entry> entries =
          List.of(Entry.of(EntryKind.FILE, "dump.sql", Map.of(), writer.finish()));
      Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS);
      Manifest manifest =
          new Manifest(
              Manifest.FORMAT,
              "test",
              SqlDump.KIND,
              "test",
              UUID.randomUUID().toString(),
              1,
              now,
              now,
              Map.of(),
              Map.of(),
              null,
              Manifest.NOT_ENCRYPTED,
              Manifest.Totals.of(entries, 0),
              entries);
      return repository.read("test", repository.publish(manifest, pipeline));
    }
  }

  /** The bytes of an entry. */
  String text(Manifest manifest, EntryKind kind) throws IOException {
    Entry entry =
        manifest.entries().stream().filter(e -> e.kind() == kind).findFirst().orElseThrow();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new SnapshotReader(repository, manifest, new QuietRun())
        .read(entry, chunk -> bytes.write(chunk.array(), chunk.arrayOffset(), chunk.remaining()));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Runs an SQL script as one would by hand; meta-commands and all. */
  public void psql(PostgresAddress address, String script) throws Exception {
    Path file = Files.writeString(Files.createTempFile(folder, "script", ".sql"), script);
    program(address, 15, "psql", "--no-psqlrc", "--quiet", "--output=/dev/null", "--file=" + file);
  }

  /** What one of PostgreSQL's programs writes. */
  public String program(PostgresAddress address, int major, String program, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(PgTools.forServer(null, major).program(program).toString());
    command.addAll(List.of(arguments));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new PgChild(folder.resolve("tmp"), new QuietRun())
        .run(command, address, in -> in.transferTo(out));
    return out.toString(StandardCharsets.UTF_8);
  }

  public static PostgresAddress address(String jdbcUrl, String username, String password) {
    return PostgresAddress.of("test", jdbcUrl, username, password);
  }

  public static void execute(PostgresAddress address, String... statements) throws SQLException {
    try (Connection connection = address.connect("test");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  public static String single(PostgresAddress address, String sql) throws SQLException {
    try (Connection connection = address.connect("test");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    }
  }
}
