package routes.messaging.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import routes.Api;
import routes.HubTest;

/** Dead letters over the API: viewers list, operators look inside, mend, replay and give up. */
class DeadLettersApiTest extends HubTest {

  private static final String REPLAYABLE = "notify.deliver";

  @Autowired private DeadLetters deadLetters;

  private UUID letter(String port, byte[] body, Map<String, String> headers) {
    return deadLetters.record(
        new DeadLetters.Letter(UUID.randomUUID().toString(), port, body, "text/plain", headers),
        new IllegalStateException("row (a@b.c) is wrong"));
  }

  /** A delivery to a target that is paused: it can be queued again, and goes nowhere. */
  private UUID undelivered(String target) {
    return letter(
        REPLAYABLE,
        new byte[] {'{', '}'},
        Map.of("target", target, "event", UUID.randomUUID().toString()));
  }

  private static Api.Answer post(Api api, UUID id, String act, String body) {
    return api.post("/api/dead-letters/" + id + "/" + act, body);
  }

  @Test
  void aViewerListsAndAnOperatorLooksInside() {
    String port = "test.port-" + UUID.randomUUID();
    UUID text =
        letter(port, "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8), Map.of("a", "1"));
    UUID bytes = letter(port, new byte[] {0, (byte) 0xff}, Map.of());
    Api viewer = as("viewer");
    Api operator = as("operator");

    Api.Answer page = viewer.get("/api/dead-letters?limit=1&state=waiting&port=" + port);
    assertThat(page.text("/items/0/id")).isEqualTo(bytes.toString());
    assertThat(page.toString()).as("what it holds is not the viewer's").doesNotContain("a@b.c");
    assertThat(
            viewer
                .get("/api/dead-letters?port=" + port + "&after=" + page.text("/next"))
                .text("/items/0/id"))
        .isEqualTo(text.toString());
    assertThat(
            viewer
                .get("/api/dead-letters?port=" + port + "&since=2100-01-01T00:00:00Z")
                .json()
                .path("items"))
        .isEmpty();
    for (String since : List.of("x", "%2B294277-01-01T00:00:00Z", "-100000-01-01T00:00:00Z")) {
      Api.Answer refused = viewer.get("/api/dead-letters?since=" + since);
      assertThat(refused.status()).as(since).isEqualTo(400);
      assertThat(refused.text("/field")).isEqualTo("since");
    }
    assertThat(viewer.get("/api/dead-letters/" + text).status()).isEqualTo(403);

    Api.Answer whole = operator.get("/api/dead-letters/" + text);
    assertThat(whole.text("/content/body")).isEqualTo("hello");
    assertThat(whole.text("/content/headers/a")).isEqualTo("1");
    assertThat(whole.text("/error")).contains("a@b.c");
    assertThat(whole.text("/letter/failures")).isEqualTo("1");
    assertThat(operator.get("/api/dead-letters/" + bytes).text("/content/bodyBase64"))
        .isEqualTo("AP8=");
    assertThat(operator.get("/api/dead-letters/" + UUID.randomUUID()).status()).isEqualTo(404);
  }

  @Test
  void whatIsMendedKeepsWhatCameFirst() {
    UUID id = letter("test.port", new byte[] {'1'}, Map.of("a", "1"));
    Api operator = as("operator");

    assertThat(post(operator, id, "edit", "{\"body\": \"2\"}").status()).isEqualTo(200);
    Api.Answer twice =
        post(operator, id, "edit", "{\"bodyBase64\": \"Mw==\", \"headers\": {\"b\": \"2\"}}");

    assertThat(twice.text("/content/body")).isEqualTo("3");
    assertThat(twice.json().at("/content/headers").has("a")).isFalse();
    assertThat(twice.text("/original/body")).isEqualTo("1");
    assertThat(twice.text("/original/headers/a")).isEqualTo("1");
    assertThat(
            jdbc.sql(
                    "SELECT count(*) FROM hub.audit WHERE action = 'dead-letter.edit' AND target = :id")
                .param("id", id.toString())
                .query(Long.class)
                .single())
        .isEqualTo(2);
    for (String wrong :
        new String[] {
          "{\"headers\": {\"cAMELHttpUri\": \"x\"}}",
          "{\"headers\": {\"a b\": \"x\"}}",
          "{\"headers\": {\"a\": \"x\\ny\"}}",
          "{\"headers\": {\"a\": null}}",
          "{\"headers\": []}"
        }) {
      assertThat(post(operator, id, "edit", wrong).text("/field")).as(wrong).isEqualTo("headers");
    }
    assertThat(post(operator, id, "edit", "{\"mediaType\": \"a\\n\"}").text("/field"))
        .isEqualTo("mediaType");
    for (String wrong :
        new String[] {"{\"bodyBase64\": \"*\"}", "{\"body\": \"\", \"bodyBase64\": \"\"}"}) {
      assertThat(post(operator, id, "edit", wrong).text("/field"))
          .as(wrong)
          .isEqualTo("bodyBase64");
    }
    for (String wrong :
        new String[] {
          "{}",
          "{\"mediaType\": \"application/json\", \"body\": \"[1e131071]\"}",
          "{\"mediaType\": \"application/json\", \"body\": \"[1e99999999999]\"}",
          "{\"mediaType\": \"application/json\", \"body\": \"" + "[".repeat(99) + "\"}",
          "{\"mediaType\": \"application/json\", \"body\": \"{\\\"a\\\": \\\"\\\\ud800\\\"}\"}",
          "{\"mediaType\": \"application/json\", \"body\": \"{\"}",
          "{\"mediaType\": \"application/json\", \"bodyBase64\": \"Iv8i\"}"
        }) {
      assertThat(post(operator, id, "edit", wrong).status()).as(wrong).isEqualTo(400);
      assertThat(post(operator, id, "edit", wrong).text("/field")).as(wrong).isEqualTo("body");
    }
  }

  @Test
  void onlyPortsThatSaySoTakeTheirLettersAgain() {
    Api operator = as("operator");
    UUID other = letter("api.keys.list", new byte[] {1}, Map.of());
    UUID taken = undelivered("still");
    UUID refused = undelivered("none");

    assertThat(post(operator, other, "replay", null).status())
        .as("a route of that name is there, but the row does not choose it")
        .isEqualTo(409);
    assertThat(post(operator, taken, "replay", null).json().path("replayed").asBoolean()).isTrue();
    assertThat(post(operator, taken, "replay", null).status())
        .as("it waits no more")
        .isEqualTo(409);
    assertThat(post(operator, refused, "replay", null).text("/why")).contains("no 'none'");
    assertThat(operator.get("/api/dead-letters/" + refused).text("/letter/failures"))
        .as("recorded once, failed twice")
        .isEqualTo("2");
    assertThat(operator.get("/api/dead-letters/" + refused).text("/letter/state"))
        .isEqualTo("waiting");
  }

  @Test
  void aTargetIsToldOfAnEventOnce() {
    Api operator = as("operator");
    Map<String, String> headers =
        Map.of("target", "still", "event", UUID.randomUUID().toString(), "rule", "r");
    UUID first = letter(REPLAYABLE, new byte[] {'{', '}'}, headers);
    UUID second = letter(REPLAYABLE, new byte[] {'{', '}'}, headers);
    UUID lost = letter(REPLAYABLE, new byte[] {'{', '}'}, Map.of("target", "still"));

    assertThat(post(operator, first, "replay", null).json().path("replayed").asBoolean()).isTrue();
    Api.Answer refused = post(operator, second, "replay", null);
    assertThat(refused.json().path("replayed").asBoolean()).as(refused.toString()).isFalse();
    assertThat(refused.text("/why")).contains("'still' has another delivery");
    assertThat(post(operator, lost, "replay", null).text("/why")).contains("header 'event'");
  }

  @Test
  void anotherBodyOfADeliveryIsReplayedUnderItsId() {
    Api operator = as("operator");
    String delivery = UUID.randomUUID().toString();
    Map<String, String> headers = Map.of("target", "still", "event", UUID.randomUUID().toString());
    for (String body : List.of("{\"n\":1}", "{\"n\":2}")) {
      UUID letter =
          deadLetters.record(
              new DeadLetters.Letter(
                  delivery,
                  REPLAYABLE,
                  body.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                  "application/json",
                  headers),
              new IllegalStateException("it was not taken"));

      Api.Answer done = post(operator, letter, "replay", null);

      assertThat(done.json().path("replayed").asBoolean()).as(done.toString()).isTrue();
      assertThat(
              jdbc.sql("SELECT envelope FROM hub.delivery WHERE id = :id")
                  .param("id", UUID.fromString(delivery))
                  .query(String.class)
                  .single())
          .isEqualTo(body);
    }
  }

  @Test
  void ofTwoReplaysAtOnceOneIsDone() {
    Api operator = as("operator");
    UUID id = undelivered("still");
    String replaying = "UPDATE hub.dead_letter SET replaying_until = now() + :by WHERE id = :id";
    jdbc.sql(replaying.replace(":by", "interval '1 min'")).param("id", id).update();
    assertThat(post(operator, id, "replay", null).text("/detail")).contains("is being replayed");

    jdbc.sql(replaying.replace(":by", "interval '-1 s'")).param("id", id).update();
    assertThat(post(operator, id, "replay", null).json().path("replayed").asBoolean())
        .as("whoever had it is gone")
        .isTrue();

    UUID refused = undelivered("none");
    for (int i = 0; i < 2; i++) {
      assertThat(post(operator, refused, "replay", null).text("/why")).contains("no 'none'");
    }
  }

  @Test
  void eachOfManyIsReplayedOnceHoweverManyCallersAsk() throws Exception {
    Api operator = as("operator");
    Map<UUID, String> letters = new LinkedHashMap<>();
    for (int n = 0; n < 20; n++) {
      String messageId = UUID.randomUUID().toString();
      letters.put(replayable(messageId), messageId);
    }
    String all =
        letters.keySet().stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(","));
    CyclicBarrier start = new CyclicBarrier(4);
    ExecutorService callers = Executors.newFixedThreadPool(4);
    long taken = 0;
    try {
      Callable<JsonNode> caller =
          () -> {
            start.await();
            return operator.post("/api/dead-letters/replay", "{\"ids\": [" + all + "]}").json();
          };
      for (Future<JsonNode> done : callers.invokeAll(Collections.nCopies(4, caller))) {
        taken += done.get().path("replayed").asLong();
      }
    } finally {
      callers.shutdownNow();
    }

    assertThat(letters.values()).allSatisfy(id -> assertThat(jobs.replayed(id)).hasSize(1));
    assertThat(taken).as("and one caller of each is told so").isEqualTo(20);
    letters
        .keySet()
        .forEach(
            id ->
                assertThat(operator.get("/api/dead-letters/" + id).text("/letter/state"))
                    .isEqualTo("replayed"));
  }

  @Test
  void whatIsReplayedAtThisMomentIsNeitherEditedNorDiscarded() {
    Api operator = as("operator");
    String messageId = UUID.randomUUID().toString();
    UUID id = replayable(messageId);
    List<Api.Answer> meanwhile = new ArrayList<>();
    jobs.whileReplayed(
        messageId,
        () -> {
          meanwhile.add(post(operator, id, "edit", "{\"body\": \"too late\"}"));
          meanwhile.add(post(operator, id, "discard", "{\"reason\": \"too late\"}"));
          meanwhile.add(post(operator, id, "replay", null));
        });
    assertThat(post(operator, id, "edit", "{\"body\": \"mended\"}").status()).isEqualTo(200);

    assertThat(post(operator, id, "replay", null).json().path("replayed").asBoolean()).isTrue();

    assertThat(meanwhile).extracting(Api.Answer::status).containsExactly(409, 409, 409);
    assertThat(meanwhile.get(0).text("/detail")).contains("is being replayed");
    assertThat(jobs.replayed(messageId)).containsExactly("mended");
    Api.Answer after = operator.get("/api/dead-letters/" + id);
    assertThat(after.text("/content/body")).isEqualTo("mended");
    assertThat(after.text("/letter/state")).isEqualTo("replayed");
  }

  private UUID replayable(String messageId) {
    return deadLetters.record(
        new DeadLetters.Letter(messageId, "test.replay", new byte[] {'1'}, "text/plain", Map.of()),
        new IllegalStateException("it was wrong"));
  }

  @Test
  void severalAreReplayedAndOneThatCannotBeDoesNotStopThem() {
    Api operator = as("operator");
    UUID one = undelivered("still");
    UUID bad = letter("test.port", new byte[] {1}, Map.of());
    UUID two = undelivered("still");

    JsonNode done =
        operator
            .post(
                "/api/dead-letters/replay",
                "{\"ids\": [\"" + one + "\", \"" + bad + "\", \"" + two + "\"]}")
            .json();

    assertThat(done.path("replayed").asInt()).isEqualTo(2);
    assertThat(done.path("failed").asInt()).isEqualTo(1);
    Map<String, String> wrong =
        Map.of(
            "{\"port\": \"test.port\"}",
            "port",
            "{\"port\": \"test.replay\", \"most\": 101}",
            "most",
            "{\"port\": \"test.replay\", \"most\": \"1\"}",
            "most",
            "{\"ids\": []}",
            "ids",
            "{\"ids\": \"x\"}",
            "ids",
            "{\"ids\": [\"" + one + "\"], \"port\": \"test.replay\"}",
            "ids",
            "{}",
            "ids");
    wrong.forEach(
        (body, field) -> {
          Api.Answer refused = operator.post("/api/dead-letters/replay", body);
          assertThat(refused.status()).as(body).isEqualTo(400);
          assertThat(refused.text("/field")).as(body).isEqualTo(field);
        });
    UUID three = undelivered("still");
    operator.post("/api/dead-letters/replay", "{\"port\": \"" + REPLAYABLE + "\", \"most\": 100}");
    assertThat(operator.get("/api/dead-letters/" + three).text("/letter/state"))
        .isEqualTo("replayed");
  }

  @Test
  void whatIsGivenUpIsKeptWithTheReason() {
    UUID id = letter("test.port", new byte[] {1}, Map.of());
    Api operator = as("operator");

    for (String reason : List.of("{}", "{\"reason\": \" \"}", "{\"reason\": \"a\\nb\"}")) {
      assertThat(post(operator, id, "discard", reason).status()).as(reason).isEqualTo(400);
      assertThat(post(operator, id, "discard", reason).text("/field")).isEqualTo("reason");
    }
    assertThat(post(as("viewer"), id, "discard", "{\"reason\": \"a test\"}").status())
        .isEqualTo(403);
    Api.Answer done = post(operator, id, "discard", "{\"reason\": \"a test\"}");

    assertThat(done.text("/letter/state")).isEqualTo("discarded");
    assertThat(done.text("/letter/discardReason")).isEqualTo("a test");
    assertThat(post(operator, id, "discard", "{\"reason\": \"again\"}").status()).isEqualTo(409);
    assertThat(post(operator, id, "edit", "{\"body\": \"2\"}").status()).isEqualTo(409);
  }
}
