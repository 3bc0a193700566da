package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import routes.Covers;
import routes.backup.catalogue.SnapshotCatalogue;
import routes.backup.postgres.session.TestTools;
import routes.devservices.TestStores;
import routes.jobs.ledger.Run;
import routes.jobs.runs.Runs;
import routes.repository.Repository;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;
import routes.repository.format.SnapshotInfo;
import software.amazon.awssdk.services.s3.S3Client;

/** The dumps of a cron script become snapshots that are restored, read, and never called proven. */
@Covers("backup.import")
class ImportTest extends BackupSteps {

  @TempDir Path folder;
  @Autowired private MeterRegistry meters;
  @Autowired private BackupMetrics metrics;

  @AfterEach
  void forget() throws IOException {
    try (Stream<Path> dumps = Files.list(TestSources.DUMPS)) {
      for (Path dump : dumps.toList()) {
        Files.delete(dump);
      }
    }
    S3Client s3 = TestStores.get().s3Client();
    Repository repository = repositories.open();
    for (String source : List.of("rich", "small")) {
      for (SnapshotInfo snapshot : repository.list(source)) {
        if (repository.read(source, snapshot.id()).kind().equals("sql")) {
          repository.remove(source, snapshot.id());
          jdbc.sql("DELETE FROM hub.snapshot WHERE id = ?").param(snapshot.id().value()).update();
        }
      }
    }
    s3.listObjectsV2(list -> list.bucket(TestSources.BUCKET).prefix("dumps/")).contents().stream()
        .forEach(o -> s3.deleteObject(d -> d.bucket(TestSources.BUCKET).key(o.key())));
  }

  private record Ended(int code, String out, String err) {}

  /** {@code ./hub}, as a person calls it. */
  private Ended hub(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash", "hub"));
    command.addAll(List.of(arguments));
    return process(
        command,
        Map.of(
            "HUB_URL",
            "http://127.0.0.1:" + port,
            "HUB_API_KEY_FILE",
            STATE.resolve("api-key").toString()));
  }

  private Ended process(List<String> command, Map<String, String> environment) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  /** What cron has run each night. */
  private String dump(String database, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(TestTools.folder().resolve("pg_dump").toString(), "-Fp", "-d", database));
    command.addAll(List.of(options));
    URI server = URI.create(TestStores.get().postgres().url().replaceFirst("^jdbc:", ""));
    Ended dump =
        process(
            command,
            Map.of(
                "PGHOST", server.getHost(),
                "PGPORT", Integer.toString(server.getPort()),
                "PGUSER", TestSources.RICH.username(),
                "PGPASSWORD", TestSources.RICH.password()));
    assertThat(dump.code()).as(dump.err()).isZero();
    return dump.out();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return packed.toByteArray();
  }

  private static void put(String name, byte[] bytes) throws IOException {
    Files.write(TestSources.DUMPS.resolve(name), bytes);
  }

  private List<SnapshotCatalogue.Snapshot> imported(String source) {
    return camel.getRegistry().findSingleByType(SnapshotCatalogue.class).list(source, 500).stream()
        .filter(one -> one.kind().equals("sql"))
        .toList();
  }

  /** When the newest backup of the source was taken, as the metric says. */
  private double taken(String source) {
    metrics.refresh();
    return meters.get("hub.backup.taken.timestamp").tag("source", source).gauge().value();
  }

  private static List<String> comparable(String dump) {
    return dump.lines().filter(line -> !line.matches("\\\\(un)?restrict .*")).toList();
  }

  @Test
  void whatPgDumpWroteIsRestoredToTheByteAndNeverCalledProven() throws Exception {
    String text = dump(TestSources.RICH.name());
    put("postgres_20260102_030405.sql.gz", gzip(text));

    Ended first = hub("run", "backup.import", "from=cron");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).contains("1 of 1 file imported, 0 were there");
    assertThat(hub("run", "backup.import", "from=cron").out())
        .contains("0 of 1 file imported, 1 were there");
    Files.setLastModifiedTime(
        TestSources.DUMPS.resolve("postgres_20260102_030405.sql.gz"),
        java.nio.file.attribute.FileTime.from(Instant.parse("2026-03-04T00:00:00Z")));
    assertThat(hub("run", "backup.import", "from=cron").out())
        .as("a touched file is read and recognised")
        .contains("0 of 1 file imported, 1 were there", " 0 B new");

    SnapshotCatalogue.Snapshot snapshot = imported("rich").get(0);
    assertThat(snapshot.takenAt()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(snapshot.verified()).isNull();
    Manifest manifest = repositories.open().read("rich", new SnapshotId(snapshot.id()));
    assertThat(manifest.server())
        .containsEntry("file", "postgres_20260102_030405.sql.gz")
        .containsKeys("sha256", "size");
    assertThat(manifest.totals().plainBytes())
        .isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);

    String database = "imported_" + System.nanoTime();
    Ended restore = hub("restore", "rich", "spare", database, snapshot.id(), "owners=true");
    assertThat(restore.code()).as(restore.err()).isZero();
    assertThat(restore.out()).contains("not compared: an imported dump");
    assertThat(comparable(dump(database))).isEqualTo(comparable(text));

    Ended drill = hub("drill", "rich", snapshot.id());
    assertThat(drill.code()).as(drill.err()).isZero();
    assertThat(drill.out())
        .containsPattern("restored, \\d+ statements, 80\\d\\d rows")
        .contains("nothing to compare with: stays unverified");
    Ended verify = hub("verify", "rich", snapshot.id());
    assertThat(verify.code()).as(verify.err()).isZero();
    SnapshotCatalogue.Snapshot after = imported("rich").get(0);
    assertThat(after.verified()).as("never drilled, for all who ask").isNull();
    assertThat(after.intact()).isTrue();
    assertThat(repositories.open().drills("rich", new SnapshotId(snapshot.id()))).isEmpty();
    assertThat(databases("hub_drill_%")).isEmpty();
  }

  @Test
  void theOtherFormsThatScriptsUseAreRestoredToo() throws Exception {
    TestSources.execute(
        TestSources.SMALL,
        "CREATE TABLE umlauts (id int, word text); INSERT INTO umlauts VALUES (1, 'Größe \\ é'),"
            + " (2, E'two\nlines')");
    try {
      String plain = dump(TestSources.SMALL.name());
      String created = dump(TestSources.SMALL.name(), "--create", "--clean");
      // What pg_dumpall makes of a server, without the databases of other tests.
      String cluster =
          "--\n-- PostgreSQL database cluster dump\n--\n\nCREATE ROLE nobody_else;\n"
              + "\\connect template1\n\nCREATE TABLE elsewhere (id int);\n\n"
              + created
              + "--\n-- PostgreSQL database cluster dump complete\n--\n";
      put("postgres_20260110.sql.gz", gzip(created));
      put(
          "postgres_20260111.sql",
          dump(TestSources.SMALL.name(), "--inserts", "--clean").getBytes(StandardCharsets.UTF_8));
      put("postgres_20260112.sql", latin(plain));
      put(
          "postgres_20260113.sql.gz",
          gzip(cluster.replace(TestSources.SMALL.name(), TestSources.RICH.name())));
      Run run = succeeded(ended(submit("backup.import", Map.of("from", "cron")).id()));
      assertThat(run.headline()).startsWith("4 of 4");

      for (SnapshotCatalogue.Snapshot snapshot : imported("rich")) {
        String database = "form_" + System.nanoTime();
        boolean there = snapshot.equals(imported("rich").get(0));
        if (there) {
          TestSources.execute(TestSources.SMALL, "CREATE DATABASE " + database);
        }
        Run restore =
            succeeded(
                ended(
                    submit(
                            "restore.postgres",
                            Map.of(
                                "source",
                                "rich",
                                "snapshot",
                                snapshot.id(),
                                "target",
                                "spare",
                                there ? "into" : "database",
                                database))
                        .id()));
        assertThat(restore.summary().get("rows").asLong()).isEqualTo(2502);
        assertThat(comparable(dump(database)))
            .as(snapshot.takenAt().toString())
            .isEqualTo(comparable(plain));
      }
      assertThat(databases("elsewhere")).isEmpty();
      try (java.sql.Connection server = TestStores.get().postgres().connect("postgres")) {
        assertThat(single(server, "SELECT count(*) FROM pg_roles WHERE rolname = 'nobody_else'"))
            .as("what is the server's is left alone")
            .isEqualTo("0");
      }
    } finally {
      TestSources.execute(TestSources.SMALL, "DROP TABLE umlauts");
    }
  }

  /** As {@code pg_dump -E LATIN1} writes it. */
  private static byte[] latin(String dump) {
    return dump.replace("SET client_encoding = 'UTF8'", "SET client_encoding = 'LATIN1'")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatIsNotWholeIsRefusedByNameAndTheOthersAreTaken() throws Exception {
    String text = dump(TestSources.SMALL.name());
    byte[] whole = gzip(text);
    put("postgres_20260103.sql.gz", whole);
    put("postgres_20260104.sql.gz", Arrays.copyOf(whole, whole.length / 2));
    put("postgres_20260105.sql.gz", gzip(text.substring(0, text.length() / 2)));
    put("postgres_20260106.sql.gz", gzip(""));
    put("postgres_20260107.sql", (text + "\n\\! touch /tmp/owned\n").getBytes());
    put("postgres_20990101.sql.gz", whole);
    Files.createSymbolicLink(
        TestSources.DUMPS.resolve("postgres_link.sql.gz"), Path.of("/etc/passwd"));
    Files.createDirectory(TestSources.DUMPS.resolve("postgres_folder"));
    put("other.sql.gz", whole);

    Run plan =
        ended(
            runs.submit(
                    new Runs.Request(
                        "backup.import", Map.of("from", "cron"), true, false, "test", null))
                .id());
    assertThat(plan.summary().at("/items").findValuesAsText("action"))
        .containsExactly(
            "import", "import", "import", "import", "import", "refuse", "refuse", "refuse");
    assertThat(imported("rich")).isEmpty();

    Ended run = hub("run", "backup.import", "from=cron");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains("refused 7: ")
        .contains("postgres_20260104.sql.gz is cut off")
        .contains("postgres_20260105.sql.gz is incomplete")
        .contains("postgres_20260106.sql.gz holds nothing: the dump failed")
        .contains("postgres_20260107.sql line ")
        .contains("psql command \\! is not one of pg_dump's")
        .contains("postgres_20990101.sql.gz is from the future")
        .contains("postgres_link.sql.gz is a symbolic link")
        .contains("postgres_folder is not a regular file")
        .contains("the other 1 of 8 in hub.imports.cron are in the repository");
    assertThat(imported("rich"))
        .singleElement()
        .extracting("takenAt")
        .hasToString("2026-01-03T00:00:00Z");
    Run again = ended(submit("backup.import", Map.of("from", "cron")).id());
    assertThat(again.attempt()).as("no repeat heals it").isEqualTo(1);
    assertThat(imported("rich")).hasSize(1);
    assertThatThrownBy(() -> submit("backup.import", Map.of("from", "/etc")))
        .hasMessageContaining(
            "params.from: there is no import '/etc'; hub.imports has bucket, cron");
  }

  @Test
  void aBucketIsReadTheSameWayAndNightsShareWhatDidNotChange() throws Exception {
    String text = dump(TestSources.SMALL.name());
    S3Client s3 = TestStores.get().s3Client();
    succeeded(run("backup.postgres", "small"));
    double before = taken("small");
    String now =
        DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss")
            .format(Instant.now().atZone(ZoneId.of("Europe/Berlin")));
    put(s3, "dumps/small_2026-07-01_0100.sql.gz", gzip(text));
    put(
        s3,
        "dumps/small_2026-07-02_0100.sql.zst",
        com.github.luben.zstd.Zstd.compress(text.getBytes(StandardCharsets.UTF_8)));
    put(s3, "dumps/small_" + now + ".sql", text.getBytes(StandardCharsets.UTF_8));
    put(s3, "dumps/below/small_2026-07-03_0100.sql.gz", gzip(text));

    Run run = succeeded(ended(submit("backup.import", Map.of("from", "bucket")).id()));

    assertThat(run.headline()).startsWith("3 of 3 files imported");
    List<SnapshotCatalogue.Snapshot> imported = imported("small");
    assertThat(imported).hasSize(3);
    assertThat(imported.subList(1, 3))
        .extracting(one -> one.takenAt().toString())
        .containsExactly("2026-07-01T23:00:00Z", "2026-06-30T23:00:00Z");
    assertThat(imported.subList(0, 2)).allMatch(one -> one.newBytes() == 0);
    assertThat(taken("small")).as("no import hides that backups stopped").isEqualTo(before);
    assertThat(repositories.find("small", "latest").manifest().kind())
        .as("what is drilled each night")
        .isEqualTo("postgres");
    assertThat(hub("snapshots", "small").out()).contains("imported, not proven");
  }

  @Test
  void aFlippedChunkOfAnImportIsFoundAndTheNextImportHealsIt() throws Exception {
    put("postgres_20260108.sql.gz", gzip(dump(TestSources.SMALL.name())));
    succeeded(ended(submit("backup.import", Map.of("from", "cron")).id()));
    String id = imported("rich").get(0).id();
    Manifest manifest = repositories.open().read("rich", new SnapshotId(id));
    String key = "hub/" + manifest.entries().get(0).chunks().get(0).id().key();
    S3Client s3 = TestStores.get().s3Client();
    byte[] flipped =
        s3.getObjectAsBytes(get -> get.bucket(TestSources.BUCKET).key(key)).asByteArray();
    flipped[flipped.length / 2] ^= 1;
    put(s3, key, flipped);
    Map<String, String> snapshot = Map.of("source", "rich", "snapshot", id);

    Ended verify = hub("verify", "rich", id);
    assertThat(verify.code()).isEqualTo(1);
    assertThat(verify.err()).contains("1 damaged chunks: file postgres_20260108.sql.gz");
    Run drill = ended(submit("backup.drill", snapshot).id());
    assertThat(drill.headline()).contains("postgres_20260108.sql.gz");
    assertThat(succeeded(ended(submit("backup.import", Map.of("from", "cron")).id())).headline())
        .contains("0 of 1 file imported, 1 were there");

    succeeded(ended(submit("backup.verify", snapshot).id()));
    assertThat(repositories.open().quarantined()).isEmpty();
  }
}
