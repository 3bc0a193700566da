package routes.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import routes.Api;
import routes.HubTest;

class ApiKeysTest extends HubTest {

  @Autowired private KeyCheck check;

  private final String name = "k-" + UUID.randomUUID();

  @Test
  void theSecretIsShownOnceAndOnlyItsHashIsKept() throws Exception {
    Api.Answer made = make("viewer", null);

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header("Location")).isEqualTo("/api/keys/" + made.text("/id"));
    String key = made.text("/key");
    assertThat(key).matches("hub_[A-Za-z0-9_-]{43}");
    assertThat(made.text("/createdBy")).isEqualTo("first");
    JsonNode listed = listed(made.text("/id"));
    assertThat(listed.has("key")).isFalse();
    assertThat(listed.path("state").asText()).isEqualTo("live");
    assertThat(
            jdbc.sql("SELECT sha256 FROM hub.api_key WHERE name = :name")
                .param("name", name)
                .query(byte[].class)
                .single())
        .isEqualTo(
            MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.US_ASCII)));
    assertThat(admin().get("/api/audit?limit=500").http().body()).doesNotContain(key);
  }

  @Test
  void eitherHeaderIsTaken() {
    String key = make("viewer", null).text("/key");

    assertThat(nobody().get("/api/jobs", "X-API-Key", key).status()).isEqualTo(200);
    assertThat(nobody().get("/api/jobs", "Authorization", "bearer " + key).status()).isEqualTo(200);
    assertThat(nobody().get("/api/jobs?key=" + key).status()).isEqualTo(401);
  }

  @Test
  void unknownExpiredAndRevokedAreAnsweredAlike() {
    Api.Answer expired = make("admin", null);
    jdbc.sql("UPDATE hub.api_key SET expires_at = now() WHERE name = :name")
        .param("name", name)
        .update();
    Api.Answer revoked =
        admin().post("/api/keys", "{\"name\": \"r-" + name + "\", \"role\": \"viewer\"}");
    admin().delete("/api/keys/" + revoked.text("/id"));

    String unknown = problem(nobody().get("/api/jobs", "X-API-Key", Tokens.random()));
    assertThat(problem(nobody().get("/api/jobs"))).isEqualTo(unknown);
    assertThat(problem(nobody().get("/api/jobs", "X-API-Key", expired.text("/key"))))
        .isEqualTo(unknown);
    assertThat(problem(nobody().get("/api/jobs", "X-API-Key", revoked.text("/key"))))
        .isEqualTo(unknown);
    assertThat(listed(expired.text("/id")).path("state").asText()).isEqualTo("expired");
    assertThat(listed(revoked.text("/id")).path("revokedBy").asText()).isEqualTo("first");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "hub_",
    "hub_short",
    "Bearer",
    "1=1",
    "hub_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
  })
  void nonsenseIsNoKey(String token) {
    assertThat(nobody().get("/api/jobs", "X-API-Key", token).status()).isEqualTo(401);
    assertThat(nobody().get("/api/jobs", "Authorization", "Bearer " + token).status())
        .isEqualTo(401);
    assertThat(nobody().get("/api/jobs", "Authorization", "Basic " + token).status())
        .isEqualTo(401);
  }

  @Test
  void aRevokedKeyIsShutOutWithinFiveSecondsByAReplicaThatKnewIt() {
    Api.Answer made = make("viewer", null);
    Api caller = new Api(port, made.text("/key"));
    assertThat(caller.get("/api/jobs").status()).isEqualTo(200);
    // As another replica does it: this one's memory is not cleared.
    jdbc.sql("UPDATE hub.api_key SET revoked_at = now(), revoked_by = 'x' WHERE name = :name")
        .param("name", name)
        .update();

    await()
        .atMost(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> caller.get("/api/jobs").status() == 401);
  }

  @Test
  void hereItIsShutOutAtOnceAndForGood() {
    Api.Answer made = make("viewer", null);
    Api caller = new Api(port, made.text("/key"));
    assertThat(caller.get("/api/jobs").status()).isEqualTo(200);

    assertThat(admin().delete("/api/keys/" + made.text("/id")).text("/state")).isEqualTo("revoked");

    assertThat(caller.get("/api/jobs").status()).isEqualTo(401);
    assertThat(admin().delete("/api/keys/" + made.text("/id")).status()).isEqualTo(200);
    assertThat(
            jdbc.sql("SELECT count(*) FROM hub.audit WHERE action = 'key.revoke' AND target = :id")
                .param("id", made.text("/id"))
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  @Test
  void requestsKeepNoConnection() {
    Api viewer = as("viewer");
    for (int i = 0; i < 30; i++) { // more than the pool has
      assertThat(viewer.get("/api/jobs").status()).isEqualTo(200);
    }
  }

  @Test
  void whenItWasLastUsedIsNotedOnceAMinute() {
    Api.Answer made = make("viewer", null);
    Api caller = new Api(port, made.text("/key"));
    caller.get("/api/jobs");
    String first =
        await()
            .atMost(PATIENCE)
            .until(() -> listed(made.text("/id")).path("lastUsedAt").asText(), s -> !s.isEmpty());
    check.forget();
    caller.get("/api/jobs");
    caller.get("/api/jobs");

    assertThat(listed(made.text("/id")).path("lastUsedAt").asText()).isEqualTo(first);
  }

  @Test
  void anExpiryIsCountedByTheDatabase() {
    Api.Answer made = make("viewer", "90d");

    assertThat(
            jdbc.sql(
                    "SELECT expires_at - created_at = interval '90 days' FROM hub.api_key WHERE name = :name")
                .param("name", name)
                .query(Boolean.class)
                .single())
        .isTrue();
    assertThat(made.text("/expiresAt")).isNotBlank();
  }

  @Test
  void aNameMeansOneKey() {
    String id = make("viewer", null).text("/id");

    Api.Answer second = make("admin", null);
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.text("/field")).isEqualTo("name");

    admin().delete("/api/keys/" + id);
    assertThat(make("viewer", null).status()).isEqualTo(201);
  }

  @Test
  void theLastLastingAdminKeyStays() {
    String first =
        jdbc.sql("SELECT id FROM hub.api_key WHERE name = 'first' AND revoked_at IS NULL")
            .query(String.class)
            .single();
    jdbc.sql(
            """
            UPDATE hub.api_key SET revoked_at = now(), revoked_by = 'test'
            WHERE role = 'admin' AND name <> 'first' AND revoked_at IS NULL""")
        .update();

    Api.Answer refused = admin().delete("/api/keys/" + first);

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text("/detail")).contains("last admin key");
    assertThat(admin().get("/api/keys").status()).isEqualTo(200);
  }

  @Test
  void answersCarryNoCookieAndForbidSniffingAndFraming() {
    Api.Answer answer = admin().get("/api/jobs");

    assertThat(answer.header("Set-Cookie")).isNull();
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
    assertThat(answer.header("Cache-Control")).contains("no-store");
    assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
    assertThat(answer.header("Server")).isNull();
    assertThat(nobody().get("/api/jobs").header("WWW-Authenticate")).startsWith("Bearer");
  }

  private Api.Answer make(String role, String expiresIn) {
    return admin()
        .post(
            "/api/keys",
            "{\"name\": \""
                + name
                + "\", \"role\": \""
                + role
                + "\""
                + (expiresIn == null ? "" : ", \"expiresIn\": \"" + expiresIn + "\"")
                + "}");
  }

  private JsonNode listed(String id) {
    for (JsonNode key : admin().get("/api/keys").json().path("items")) {
      if (key.path("id").asText().equals(id)) {
        return key;
      }
    }
    throw new AssertionError("key " + id + " is not listed");
  }

  private static String problem(Api.Answer answer) {
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.mediaType()).isEqualTo("application/problem+json");
    return answer.http().body().replaceAll("\"traceId\":\"[0-9a-f]+\"", "");
  }
}
