package routes.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Servers of the platform stopped for real, those together whose alerts have names of their own:
 * each alert fires within three minutes, and no other store's; the hub names what is down, does
 * what does not need it, and heals without being touched. What was seen lies in {@code
 * target/stores-down.txt}.
 */
@Tag("real")
class StoresDownTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final Path SEEN = Path.of("target/stores-down.txt");

  private final RealServers servers = new RealServers();
  private long stopped;

  @BeforeEach
  void allIsWell() {
    servers.assumeRunning("postgres", servers.s3(), "redis", "prometheus", "hub");
    Awaitility.await("nothing is down")
        .atMost(LONGEST)
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(storeAlerts()).isEmpty();
              assertThat(down()).isEmpty();
            });
  }

  /** Only what was stopped here: where no servers run, none are started by a test. */
  @AfterEach
  void startAgain() throws Exception {
    if (stopped != 0) {
      servers.hub("real", "up");
    }
  }

  @Test
  void withoutRedisMlflowAndJaegerBackupsGoOn() throws Exception {
    servers.assumeRunning("mlflow", "jaeger");

    stop("redis", "mlflow", "jaeger");

    assertThat(run("backup.postgres", "source=main")).isEqualTo("succeeded");
    fires("RedisDown", "MlflowDown", "JaegerDown");
    assertThat(down()).containsExactly("redis");
    heals();
  }

  @Test
  void withoutS3AlertmanagerAndExportersTheHubAnswersAndRunsWhatNeedsNone() throws Exception {
    servers.assumeRunning("alertmanager", "node-exporter", "postgres-exporter", "redis-exporter");

    stop(servers.s3(), "alertmanager", "node-exporter", "postgres-exporter", "redis-exporter");

    assertThat(run("probes.run")).isEqualTo("succeeded");
    assertThat(JSON.readTree(servers.api("/api/snapshots")).path("items")).isNotEmpty();
    fires(
        "S3Down",
        "AlertmanagerDown",
        "ExporterDown node",
        "ExporterDown postgres",
        "ExporterDown redis");
    assertThat(down()).containsExactly("s3");
    heals();
  }

  @Test
  void withoutItsDatabaseTheHubSaysSoAndComesBack() throws Exception {
    stop("postgres");

    // The first to ask may still wait on a connection that has just broken.
    Awaitility.await("it says so")
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(servers.status("/api/jobs")).isEqualTo(503);
              assertThat(servers.status("/health")).isEqualTo(503);
            });
    fires("PostgresDown");
    assertThat(down()).containsExactly("postgres");
    assertThat(firing()).as("its metrics are read all the while").doesNotContain("HubDown");
    heals();
  }

  private void stop(String... names) throws Exception {
    List<String> words = new ArrayList<>(List.of("real", "down"));
    words.addAll(List.of(names));
    stopped = System.nanoTime();
    servers.hub(words.toArray(String[]::new));
    assertThat(names).noneMatch(servers::runs);
  }

  /** All of these within three minutes of the stop, and no other store's at the end of it. */
  private void fires(String... alerts) throws IOException {
    TreeMap<String, Long> seconds = new TreeMap<>();
    Awaitility.await(String.join(", ", alerts))
        .atMost(LONGEST.minusNanos(System.nanoTime() - stopped))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              long now = (System.nanoTime() - stopped) / 1_000_000_000;
              storeAlerts().forEach(alert -> seconds.putIfAbsent(alert, now));
              return seconds.keySet().containsAll(Set.of(alerts));
            });
    seconds.forEach((alert, after) -> note(alert + " after " + after + " s"));
    assertThat(seconds.keySet()).containsExactlyInAnyOrder(alerts);
  }

  /** Nothing but the servers is started again. */
  private void heals() throws Exception {
    long hub = servers.pid("hub");
    servers.hub("real", "up");
    long began = System.nanoTime();
    Awaitility.await("all is well again")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(down()).isEmpty();
              assertThat(storeAlerts()).isEmpty();
            });
    note("  all well " + (System.nanoTime() - began) / 1_000_000_000 + " s after they ran again");
    assertThat(run("backup.postgres", "source=main")).isEqualTo("succeeded");
    assertThat(servers.pid("hub")).as("the same hub").isEqualTo(hub);
  }

  private String run(String job, String... parameters) throws Exception {
    List<String> words = new ArrayList<>(List.of("run", job));
    words.addAll(List.of(parameters));
    words.add("--json");
    return JSON.readTree(servers.hub(words.toArray(String[]::new))).path("state").asText();
  }

  private Set<String> down() throws IOException, InterruptedException {
    Set<String> names = new TreeSet<>();
    JSON.readTree(servers.api("/health")).path("down").forEach(name -> names.add(name.asText()));
    return names;
  }

  /** Alerts of stores that fire; those of exporters with the job that they are of. */
  private Set<String> storeAlerts() throws IOException, InterruptedException {
    Set<String> names = new TreeSet<>();
    for (String name : firing()) {
      if (name.matches("(Postgres|Redis|S3|Mlflow|Jaeger|Grafana|Alertmanager|Exporter)Down.*")) {
        names.add(name);
      }
    }
    return names;
  }

  private Set<String> firing() throws IOException, InterruptedException {
    Set<String> names = new TreeSet<>();
    for (JsonNode alert :
        JSON.readTree(servers.get("prometheus", "/api/v1/alerts")).at("/data/alerts")) {
      String name = alert.at("/labels/alertname").asText();
      if (alert.path("state").asText().equals("firing")) {
        names.add(
            name.equals("ExporterDown") ? name + " " + alert.at("/labels/job").asText() : name);
      }
    }
    return names;
  }

  private static void note(String line) {
    try {
      Files.writeString(SEEN, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
