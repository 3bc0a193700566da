package routes.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import routes.Api;
import routes.HubTest;
import routes.kernel.SqlFile;
import routes.web.security.ApiProperties;

/** A stream is its key's: it ends with it, and no key has all of them. */
class StreamKeysTest extends HubTest {

  private final HttpClient http = HttpClient.newHttpClient();

  @Autowired private ApiProperties properties;
  @Autowired private DataSource database;

  private HttpResponse<InputStream> open(String path, String key) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  private Api.Answer newKey() {
    return admin()
        .post("/api/keys", "{\"name\": \"s-" + UUID.randomUUID() + "\", \"role\": \"viewer\"}");
  }

  @Test
  @Timeout(20)
  void aRevokedKeyEndsItsStreamsThoseOfItsTicketsToo() throws Exception {
    Api.Answer key = newKey();
    String ticket = new Api(port, key.text("/key")).post("/api/tickets", null).text("/ticket");
    try (InputStream byKey = open("/api/events", key.text("/key")).body();
        InputStream byTicket = open("/api/events?ticket=" + ticket, null).body()) {
      assertThat(byKey.read()).as("a heartbeat").isPositive();

      assertThat(admin().delete("/api/keys/" + key.text("/id")).status()).isEqualTo(200);

      byKey.readAllBytes();
      byTicket.readAllBytes(); // both end: else the test's time is up
    }
  }

  /** Keys are looked up now and then; of one whose stream is opened meanwhile nothing was asked. */
  @Test
  @Timeout(60)
  void aStreamThatIsOpenedWhileKeysAreLookedUpStays() throws Exception {
    String other = newKey().text("/key");
    try (InputStream first = open("/api/events", newKey().text("/key")).body();
        Connection blocker = database.getConnection()) {
      assertThat(first.read()).isPositive();
      assertThat(new Api(port, other).get("/api/jobs").status())
          .as("known from now on")
          .isEqualTo(200);
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("LOCK TABLE hub.api_key IN ACCESS EXCLUSIVE MODE");
      await().atMost(PATIENCE).until(() -> lookUps() == 1);

      HttpResponse<InputStream> opened = open("/api/events", other);
      blocker.rollback();
      await().atMost(PATIENCE).until(() -> lookUps() == 0);

      assertThat(opened.statusCode()).isEqualTo(200);
      try (BufferedReader lines = new BufferedReader(new InputStreamReader(opened.body()))) {
        for (int line = 0; line < 20; line++) {
          assertThat(lines.readLine()).as("heartbeats go on").isNotNull();
        }
      }
    }
  }

  /** Of keys of open streams, that wait for the table. */
  private long lookUps() {
    return jdbc.sql(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                + " AND datname = current_database() AND query ILIKE :begin || '%'")
        .param("begin", SqlFile.load("security/keys-live").strip().substring(0, 20))
        .query(Long.class)
        .single();
  }

  /** Also with the id that a browser sends when it comes back: a stolen address renews nothing. */
  @Test
  void aTicketThatExpiredOrWhoseKeyWasRevokedIsRefusedAndToldWhy() {
    Api.Answer key = newKey();
    Api holder = new Api(port, key.text("/key"));
    String late = holder.post("/api/tickets", null).text("/ticket");
    jdbc.sql(
            "UPDATE hub.ticket SET expires_at = now() - interval '1 s'"
                + " WHERE key_id = CAST(:key AS uuid)")
        .param("key", key.text("/id"))
        .update();
    String orphan = holder.post("/api/tickets", null).text("/ticket");
    assertThat(admin().delete("/api/keys/" + key.text("/id")).status()).isEqualTo(200);

    for (String ticket : List.of(late, orphan)) {
      Api.Answer answer =
          nobody().get("/api/events?ticket=" + ticket, "Last-Event-ID", "1766366400123-0.backup");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.text("/detail"))
          .contains("has expired", "key that was revoked", "POST /api/tickets");
    }
  }

  @Test
  void aKeyHasItsShareAndOthersHaveTheirs() throws Exception {
    String key = newKey().text("/key");
    List<InputStream> open = new ArrayList<>();
    try {
      for (int i = 0; i < properties.streamsPerKey(); i++) {
        HttpResponse<InputStream> one = open("/api/events", key);
        open.add(one.body());
        assertThat(one.statusCode()).isEqualTo(200);
      }
      HttpResponse<InputStream> more = open("/api/events", key);
      assertThat(more.statusCode()).isEqualTo(429);
      assertThat(new String(more.body().readAllBytes())).contains("hub.api.streams-per-key");
      HttpResponse<InputStream> other = open("/api/events", newKey().text("/key"));
      open.add(other.body());
      assertThat(other.statusCode()).isEqualTo(200);
      open.remove(0).close();
      org.awaitility.Awaitility.await("a place that was given back")
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                HttpResponse<InputStream> again = open("/api/events", key);
                open.add(again.body());
                return again.statusCode() == 200;
              });
    } finally {
      for (InputStream each : open) {
        each.close();
      }
    }
  }
}
