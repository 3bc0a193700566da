package routes.jobs.cluster;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import routes.devservices.TestStores;

/** Hubs on one fresh database, and the look into it. */
final class Cluster implements AutoCloseable {

  /** Longest wait for what no requirement bounds: a loaded machine must not fail a test. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path home;
  private final Map<String, String> settings;
  private final HikariDataSource database = new HikariDataSource();
  private final List<HubProcess> hubs = new CopyOnWriteArrayList<>();
  private final AtomicLong commands = new AtomicLong();
  final JdbcClient jdbc;

  /**
   * @param name how the database's name begins, and that of the folder in {@code target/cluster}
   *     where configuration and logs are found afterwards
   * @param triggers the YAML file of the hubs' own routes
   * @param more settings beside the stores
   */
  Cluster(String name, String triggers, Map<String, String> more) {
    TestStores stores = TestStores.get();
    TestStores.Database own = stores.newDatabase(name);
    settings = new HashMap<>(stores.properties(own));
    settings.put("server.port", "0");
    settings.put("management.server.port", "0");
    settings.put("hub.database.pool-size", "10");
    settings.put("hub.jobs.shutdown-grace", "100ms");
    settings.putAll(more);
    database.setJdbcUrl(own.url());
    database.setUsername(own.username());
    database.setPassword(own.password());
    database.setMaximumPoolSize(3);
    jdbc = JdbcClient.create(database);
    // Nothing here is unique: what ran twice shows.
    jdbc.sql(
            """
            CREATE SCHEMA cluster;
            CREATE TABLE cluster.mark (name text, run_id uuid, attempt int, pid bigint);
            CREATE TABLE cluster.ended (run_id uuid, state text);
            CREATE TABLE cluster.released (name text);
            CREATE TABLE cluster.answer (pid bigint, number bigint, text text);""")
        .update();
    try {
      // As unique as the database: the test's long form may run beside it, in a JVM of its own.
      home = Path.of("target", "cluster", own.name()).toAbsolutePath();
      Files.createDirectories(home.resolve("routes"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    settings.put("hub.routes.folder", home.resolve("routes").toString());
    write(triggers);
  }

  /** Writes the hubs' own routes; a hub that runs reads them when it is told {@code load}. */
  void write(String triggers) {
    try {
      Files.writeString(home.resolve("routes").resolve("own.camel.yaml"), triggers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a hub, without waiting for it. */
  synchronized HubProcess start() {
    HubProcess hub = new HubProcess(home.resolve("hub" + hubs.size()), settings);
    hubs.add(hub);
    return hub;
  }

  /** Waits until a hub is up. */
  HubProcess ready(HubProcess hub) {
    await("hub " + hub.pid())
        .atMost(Duration.ofMinutes(2))
        .failFast("the hub ended", hub::mustRun)
        .until(() -> !answers(hub, 0).isEmpty());
    return hub;
  }

  /** Writes down each time a run ends: an end that came twice shows. */
  void watchEnds() {
    jdbc.sql(
            """
            CREATE FUNCTION cluster.ended() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              INSERT INTO cluster.ended VALUES (NEW.id, NEW.state);
              RETURN NULL;
            END $$;
            CREATE TRIGGER ended AFTER UPDATE OF state ON hub.job_run FOR EACH ROW
            WHEN (NEW.state NOT IN ('queued', 'running')) EXECUTE FUNCTION cluster.ended();""")
        .update();
  }

  /** Tells a hub to do something; its answer is for {@link #answer}. */
  long tell(HubProcess hub, String what) {
    long number = commands.incrementAndGet();
    hub.send(number + " " + what);
    return number;
  }

  String answer(HubProcess hub, long number) {
    return await("answer of hub " + hub.pid())
        .atMost(PATIENCE)
        .failFast("the hub ended", hub::mustRun)
        .until(() -> answers(hub, number), answers -> !answers.isEmpty())
        .get(0);
  }

  /** Holds every {@code fire} back until {@code count} of them have come, then lets them go. */
  void atOnce(int count, Runnable commands) {
    try (Connection gate = database.getConnection();
        Statement statement = gate.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + ClusterHub.GATE + ")");
      commands.run();
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  count(
                          "pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = "
                              + ClusterHub.GATE)
                      == count);
      statement.execute("SELECT pg_advisory_unlock(" + ClusterHub.GATE + ")");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  String ask(HubProcess hub, String what) {
    return answer(hub, tell(hub, what));
  }

  private List<String> answers(HubProcess hub, long number) {
    return jdbc.sql("SELECT text FROM cluster.answer WHERE pid = :pid AND number = :number")
        .param("pid", Long.parseLong(hub.pid()))
        .param("number", number)
        .query(String.class)
        .list();
  }

  /** A run as the ledger has it. */
  record Row(
      UUID id,
      String state,
      int attempt,
      int lost,
      long fence,
      String leaseOwner,
      String headline,
      Instant finishedAt) {}

  Row run(UUID id) {
    return jdbc.sql("SELECT * FROM hub.job_run WHERE id = :id")
        .param("id", id)
        .query(
            (row, n) ->
                new Row(
                    id,
                    row.getString("state"),
                    row.getInt("attempt"),
                    row.getInt("lost"),
                    row.getLong("fence"),
                    row.getString("lease_owner"),
                    row.getString("headline"),
                    row.getTimestamp("finished_at") == null
                        ? null
                        : row.getTimestamp("finished_at").toInstant()))
        .single();
  }

  Row in(String state, UUID id) {
    return await("run " + id + " " + state)
        .atMost(PATIENCE)
        .until(() -> run(id), row -> row.state().equals(state));
  }

  /** Starts {@code cluster.hold} and waits until its first lines are written. */
  Row hold(HubProcess by, String name) {
    UUID id = UUID.fromString(ask(by, "submit cluster.hold " + name));
    await().atMost(PATIENCE).until(() -> count("hub.run_log WHERE run_id = '" + id + "'") > 1);
    return run(id);
  }

  /** Lets {@code cluster.hold} end, from its second attempt on. */
  void release(String name) {
    jdbc.sql("INSERT INTO cluster.released VALUES (:name)").param("name", name).update();
  }

  HubProcess owner(Row run) {
    return hubs.stream().filter(hub -> hub.is(run.leaseOwner())).findFirst().orElseThrow();
  }

  long count(String from) {
    return jdbc.sql("SELECT count(*) FROM " + from).query(Long.class).single();
  }

  /** When an attempt began, by its first line. */
  Instant began(UUID id, int attempt) {
    return jdbc.sql("SELECT min(at) FROM hub.run_log WHERE run_id = :id AND attempt = :attempt")
        .param("id", id)
        .param("attempt", attempt)
        .query(Timestamp.class)
        .single()
        .toInstant();
  }

  /** The database's clock. */
  Instant now() {
    return jdbc.sql("SELECT clock_timestamp()").query(Timestamp.class).single().toInstant();
  }

  /**
   * A run's row, with the transaction that wrote it: a write shows even when it changes nothing.
   */
  List<String> row(UUID id) {
    return jdbc.sql("SELECT xmin || ' ' || r FROM hub.job_run r WHERE id = :id")
        .param("id", id)
        .query(String.class)
        .list();
  }

  /** The lines of a run's log, likewise. */
  List<String> log(UUID id) {
    return jdbc.sql("SELECT xmin || ' ' || l FROM hub.run_log l WHERE run_id = :id ORDER BY seq")
        .param("id", id)
        .query(String.class)
        .list();
  }

  @Override
  public void close() {
    hubs.forEach(HubProcess::close);
    database.close();
  }
}
