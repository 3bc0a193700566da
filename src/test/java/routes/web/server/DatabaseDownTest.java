package routes.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import routes.Api;
import routes.HubTest;
import routes.devservices.TestStores;

/** The hub's database lets nobody in for a while. */
class DatabaseDownTest extends HubTest {

  private static final Executor EACH_ITS_THREAD = task -> new Thread(task).start();

  @Test
  void theDoorStaysShutAndSaysWhenToComeBack() throws Exception {
    Api known = as("operator");
    Api fresh = new Api(port, key("viewer"));
    String name = jdbc.sql("SELECT current_database()").query(String.class).single();

    try (Connection other = TestStores.get().postgres().connect("postgres");
        Statement statement = other.createStatement()) {
      statement.execute("ALTER DATABASE \"" + name + "\" WITH ALLOW_CONNECTIONS false");
      try {
        statement.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                + name
                + "'");

        // At once, since each waits for the database as long as the hub does.
        List.of(
                CompletableFuture.supplyAsync(() -> fresh.get("/api/jobs"), EACH_ITS_THREAD),
                CompletableFuture.supplyAsync(
                    () -> known.post("/api/jobs/test.echo/runs", "{\"text\": \"down\"}"),
                    EACH_ITS_THREAD),
                CompletableFuture.supplyAsync(
                    () -> nobody().get("/api/jobs", "X-API-Key", "hub_" + "A".repeat(43)),
                    EACH_ITS_THREAD))
            .forEach(answer -> unavailable(answer.join()));
        assertThat(nobody().get("/api/jobs").status()).isEqualTo(401);
        assertThat(fresh.get("/health").json().at("/down/0").asText()).isEqualTo("postgres");
        Api.Answer health = nobody().get("/health");
        assertThat(health.status()).isEqualTo(503);
        assertThat(health.http().body()).isEqualTo("{\"status\":\"DOWN\",\"down\":[\"postgres\"]}");
      } finally {
        statement.execute("ALTER DATABASE \"" + name + "\" WITH ALLOW_CONNECTIONS true");
      }
    }

    await().atMost(PATIENCE).until(() -> fresh.get("/api/jobs").status() == 200);
    Api.Answer run = known.post("/api/jobs/test.echo/runs", "{\"text\": \"up again\"}");
    assertThat(run.status()).isEqualTo(202);
    assertThat(ended(UUID.fromString(run.text("/id"))).state()).isEqualTo("succeeded");
  }

  private static void unavailable(Api.Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
    assertThat(answer.mediaType()).isEqualTo("application/problem+json");
    assertThat(Duration.ofSeconds(Long.parseLong(answer.header("Retry-After")))).isPositive();
    assertThat(answer.http().body()).doesNotContain("SQL").doesNotContain("postgres");
  }
}
