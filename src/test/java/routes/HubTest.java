package routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.awaitility.Awaitility;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import routes.backup.TestSources;
import routes.devservices.TestFolder;
import routes.devservices.TestStores;
import routes.jobs.ledger.Run;
import routes.jobs.runs.Runs;

/**
 * One hub, shared by every test that needs one: real HTTP, real PostgreSQL, the jobs of {@link
 * TestJobs}. A test makes its own rows and looks at its own rows. Camel starts as it does in
 * production, which {@code @CamelSpringBootTest} would put off until the first test method.
 */
@AutoConfigureObservability
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "management.server.port=0",
      "hub.jobs.slots=8",
      "hub.jobs.lease=3s",
      "hub.jobs.renew-every=100ms",
      "hub.jobs.poll-every=100ms",
      // Tests reconcile themselves, at an instant of their own.
      "hub.jobs.reconcile-every=1h",
      "hub.jobs.shutdown-grace=0s",
      "hub.database.connection-timeout=3s",
      "hub.streams.open=4",
      "hub.streams.heartbeat=200ms",
      "hub.streams.poll=50ms",
      "hub.streams.slow=1s",
      "hub.events.heartbeat=200ms",
      "hub.events.slow=1s",
      "hub.ingest.test-channel.channel=test:ingest-channel",
      "hub.ingest.test-channel.schema=classpath:schemas/redteam-message.json",
      "hub.ingest.test-channel.port=redteam.ingest",
      "hub.ingest.test-stream.stream=test:ingest-stream",
      "hub.ingest.test-stream.schema=classpath:schemas/redteam-message.json",
      "hub.ingest.test-stream.port=redteam.ingest",
      "hub.ingest.test-stream.claim-after=300ms",
      "hub.ingest.test-stream.attempts=3",
      "hub.cache.models.fraud.ttl=10m",
      "hub.cache.lease=1s",
      "hub.cache.models.warmed.ttl=5m",
      "hub.cache.models.warmed.stale-for=0s",
      "hub.cache.models.warmed.loader.keep=20",
      "hub.cache.models.warmed.loader.timeout=2s",
      "hub.cache.models.warmed.loader.authorization=Bearer of-the-model",
      "hub.cache.models.spam.ttl=20m",
      "hub.traces.requests=1",
      "hub.redteam.every=200ms",
      "hub.metrics.token=" + HubTest.METRICS_TOKEN,
    })
@Import({TestJobs.class, TestTelemetry.class})
public abstract class HubTest {

  /** Lets Prometheus in. */
  protected static final String METRICS_TOKEN = "a-token-of-the-tests-for-prometheus";

  /** Longest wait for what takes milliseconds on an idle machine. */
  protected static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A bucket that the hub watches, below {@code in/}. */
  protected static final class DropBucket {
    public static final String NAME = TestStores.get().newBucket("hub-drop");
  }

  /** Folder that stands for {@code hub.state-dir}. */
  protected static final Path STATE = stateDir();

  @Autowired protected CamelContext camel;
  @Autowired protected JdbcClient jdbc;
  @Autowired protected Runs runs;
  @Autowired protected TestJobs jobs;
  @LocalServerPort protected int port;
  @LocalManagementPort protected int managementPort;

  /** The API with the key that the hub made for itself. */
  protected Api admin() {
    try {
      return new Api(port, Files.readString(STATE.resolve("api-key")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The API with a new key of this role. */
  protected Api as(String role) {
    return new Api(port, key(role));
  }

  /** The secret of a new key of this role. */
  protected String key(String role) {
    String name = role + "-" + UUID.randomUUID();
    return admin()
        .post("/api/keys", "{\"name\": \"" + name + "\", \"role\": \"" + role + "\"}")
        .text("/key");
  }

  /** The API without a key. */
  protected Api nobody() {
    return new Api(port, null);
  }

  @DynamicPropertySource
  static void stores(DynamicPropertyRegistry registry) {
    TestStores stores = TestStores.get();
    stores
        .properties(stores.newDatabase("hub"))
        .forEach((key, value) -> registry.add(key, () -> value));
    TestSources.properties().forEach((key, value) -> registry.add(key, () -> value));
    StandInTarget.properties().forEach((key, value) -> registry.add(key, () -> value));
    NotifyTargets.properties().forEach((key, value) -> registry.add(key, () -> value));
    registry.add("hub.redteam.drop", () -> "s3://" + DropBucket.NAME + "/in");
    registry.add("hub.state-dir", STATE::toString);
    registry.add("server.tomcat.basedir", () -> STATE.resolve("tomcat").toString());
  }

  /** Queues a run as a person would. */
  protected Run submit(String job, Map<String, ?> params) {
    return runs.submit(new Runs.Request(job, params, false, true, "test", null));
  }

  /** Waits until a run has ended. */
  protected Run ended(UUID id) {
    return Awaitility.await("run " + id)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> runs.get(id), Run::ended);
  }

  /** Waits until a run is in a state. */
  protected Run in(String state, UUID id) {
    return Awaitility.await("run " + id + " " + state)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> runs.get(id), run -> run.state().equals(state));
  }

  private static Path stateDir() {
    try {
      Path state = TestFolder.create("hub-test-state-");
      Path routes = Files.createDirectory(state.resolve("routes"));
      Files.writeString(routes.resolve("own.camel.yaml"), TestJobs.OWN_ROUTES);
      return state;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
