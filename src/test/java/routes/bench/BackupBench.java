package routes.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import routes.devservices.DevServices;
import routes.devservices.HubServer;
import routes.devservices.Options;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * {@code ./hub bench backup}: backup, encrypted backup and restore of about 1.2 GB beside {@code
 * pg_dump} and {@code pg_restore}, in turns, on the same servers; then what a second backup sends
 * and what the hub's memory did. Prints the table of the README.
 */
public final class BackupBench {

  private static final PrintStream OUT = System.out;
  private static final String[] JVM = {"-Xmx512m", "-XX:+UseSerialGC"};
  private static final String DATABASE = "bench";
  private static final String BUCKET = "bench";

  private final DevServices services;
  private final Path folder;
  private final Peer peer;
  private final Map<String, Series> measured = new LinkedHashMap<>();
  private final Map<String, Double> counted = new LinkedHashMap<>();

  private BackupBench(DevServices services, Path folder) throws IOException {
    this.services = services;
    this.folder = folder;
    this.peer = new Peer(services.postgres(), folder);
  }

  /**
   * @param args {@code --rounds=3}, {@code --scale=1.0}
   */
  public static void main(String[] args) throws Exception {
    int rounds = 3;
    double scale = 1.0;
    for (String arg : args) {
      if (arg.matches("--rounds=[1-9]\\d?")) {
        rounds = Integer.parseInt(arg.substring("--rounds=".length()));
      } else if (arg.matches("--scale=\\d{1,3}(\\.\\d+)?")) {
        scale = Double.parseDouble(arg.substring("--scale=".length()));
      } else {
        System.err.println("hub: bench backup takes --rounds=n and --scale=x, not " + arg);
        System.exit(2);
      }
    }
    ((ch.qos.logback.classic.Logger)
            org.slf4j.LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME))
        .setLevel(ch.qos.logback.classic.Level.WARN);
    Path folder = Files.createTempDirectory("hub-bench-");
    try (DevServices services = DevServices.start(Options.forTests(folder.resolve("stores")))) {
      new BackupBench(services, folder).run(rounds, scale);
    } finally {
      org.springframework.util.FileSystemUtils.deleteRecursively(folder);
    }
  }

  private void run(int rounds, double scale) throws Exception {
    long bytes = makeData(scale);
    try (S3Client s3 = services.s3().client()) {
      s3.createBucket(request -> request.bucket(BUCKET));
    }
    try (HubServer plain = hub("plain", Map.of())) {
      counted.put("idle", (double) plain.residentBytes());
      for (int round = 1; round <= rounds; round++) {
        OUT.println("round " + round + " of " + rounds);
        wipe();
        hubBackup("hub", plain);
        peer(
            "pg_dump -Fp | zstd -1",
            "pg_dump -Fp " + DATABASE + " | zstd -1 -q -f -o plain.sql.zst");
        peer("pg_dump -Fc", "pg_dump -Fc -f custom.dump " + DATABASE);
        hubRestore(plain);
        peerRestore();
      }
      again(plain);
    }
    report(bytes, rounds);
  }

  /** Its size as COPY text, bytes. */
  private long makeData(double scale) throws IOException, SQLException {
    OUT.println("makes the data");
    execute("postgres", "CREATE DATABASE " + DATABASE);
    try (InputStream in = BackupBench.class.getResourceAsStream("/bench/backup.sql")) {
      String script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      execute(DATABASE, script.replace(":scale", Double.toString(scale)));
    }
    execute(DATABASE, "VACUUM (ANALYZE, FREEZE)");
    execute(DATABASE, "CHECKPOINT");
    return 0;
  }

  private HubServer hub(String name, Map<String, String> more) throws SQLException {
    execute("postgres", "CREATE DATABASE hub_" + name);
    Map<String, String> settings = new HashMap<>(services.properties());
    settings.put("hub.id", name);
    settings.put("hub.database.url", services.postgres().url("hub_" + name));
    for (String prefix : List.of("hub.sources.bench", "hub.targets.bench", "hub.backup.drill")) {
      String database = prefix.contains("sources") ? DATABASE : "postgres";
      settings.put(prefix + ".url", services.postgres().url(database));
      settings.put(prefix + ".username", services.postgres().username());
      settings.put(prefix + ".password", services.postgres().password());
    }
    settings.put("hub.repository.url", "s3://" + BUCKET + "/" + name);
    settings.putAll(more);
    return HubServer.start(folder.resolve("hub-" + name), settings, JVM);
  }

  /** An empty bucket: the next backup is a first one. */
  private void wipe() {
    try (S3Client s3 = services.s3().client()) {
      s3.listObjectsV2Paginator(request -> request.bucket(BUCKET)).contents().stream()
          .toList()
          .forEach(object -> s3.deleteObject(d -> d.bucket(BUCKET).key(object.key())));
    }
  }

  private JsonNode hubBackup(String name, HubServer hub) {
    long written = hub.writtenBytes();
    try (Watch watch = new Watch(hub)) {
      long began = System.nanoTime();
      JsonNode run = hub.run("backup.postgres", Map.of("source", "bench"));
      add(name, (System.nanoTime() - began) / 1e9);
      most(name + " peak", watch.peakBytes());
      most(name + " spool", hub.writtenBytes() - written);
      counted.put(name + " plain", run.at("/summary/plainBytes").asDouble());
      counted.put(name + " stored", run.at("/summary/storedBytes").asDouble());
      counted.put(name + " new", run.at("/summary/newBytes").asDouble());
      return run;
    }
  }

  private void hubRestore(HubServer hub) throws SQLException {
    try (Watch watch = new Watch(hub)) {
      long began = System.nanoTime();
      hub.run(
          "restore.postgres",
          Map.of("source", "bench", "target", "bench", "database", "restored_by_hub"));
      add("hub restore and compare", (System.nanoTime() - began) / 1e9);
      most("restore peak", watch.peakBytes());
    }
    execute("postgres", "DROP DATABASE restored_by_hub");
    JsonNode drill = hub.run("backup.drill", Map.of("source", "bench"));
    add(
        "hub restore",
        java.time.Duration.parse(drill.at("/summary/rto").asText()).toMillis() / 1e3);
  }

  private void peerRestore() throws Exception {
    execute("postgres", "CREATE DATABASE restored_by_peer TEMPLATE template0");
    peer("pg_restore -j2", "pg_restore -j2 -d restored_by_peer custom.dump");
    execute("postgres", "DROP DATABASE restored_by_peer");
  }

  /** What an unchanged database sends again, and one more row per table. */
  private void again(HubServer hub) throws SQLException {
    double first = counted.get("hub new");
    Set<String> before = chunks(hub, hubBackup("hub again", hub));
    counted.put("again share", counted.get("hub again new") / first);
    execute(
        DATABASE,
        "INSERT INTO account SELECT gen_random_uuid(), 'new@example.org', 1, true, now();"
            + " INSERT INTO event SELECT max(id) + 1, now(), 's', 'INFO', 'm', '{}' FROM event;"
            + " INSERT INTO metric VALUES (0, now(), 1);"
            + " INSERT INTO document SELECT max(d.id) + 1, (SELECT id FROM account LIMIT 1), 'new'"
            + " FROM document d;"
            + " INSERT INTO embedding SELECT max(id) + 1, '\\x00' FROM embedding");
    JsonNode run = hubBackup("hub row", hub);
    JsonNode manifest =
        hub.api().get("/api/snapshots/bench/" + run.at("/summary/snapshot").asText()).json();
    for (JsonNode entry : manifest.get("entries")) {
      long fresh = 0;
      for (JsonNode chunk : entry.get("chunks")) {
        fresh += before.contains(chunk.get("id").asText()) ? 0 : 1;
      }
      if (entry.get("kind").asText().equals("table")) {
        most("row chunks", fresh);
      }
    }
  }

  private static Set<String> chunks(HubServer hub, JsonNode run) {
    Set<String> ids = new HashSet<>();
    JsonNode manifest =
        hub.api().get("/api/snapshots/bench/" + run.at("/summary/snapshot").asText()).json();
    manifest
        .findValues("chunks")
        .forEach(chunks -> chunks.forEach(chunk -> ids.add(chunk.path("id").asText())));
    return ids;
  }

  private void peer(String name, String line) throws Exception {
    add(name, peer.seconds(line));
  }

  private void add(String name, double seconds) {
    measured.computeIfAbsent(name, n -> new Series()).add(seconds);
    OUT.printf(Locale.ROOT, "  %-24s %6.1f s%n", name, seconds);
  }

  private void most(String name, double value) {
    counted.merge(name, value, Math::max);
  }

  private void execute(String database, String sql) throws SQLException {
    try (Connection connection = services.postgres().connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void report(long bytes, int rounds) {
    OUT.println();
    measured.forEach(
        (name, series) ->
            OUT.printf(Locale.ROOT, "| %s | %.1f s | %s |%n", name, series.median(), series));
    counted.forEach((name, value) -> OUT.printf(Locale.ROOT, "| %s | %.3f |%n", name, value));
  }
}
