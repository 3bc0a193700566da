package routes.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.core.TerminalFailureException;
import routes.devservices.DevServices;
import routes.devservices.FaultyProxy;
import routes.devservices.HubServer;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Two hubs on one database, a source that changes, and a repository behind a network that fails.
 * Everything but the failing network is real.
 */
final class Scene implements AutoCloseable {

  static final String SOURCE = "shop";
  static final String PREFIX = "hub";
  static final String COPY = "second";
  private static final int HUBS = 2;

  private final DevServices services;
  private final Path folder;
  private final FaultyProxy network;
  private final String bucket;
  private final Map<String, String> settings;
  private final List<HubServer> hubs = new ArrayList<>();
  private int started;

  /**
   * @param name of databases and bucket
   */
  Scene(DevServices services, Path folder, String name) throws IOException, SQLException {
    this.services = services;
    this.folder = folder;
    this.bucket = name.replace('_', '-');
    this.network = new FaultyProxy(services.s3().endpoint());
    execute("postgres", "CREATE DATABASE " + name + "_hub");
    execute("postgres", "CREATE DATABASE " + name + "_shop");
    try (S3Client s3 = s3()) {
      s3.createBucket(request -> request.bucket(bucket));
    }
    settings = settings(name);
    execute(
        shop(),
        "CREATE TABLE item (id int PRIMARY KEY, name text, amount int);"
            + " CREATE TABLE note (id int PRIMARY KEY, body text);"
            + " CREATE SEQUENCE ticket;"
            + " INSERT INTO item SELECT i, md5(i::text), i FROM generate_series(1, 60000) i;"
            + " INSERT INTO note SELECT i, repeat(md5(i::text), 40) FROM generate_series(1, 5000) i;"
            + " SELECT lo_from_bytea(0, decode(repeat('00ff', 5000), 'hex'))");
    for (int i = 0; i < HUBS; i++) {
      hubs.add(launch());
      hubs.get(i).ready();
    }
  }

  private Map<String, String> settings(String name) {
    Map<String, String> all = new HashMap<>(services.properties());
    all.put("hub.s3.endpoint", network.endpoint().toString());
    all.put("hub.id", "chaos");
    all.put("hub.database.url", services.postgres().url(name + "_hub"));
    for (String prefix : List.of("hub.sources.shop", "hub.backup.drill")) {
      String database = prefix.contains("sources") ? name + "_shop" : "postgres";
      all.put(prefix + ".url", services.postgres().url(database));
      all.put(prefix + ".username", services.postgres().username());
      all.put(prefix + ".password", services.postgres().password());
    }
    all.put("hub.repository.url", "s3://" + bucket + "/" + PREFIX);
    all.put("hub.copies." + COPY + ".url", "s3://" + bucket + "/" + COPY);
    // Shorter than in production, or most of the time would go by waiting for leases to end.
    all.put("hub.jobs.lease", "3s");
    all.put("hub.jobs.renew-every", "500ms");
    all.put("hub.jobs.poll-every", "200ms");
    all.put("hub.jobs.max-lost", "10");
    all.put("hub.retention.sweep-grace", "2s");
    all.put("hub.retention.snapshots.keep-within", "0s");
    all.put("hub.retention.snapshots.last", "5");
    all.put("hub.schedule.zone", "UTC");
    return all;
  }

  private HubServer launch() {
    return HubServer.launch(
        folder.resolve("hub" + started++),
        folder.resolve("hub0"),
        settings,
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1");
  }

  /** A hub that answers, the one that was started first. */
  synchronized HubServer hub() {
    while (true) {
      HubServer first = hubs.get(0);
      try {
        first.ready();
        return first;
      } catch (TerminalFailureException e) {
        // Its start met a database that was just killed: it ends, and is started again, as by any
        // supervisor.
        first.close();
        hubs.remove(0);
        hubs.add(launch());
      }
    }
  }

  /** SIGKILL to the hub that works, or to the other one; another takes its place. */
  synchronized void killHub(Random random) {
    HubServer victim = hubs.remove(random.nextInt(hubs.size()));
    victim.kill();
    hubs.add(launch());
  }

  /** Both hubs, those that do not answer yet included. */
  synchronized List<HubServer> hubs() {
    return List.copyOf(hubs);
  }

  /** SIGKILL to one of PostgreSQL's programs that a hub runs now; false: there is none. */
  boolean killTool() {
    return hubs().stream()
        .flatMap(hub -> ProcessHandle.of(Long.parseLong(hub.pid())).stream())
        .flatMap(ProcessHandle::descendants)
        .filter(child -> child.info().command().filter(c -> c.contains("/pg_")).isPresent())
        .findAny()
        .map(ProcessHandle::destroyForcibly)
        .orElse(false);
  }

  /** SIGKILL to every process of the database server, which starts again. */
  void killServer() {
    services.postgres().kill();
    services.postgres().start();
  }

  void network(FaultyProxy.Mode mode) {
    network.set(mode);
  }

  /** Writes to the source, so that each backup has something of its own. */
  void change(Random random) throws SQLException {
    int from = random.nextInt(50_000);
    execute(
        shop(),
        "UPDATE item SET amount = amount + 1 WHERE id BETWEEN "
            + from
            + " AND "
            + (from + 500)
            + "; UPDATE note SET body = md5(body) || body WHERE id = "
            + (1 + random.nextInt(5_000))
            + "; SELECT nextval('ticket')");
  }

  /** A client of the store itself, past the failing network; the caller closes it. */
  S3Client s3() {
    return services.s3().client();
  }

  String bucket() {
    return bucket;
  }

  /** Scratch databases that nobody dropped. */
  List<String> scratchDatabases() throws SQLException {
    return texts(
        "postgres", "SELECT datname FROM pg_database WHERE datname ~ '^hub_(drill|restore)_'");
  }

  List<String> texts(String database, String sql) throws SQLException {
    try (Connection connection = services.postgres().connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }

  private String shop() {
    return bucket.replace('-', '_') + "_shop";
  }

  private void execute(String database, String sql) throws SQLException {
    try (Connection connection = services.postgres().connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws IOException {
    hubs.forEach(HubServer::close);
    network.close();
  }
}
