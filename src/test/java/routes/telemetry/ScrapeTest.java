package routes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import routes.Api;
import routes.HubTest;
import routes.TestTelemetry;
import routes.devservices.TestStores;

/** What Prometheus finds: also when the database, which knows the keys and the numbers, is down. */
class ScrapeTest extends HubTest {

  @Autowired private List<RefreshedMetrics> all;
  @Autowired private MeterRegistry meters;

  @Test
  void theTokenOpensTheMetricsAndNothingElse() {
    Api prometheus = new Api(managementPort, METRICS_TOKEN);

    assertThat(prometheus.get("/actuator/prometheus").status()).isEqualTo(200);
    assertThat(prometheus.get("/actuator/info").status()).isEqualTo(401);
    assertThat(new Api(port, METRICS_TOKEN).get("/api/jobs").status()).isEqualTo(401);
    assertThat(new Api(port, METRICS_TOKEN).get("/actuator/prometheus").status()).isNotEqualTo(200);
    assertThat(new Api(managementPort, METRICS_TOKEN + "x").get("/actuator/prometheus").status())
        .isEqualTo(401);
  }

  @Test
  void everyStoreRouteAndFolderIsThere() {
    all.forEach(RefreshedMetrics::refresh);

    for (String store : List.of("postgres", "redis", "s3")) {
      assertThat(up(store)).as(store).isEqualTo(1);
    }
    assertThat(meters.get("hub.route.started").tag("route_id", "backup.postgres").gauge().value())
        .isEqualTo(1);
    assertThat(meters.get("hub.disk.free").tag("folder", "state").gauge().value())
        .isPositive()
        .isLessThanOrEqualTo(meters.get("hub.disk.size").tag("folder", "state").gauge().value());
    assertThat(TestTelemetry.SPANS.getFinishedSpanItems())
        .as("no trace of a look that never ends")
        .noneMatch(span -> span.getName().matches("(?i).*\\bping\\b.*"));
  }

  @Test
  void aStoppedRouteIsTold() throws Exception {
    camel.getRouteController().stopRoute("own.greeting");
    try {
      all.forEach(RefreshedMetrics::refresh);
      assertThat(meters.get("hub.route.started").tag("route_id", "own.greeting").gauge().value())
          .isZero();
    } finally {
      camel.getRouteController().startRoute("own.greeting");
    }
    all.forEach(RefreshedMetrics::refresh);
    assertThat(meters.get("hub.route.started").tag("route_id", "own.greeting").gauge().value())
        .isEqualTo(1);
  }

  @Test
  void whatARouteHasAtWorkIsTold() {
    var run = submit("test.wait", Map.of("name", "f"));
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              all.forEach(RefreshedMetrics::refresh);
              return inflight("test.wait");
            },
            working -> working == 1);
    jobs.release("f");
    ended(run.id());
    all.forEach(RefreshedMetrics::refresh);
    assertThat(inflight("test.wait")).isZero();
  }

  private double inflight(String route) {
    return meters.get("hub.route.inflight").tag("route_id", route).gauge().value();
  }

  @Test
  void aDatabaseThatIsDownIsTold() throws Exception {
    Api prometheus = new Api(managementPort, METRICS_TOKEN);
    String name = jdbc.sql("SELECT current_database()").query(String.class).single();
    await().atMost(PATIENCE).until(() -> told(prometheus).contains("hub_job_wait_seconds{"));

    try (Connection other = TestStores.get().postgres().connect("postgres");
        Statement statement = other.createStatement()) {
      statement.execute("ALTER DATABASE \"" + name + "\" WITH ALLOW_CONNECTIONS false");
      try {
        statement.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                + name
                + "'");
        refreshAll();

        long before = System.nanoTime();
        String scraped = told(prometheus);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThat(scraped)
            .contains("hub_store_up{application=\"ml-security-hub\",store=\"postgres\"} 0.0")
            .contains("hub_store_up{application=\"ml-security-hub\",store=\"redis\"} 1.0")
            .as("the last values stand")
            .contains("hub_job_wait_seconds{")
            .contains("hub_trigger_success_age_seconds{");
      } finally {
        statement.execute("ALTER DATABASE \"" + name + "\" WITH ALLOW_CONNECTIONS true");
      }
    }

    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              refreshAll();
              return up("postgres") == 1;
            });
  }

  /** Each in a thread of its own, as the hub does: without a database each of them waits. */
  private void refreshAll() {
    all.stream()
        .map(one -> CompletableFuture.runAsync(one::refresh, task -> new Thread(task).start()))
        .toList()
        .forEach(refreshed -> refreshed.exceptionally(failure -> null).join()); // some cannot
  }

  private static String told(Api prometheus) {
    Api.Answer answer = prometheus.get("/actuator/prometheus");
    assertThat(answer.status()).isEqualTo(200);
    return answer.http().body();
  }

  private double up(String store) {
    return meters.get("hub.store.up").tag("store", store).gauge().value();
  }
}
