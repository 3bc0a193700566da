package routes.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import routes.Api;
import routes.HubTest;
import routes.web.security.ApiProperties;

/** A stream is its key's: it ends with it, and no key has all of them. */
class StreamKeysTest extends HubTest {

  private final HttpClient http = HttpClient.newHttpClient();

  @Autowired private ApiProperties properties;

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
