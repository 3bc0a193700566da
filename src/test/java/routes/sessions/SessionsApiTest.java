package routes.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.core.StringRedisTemplate;
import routes.Api;
import routes.HubTest;
import routes.TestTelemetry;
import routes.stores.redis.RedisPumpConnections;

/** Sessions as a service meets them, and as other programs write them into Redis. */
@ExtendWith(OutputCaptureExtension.class)
class SessionsApiTest extends HubTest {

  private static final String PATH = "/api/sessions";

  @Autowired private StringRedisTemplate redis;
  @Autowired private RedisPumpConnections pumps;

  private Api service;
  private String user;

  @BeforeEach
  void aUserOfItsOwn() {
    service = as("service");
    user = "user-" + UUID.randomUUID();
  }

  /** On a busy machine Redis may need longer than the hub waits: then it is asked again. */
  private Api.Answer send(String method, String path, String id, String body) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> once(method, path, id, body), answer -> answer.status() != 503);
  }

  private Api.Answer once(String method, String path, String id, String body) {
    return service.send(
        id == null
            ? service.request(method, PATH + path, body)
            : service.request(method, PATH + path, body, "X-Session-Id", id));
  }

  private String session(String more) {
    return "{\"session\": {\"user_id\": \"" + user + "\"" + more + "}}";
  }

  private String create() {
    Api.Answer made = send("POST", "", null, session(", \"cart\": [1.50, null]"));
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    assertThat(made.json().path("expiresInMs").asLong()).isEqualTo(86_400_000);
    return made.text("/id");
  }

  @Test
  void aSessionIsMadeReadReplacedAndEnded() {
    String id = create();
    assertThat(id).matches("[A-Za-z0-9_-]{43}");
    assertThat(redis.opsForValue().get("session:" + id))
        .isEqualTo("{\"user_id\":\"" + user + "\",\"cart\":[1.50,null]}");
    assertThat(redis.getExpire("session:" + id)).isBetween(86_300L, 86_400L);

    assertThat(send("GET", "", id, null).text("/session/user_id")).isEqualTo(user);
    assertThat(send("PUT", "", id, session("")).status()).isEqualTo(200);
    assertThat(send("GET", "", id, null).json().path("session").has("cart")).isFalse();
    assertThat(send("DELETE", "", id, null).json().path("ended").asInt()).isOne();
    assertThat(send("DELETE", "", id, null).json().path("ended").asInt()).isZero();
    assertThat(send("GET", "", id, null).status()).isEqualTo(404);
    assertThat(send("POST", "/touch", id, null).status()).isEqualTo(404);
  }

  @Test
  void oneThatWasEndedIsNotBroughtBackByARequestThatStillHoldsIt() {
    String ended = create();
    String revoked = create();
    String never = SessionId.random().secret();

    assertThat(send("DELETE", "", ended, null).status()).isEqualTo(200);
    assertThat(service.post(PATH + "/revoke", "{\"user\": \"" + user + "\"}").text("/ended"))
        .isEqualTo("1");
    assertThat(send("DELETE", "", never, null).status()).isEqualTo(200);

    for (String id : List.of(ended, revoked, never)) {
      Api.Answer late = send("PUT", "", id, session(""));
      assertThat(late.status()).as(late.toString()).isEqualTo(409);
      assertThat(late.text("/detail")).contains("ended").doesNotContain(id);
      assertThat(send("GET", "", id, null).status()).isEqualTo(404);
    }
    assertThat(redis.keys("*" + ended + "*")).as("its id is a secret still").isEmpty();
  }

  @Test
  void onePutThatIsAnswered503IsNotStoredLaterEither() {
    String id = SessionId.random().secret();
    try (StatefulRedisConnection<String, String> own = pumps.open(PATIENCE)) {
      own.sync().clientPause(800);
      assertThat(once("PUT", "", id, session("")).status()).isEqualTo(503);
    }

    // It goes the way of the put, behind it.
    assertThat(send("GET", "", id, null).status()).isEqualTo(404);
    assertThat(send("PUT", "", id, session("")).status()).isEqualTo(200);
  }

  @Test
  void itsLifeBeginsAnewOnlyWhenAskedTo() {
    String id = create();
    redis.expire("session:" + id, Duration.ofMinutes(1));

    assertThat(send("GET", "", id, null).json().path("expiresInMs").asLong()).isLessThan(60_001);
    assertThat(send("GET", "?sliding=true", id, null).json().path("expiresInMs").asLong())
        .isGreaterThan(86_300_000);
    redis.expire("session:" + id, Duration.ofMinutes(1));
    assertThat(send("POST", "/touch", id, null).status()).isEqualTo(200);
    assertThat(redis.getExpire("session:" + id)).isGreaterThan(86_300);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "short",
    "0123456789abcdef0123456789abcde",
    "0123456789012345678901",
    "6d8cdee4-3f0e-4d4b-9a7e-0f5f4c1f2a3b",
    "6d8cdee43f0e4d4b9a7e0f5f4c1f2a3b",
    "c232ab00-9414-11ec-b3c8-9f68deced846",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "abcdefghijklmnopqrstu:v",
    "abcdefghijklmnopqrstu*v",
    "../../../../../../etc/passwd",
  })
  void anIdOfTooFewBitsIsRefusedAndNotRepeated(String id) {
    for (String method : List.of("GET", "DELETE", "PUT")) {
      Api.Answer answer = send(method, "", id, method.equals("PUT") ? session("") : null);

      assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
      assertThat(answer.text("/field")).isEqualTo("X-Session-Id");
      assertThat(answer.text("/detail")).contains("128 random bits").doesNotContain(id);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "0f1e2d3c4b5a69788796a5b4c3d2e1f0aa",
    "abcdefghijklmnopqrstuv",
    "Zx8_q-Lm3nOp5rSt7uVw9yAa"
  })
  void anIdOfEnoughBitsIsTaken(String id) {
    assertThat(send("PUT", "", id, session("")).status()).isEqualTo(200);
    assertThat(send("DELETE", "", id, null).json().path("ended").asInt()).isOne();
  }

  @Test
  void theIdComesInItsHeaderOnly() {
    assertThat(send("GET", "", null, null).text("/field")).isEqualTo("X-Session-Id");
    assertThat(send("GET", "?id=" + create(), null, null).text("/field")).isEqualTo("id");
    assertThat(send("GET", "/" + create(), null, null).status()).isEqualTo(404);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          session | {}
          session | {"session": "text"}
          session | {"session": [1]}
          session | {"session": null}
          session.a | {"session": {"a": "\\ud800"}}
          session.a | {"session": {"a": 1e400}}
          session.a | {"session": {"a": 1e99999999999}}
          ttl     | {"session": {}, "ttl": 5}
          body    | {"session": NaN}
          body    | not json
          """)
  void aSessionIsAJsonObject(String field, String body) {
    Api.Answer answer = send("POST", "", null, body);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.text("/field")).isEqualTo(field);
  }

  @Test
  void aSessionThatIsTooLargeIs413() {
    assertThat(send("POST", "", null, session(", \"a\": \"" + "x".repeat(65_536) + "\"")).status())
        .isEqualTo(413);
    assertThat(
            send("POST", "", null, session(", \"a\": \"" + "x".repeat(10 << 20) + "\"")).status())
        .isEqualTo(413);
  }

  @Test
  void whatAnotherProgramWroteThatIsNoSessionIsNone() {
    String id = create();
    redis.opsForValue().set("session:" + id, "not json");
    assertThat(send("GET", "", id, null).status()).isEqualTo(404);
    redis.delete("session:" + id);
    redis.opsForHash().put("session:" + id, "user_id", user);
    assertThat(send("GET", "", id, null).status()).isEqualTo(404);
    assertThat(listed()).isEmpty();
    redis.delete("session:" + id);
    redis
        .opsForValue()
        .set("session:" + id, "{\"user_id\": \"" + user + "\", \"n\": 1e99999999999}");
    assertThat(send("GET", "", id, null).status()).isEqualTo(404);
    assertThat(listed()).isEmpty();
    redis.delete("session:" + id);
  }

  private JsonNode listed() {
    return send("POST", "/list", null, "{\"user\": \"" + user + "\"}").json().path("items");
  }

  private long revoke(String more) {
    return send("POST", "/revoke", null, "{\"user\": \"" + user + "\"" + more + "}")
        .json()
        .path("ended")
        .asLong();
  }

  @Test
  void allOfAUserAreFoundAndEndedWhoeverWroteThem() {
    for (int i = 0; i < 600; i++) {
      redis
          .opsForValue()
          .set(
              "session:theirs-" + i + "-" + user,
              "{\"data\": " + i + ", \"user_id\" : \"" + user + "\"}",
              Duration.ofMinutes(5));
    }
    redis.opsForValue().set("session:other-" + user, "{\"user_id\": \"other\"}");
    redis.opsForValue().set("session:mentioned-" + user, "{\"friend\": \"" + user + "\"}");
    String own = create();

    JsonNode listed = listed();

    assertThat(listed).hasSize(500);
    assertThat(listed.toString()).doesNotContain(own).doesNotContain("theirs-");
    assertThat(revoke("")).isEqualTo(601);
    assertThat(listed()).isEmpty();
    assertThat(send("GET", "", own, null).status()).isEqualTo(404);
    assertThat(redis.delete(List.of("session:other-" + user, "session:mentioned-" + user)))
        .isEqualTo(2);
  }

  @Test
  void aNumberIsAUserToo() {
    user = Long.toString(System.nanoTime());
    redis
        .opsForValue()
        .set("session:n-" + user, "{\"user_id\": " + user + "}", Duration.ofMinutes(1));

    assertThat(revoke("")).isOne();
  }

  @Test
  void oneOfThemIsEndedByItsHandle() {
    String first = create();
    String second = create();
    List<String> handles =
        StreamSupport.stream(listed().spliterator(), false)
            .map(each -> each.path("handle").asText())
            .toList();
    assertThat(handles).hasSize(2).doesNotHaveDuplicates();

    assertThat(revoke(", \"handle\": \"" + SessionId.handle("session:" + first) + "\"")).isOne();

    assertThat(send("GET", "", first, null).status()).isEqualTo(404);
    assertThat(send("GET", "", second, null).status()).isEqualTo(200);
    assertThat(revoke("")).isOne();
  }

  @Test
  void nothingOfASessionIsToldInLogsOrTraces(CapturedOutput output) {
    String secret = "secret-" + UUID.randomUUID();
    Api.Answer made = send("POST", "", null, session(", \"secret\": \"" + secret + "\""));
    String id = made.text("/id");
    send("GET", "", id, null);
    send("PUT", "", id, session(", \"secret\": \"" + secret + "\""));
    send("PUT", "", id, "{\"session\": \"" + secret + "\"}");
    send("GET", "?sliding=" + "maybe", id, null);
    send("POST", "/touch", id, null);
    redis.opsForValue().set("session:" + id, "{" + secret);
    send("GET", "", id, null);
    send("POST", "/list", null, "{\"user\": \"" + user + "\"}");
    send("POST", "/revoke", null, "{\"user\": \"" + user + "\", \"handle\": \"" + id + "\"}");
    Api.Answer last = send("DELETE", "", id, null);

    assertThat(last.json().path("ended").asInt()).isOne();
    assertThat(output.getAll()).doesNotContain(secret).doesNotContain(id).doesNotContain(user);
    assertThat(TestTelemetry.SPANS.getFinishedSpanItems())
        .isNotEmpty()
        .allSatisfy(
            span ->
                assertThat(span.toString())
                    .doesNotContain(secret)
                    .doesNotContain(id)
                    .doesNotContain(user));
  }
}
