package routes.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import routes.devservices.DevServices;
import routes.devservices.HubServer;
import routes.repository.crypto.TestIdentity;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * {@code ./hub bench backup}: backup, encrypted backup and restore of about 1 GB beside {@code
 * pg_dump} and {@code pg_restore}, in turns, on the same servers; then what a second backup sends
 * and what the hub's memory did. Prints the table of the README.
 */
public final class BackupBench {

  private static final PrintStream OUT = System.out;

  /** As {@code ./hub start} gives them. */
  private static final String[] JVM =
      System.getenv().getOrDefault("HUB_JAVA_OPTS", "@scripts/jvm.options").split(" +");

  private static final String DATABASE = "bench";
  private static final String BUCKET = "bench";

  private static final String PLAIN = "backup";
  private static final String SEALED = "backup, encrypted";
  private static final String RESTORE = "restore";
  private static final String COMPARED = "restore, every row compared";
  private static final String DUMP_ZSTD = "pg_dump -Fp | zstd -1";
  private static final String DUMP_CUSTOM = "pg_dump -Fc";
  private static final String PG_RESTORE = "pg_restore -j2";

  private final DevServices services;
  private final Path folder;
  private final Peer peer;
  private final Map<String, Series> measured = new LinkedHashMap<>();
  private long peak;
  private long spool;
  private long plainBytes;
  private long storedBytes;
  private double againShare;
  private long rowChunks;

  private BackupBench(DevServices services, Path folder) throws IOException {
    this.services = services;
    this.folder = folder;
    this.peer = new Peer(services.postgres(), folder);
  }

  /**
   * @param args {@code --rounds=3}, {@code --scale=1.1}
   */
  public static void main(String[] args) throws Exception {
    Setting.run(
        "backup",
        args,
        Map.of("rounds", 3, "scale", 1.1),
        setting -> {
          new BackupBench(setting.services(), setting.folder())
              .run(setting.whole("rounds"), setting.number("scale"));
        });
  }

  private void run(int rounds, double scale) throws Exception {
    makeData(scale);
    try (S3Client s3 = services.s3().client()) {
      s3.createBucket(request -> request.bucket(BUCKET));
    }
    try (HubServer plain = hub(PLAIN, Map.of());
        HubServer sealed = hub(SEALED, encryption())) {
      long idle = plain.residentBytes();
      for (int round = 1; round <= rounds; round++) {
        OUT.println("round " + round + " of " + rounds);
        wipe();
        backup(PLAIN, plain);
        seconds(DUMP_ZSTD, "pg_dump -Fp " + DATABASE + " | zstd -1 -q -f -o plain.sql.zst");
        backup(SEALED, sealed);
        seconds(DUMP_CUSTOM, "pg_dump -Fc -f custom.dump " + DATABASE);
        restore(plain);
        peerRestore();
      }
      again(plain);
      report(idle);
    }
  }

  private void makeData(double scale) throws IOException, SQLException {
    OUT.println("makes the data");
    execute("postgres", "CREATE DATABASE " + DATABASE);
    try (InputStream in = BackupBench.class.getResourceAsStream("/bench/backup.sql")) {
      String script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      execute(DATABASE, script.replace(":scale", Double.toString(scale)));
    }
    execute(DATABASE, "VACUUM (ANALYZE, FREEZE)");
    execute(DATABASE, "CHECKPOINT");
  }

  private static Map<String, String> encryption() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return Map.of(
        "hub.encryption.recipients",
        TestIdentity.generate().recipient(),
        "hub.encryption.key",
        HexFormat.of().formatHex(key));
  }

  private HubServer hub(String name, Map<String, String> more) throws SQLException {
    String id = name.replaceAll("[^a-z]", "");
    execute("postgres", "CREATE DATABASE hub_" + id);
    Map<String, String> settings = new HashMap<>(services.properties());
    settings.put("hub.id", id);
    settings.put("hub.database.url", services.postgres().url("hub_" + id));
    for (String prefix : List.of("hub.sources.bench", "hub.targets.bench", "hub.backup.drill")) {
      String database = prefix.contains("sources") ? DATABASE : "postgres";
      settings.put(prefix + ".url", services.postgres().url(database));
      settings.put(prefix + ".username", services.postgres().username());
      settings.put(prefix + ".password", services.postgres().password());
    }
    settings.put("hub.repository.url", "s3://" + BUCKET + "/" + id);
    settings.putAll(more);
    return HubServer.start(folder.resolve("hub-" + id), settings, JVM);
  }

  /** An empty bucket: the next backup is a first one. */
  private void wipe() {
    try (S3Client s3 = services.s3().client()) {
      s3.listObjectsV2Paginator(request -> request.bucket(BUCKET)).contents().stream()
          .toList()
          .forEach(object -> s3.deleteObject(d -> d.bucket(BUCKET).key(object.key())));
    }
  }

  /** A backup of everything; what was told of it. */
  private JsonNode backup(String name, HubServer hub) {
    long written = hub.writtenBytes();
    try (Watch watch = new Watch(hub)) {
      long began = System.nanoTime();
      JsonNode run = hub.run("backup.postgres", Map.of("source", "bench"));
      add(name, (System.nanoTime() - began) / 1e9);
      peak = Math.max(peak, watch.peakBytes());
      spool = Math.max(spool, hub.writtenBytes() - written);
      return run;
    }
  }

  private void restore(HubServer hub) throws SQLException {
    try (Watch watch = new Watch(hub)) {
      long began = System.nanoTime();
      hub.run(
          "restore.postgres",
          Map.of("source", "bench", "target", "bench", "database", "restored_by_hub"));
      add(COMPARED, (System.nanoTime() - began) / 1e9);
      peak = Math.max(peak, watch.peakBytes());
    }
    execute("postgres", "DROP DATABASE restored_by_hub");
    JsonNode drill = hub.run("backup.drill", Map.of("source", "bench"));
    add(RESTORE, Duration.parse(drill.at("/summary/rto").asText()).toMillis() / 1e3);
  }

  private void peerRestore() throws Exception {
    execute("postgres", "CREATE DATABASE restored_by_peer TEMPLATE template0");
    seconds(PG_RESTORE, "pg_restore -j2 -d restored_by_peer custom.dump");
    execute("postgres", "DROP DATABASE restored_by_peer");
  }

  /** What an unchanged database sends again, and one more row per table. */
  private void again(HubServer hub) throws SQLException {
    OUT.println("again, unchanged and with one more row per table");
    wipe();
    JsonNode first = backup("first", hub).get("summary");
    plainBytes = first.get("plainBytes").asLong();
    storedBytes = first.get("storedBytes").asLong();
    JsonNode unchanged = backup("unchanged", hub).get("summary");
    againShare = unchanged.get("newBytes").asDouble() / first.get("newBytes").asDouble();
    Set<String> before = new HashSet<>();
    manifest(hub, unchanged)
        .get("entries")
        .forEach(entry -> entry.get("chunks").forEach(c -> before.add(c.get("id").asText())));
    execute(
        DATABASE,
        "INSERT INTO account SELECT gen_random_uuid(), 'new@example.org', 1, true, now();"
            + " INSERT INTO event SELECT max(id) + 1, now(), 's', 'INFO', 'm', '{}' FROM event;"
            + " INSERT INTO metric VALUES (0, now(), 1);"
            + " INSERT INTO document SELECT max(d.id) + 1, (SELECT id FROM account LIMIT 1), 'new'"
            + " FROM document d;"
            + " INSERT INTO embedding SELECT max(id) + 1, '\\x00' FROM embedding");
    for (JsonNode entry : manifest(hub, backup("one row", hub).get("summary")).get("entries")) {
      long fresh = 0;
      for (JsonNode chunk : entry.get("chunks")) {
        fresh += before.contains(chunk.get("id").asText()) ? 0 : 1;
      }
      if (entry.get("kind").asText().equals("table")) {
        rowChunks = Math.max(rowChunks, fresh);
      }
    }
  }

  private static JsonNode manifest(HubServer hub, JsonNode summary) {
    return hub.api().get("/api/snapshots/bench/" + summary.get("snapshot").asText()).json();
  }

  private void seconds(String name, String line) throws Exception {
    add(name, peer.seconds(line));
  }

  private void add(String name, double seconds) {
    measured.computeIfAbsent(name, n -> new Series()).add(seconds);
    OUT.printf(Locale.ROOT, "  %-32s %6.1f s%n", name, seconds);
  }

  private void execute(String database, String sql) throws SQLException {
    try (Connection connection = services.postgres().connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void report(long idle) {
    OUT.printf(
        Locale.ROOT,
        "%n%d cores, JDK %s, PostgreSQL %s; %.2f GB as text, %.2f GB stored%n%n",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        services.postgres().version(),
        plainBytes / 1e9,
        storedBytes / 1e9);
    OUT.println("| | median | rounds | beside | ratio | wanted |");
    OUT.println("|---|---|---|---|---|---|");
    row(PLAIN, DUMP_ZSTD, "1.0");
    row(PLAIN, DUMP_CUSTOM, "0.25");
    row(SEALED, DUMP_ZSTD, "1.2");
    row(RESTORE, PG_RESTORE, "0.8");
    row(COMPARED, PG_RESTORE, "");
    OUT.println();
    OUT.println("| | seen | wanted |");
    OUT.println("|---|---|---|");
    fact(
        "memory above idle (%d MiB), most".formatted(idle >> 20),
        (peak - idle) / 1048576.0,
        "MiB",
        "≤ 128 MiB");
    fact("written to local disks by a backup, most", spool / 1024.0, "KiB", "0, but its log");
    fact("an unchanged database sends again", againShare * 100, "% of the first", "< 1 %");
    fact("one more row sends again, per table", rowChunks, "chunks at most", "≤ 1");
  }

  private void row(String ours, String theirs, String wanted) {
    Series mine = measured.get(ours);
    Series peers = measured.get(theirs);
    OUT.printf(
        Locale.ROOT,
        "| %s | %.1f s | %s | %s: %.1f s (%s) | %.2f | %s |%n",
        ours,
        mine.median(),
        mine,
        theirs,
        peers.median(),
        peers,
        mine.median() / peers.median(),
        wanted.isEmpty() ? "–" : "≤ " + wanted);
  }

  private static void fact(String what, double seen, String unit, String wanted) {
    OUT.printf(
        Locale.ROOT,
        seen < 1 ? "| %s | %.4f %s | %s |%n" : "| %s | %.0f %s | %s |%n",
        what,
        seen,
        unit,
        wanted);
  }
}
