package routes.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;
import routes.Api;
import routes.HubTest;
import routes.stores.redis.RedisPumpConnections;

/** The prediction cache as a service meets it: REST, the hub's routes, a real Redis. */
class PredictionsApiTest extends HubTest {

  @Autowired private StringRedisTemplate redis;
  @Autowired private RedisPumpConnections pumps;

  private Api service;
  private String version;

  @BeforeEach
  void aVersionOfItsOwn() {
    service = as("service");
    version = UUID.randomUUID().toString();
  }

  private String of(String members) {
    return "{\"model\": \"fraud\", \"version\": \"" + version + "\", " + members + "}";
  }

  private Api.Answer put(String path, String body) {
    return service.send(service.request("PUT", "/api/predictions" + path, body));
  }

  private JsonNode put(String members) {
    Api.Answer answer = put("", of(members));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.json();
  }

  private JsonNode ask(String operation, String members) {
    Api.Answer answer = service.post("/api/predictions/" + operation, of(members));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.json();
  }

  private JsonNode lookup(String members) {
    return ask("lookup", members);
  }

  @Test
  void whatWasPutIsFoundHoweverItIsWritten() {
    put("\"input\": {\"b\": 1.0, \"a\": \"x\", \"c\": [1e2, null]}, \"value\": {\"score\": 0.250}");

    JsonNode found = lookup("\"input\": {\"c\":[100,null],\"a\":\"\\u0078\",\"b\":1}");

    assertThat(found.path("result").asText()).isEqualTo("hit");
    assertThat(found.path("value").toString()).isEqualTo("{\"score\":0.25}");
    assertThat(found.path("expiresInMs").asLong()).isBetween(590_000L, 600_000L);
    assertThat(found.has("load")).isFalse();
    assertThat(found.path("key").asText()).matches("prediction:fraud:" + version + ":[0-9a-f]{64}");
    assertThat(redis.opsForValue().get(found.path("key").asText())).isEqualTo("{\"score\":0.250}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          null
          true
          ""
          [1,"é",{"deep":[[]]}]
          123456789012345678901234567890.5
          """)
  void aValueIsAnyJson(String value) {
    put("\"input\": 1, \"value\": " + value);

    assertThat(lookup("\"input\": 1").path("value").toString()).isEqualTo(parsed(value));
  }

  private static String parsed(String json) {
    try {
      return new com.fasterxml.jackson.databind.ObjectMapper().readTree(json).toString();
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anotherVersionDoesNotServeIt() {
    put("\"input\": 1, \"value\": 1");
    version = version + "-promoted";

    assertThat(lookup("\"input\": 1").path("result").asText()).isEqualTo("miss");
  }

  @Test
  void aNameCannotLeaveItsPlaceInAKey() {
    version = "a:b*[c]?\\\\ é%";
    put("\"input\": 1, \"value\": 1");

    assertThat(lookup("\"input\": 1").path("key").asText())
        .startsWith("prediction:fraud:a%3Ab%2A%5Bc%5D%3F%5C%20%C3%A9%25:");
    assertThat(invalidate()).isOne();
  }

  @Test
  void deletedItIsGone() {
    put("\"input\": 1, \"value\": 1");

    assertThat(ask("delete", "\"input\": 1").path("dropped").asInt()).isOne();
    assertThat(ask("delete", "\"input\": 1").path("dropped").asInt()).isZero();
    assertThat(lookup("\"input\": 1, \"load\": false").path("result").asText()).isEqualTo("miss");
  }

  @Test
  void ofManyThatMissOneLoadsAndTheOthersWaitForIt() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(7);
    try {
      List<Future<JsonNode>> asked = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        asked.add(callers.submit(() -> lookup("\"input\": 1, \"wait\": \"10s\"")));
      }
      Awaitility.await().atMost(PATIENCE).until(() -> asked.stream().anyMatch(Future::isDone));
      JsonNode loader = asked.stream().filter(Future::isDone).findFirst().orElseThrow().get();
      assertThat(loader.path("load").asBoolean()).isTrue();
      put(
          "\"input\": 1, \"value\": \"made\", \"token\": \""
              + loader.path("token").asText()
              + "\"");

      int hits = 0;
      int loaders = 0;
      for (Future<JsonNode> each : asked) {
        JsonNode answer = each.get();
        hits += answer.path("value").asText().equals("made") ? 1 : 0;
        loaders += answer.path("load").asBoolean() ? 1 : 0;
      }
      assertThat(loaders).isOne();
      assertThat(hits).isEqualTo(6);
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void aPredictionThatAnotherProgramStoresEndsTheWait() throws Exception {
    JsonNode loader = lookup("\"input\": 1");
    ExecutorService caller = Executors.newSingleThreadExecutor();
    try {
      Future<JsonNode> waits = caller.submit(() -> lookup("\"input\": 1, \"wait\": \"10s\""));
      redis.opsForValue().set(loader.path("key").asText(), "7", Duration.ofHours(1));

      assertThat(waits.get().path("value").asInt()).isEqualTo(7);
    } finally {
      caller.shutdownNow();
    }
  }

  @Test
  void aLoaderThatDiesIsFollowedByAnother() {
    assertThat(lookup("\"input\": 1").path("load").asBoolean()).isTrue();
    assertThat(lookup("\"input\": 1, \"wait\": \"0s\"").path("load").asBoolean()).isFalse();

    assertThat(lookup("\"input\": 1, \"wait\": \"10s\"").path("load").asBoolean())
        .as("within hub.cache.lease")
        .isTrue();
  }

  @Test
  void whoOnlyLooksIsNoLoader() {
    JsonNode looked = lookup("\"input\": 1, \"load\": false");

    assertThat(looked.path("result").asText()).isEqualTo("miss");
    assertThat(looked.has("load")).isFalse();
    assertThat(lookup("\"input\": 1").path("load").asBoolean()).isTrue();
  }

  @Test
  void aStaleOneIsGivenMarkedWhileOneCallerMakesItAnew() {
    String key = lookup("\"input\": 1, \"load\": false").path("key").asText();
    // Less than hub.cache.stale-for is left of it.
    redis.opsForValue().set(key, "\"old\"", Duration.ofMinutes(1));

    JsonNode first = lookup("\"input\": 1");
    JsonNode second = lookup("\"input\": 1, \"wait\": \"10s\"");

    assertThat(first.path("result").asText()).isEqualTo("stale");
    assertThat(first.path("stale").asBoolean()).isTrue();
    assertThat(first.path("load").asBoolean()).isTrue();
    assertThat(second.path("value").asText()).isEqualTo("old");
    assertThat(second.path("load").asBoolean()).isFalse();
    put("\"input\": 1, \"value\": \"new\", \"token\": \"" + first.path("token").asText() + "\"");
    assertThat(lookup("\"input\": 1").path("result").asText()).isEqualTo("hit");
  }

  @Test
  void whatASlowLoaderMakesAfterAnInvalidationIsNotStored() {
    JsonNode slow = lookup("\"input\": 1");
    String token = slow.path("token").asText();
    JsonNode batch = ask("lookup/batch", "\"inputs\": [1, 2]");

    assertThat(invalidate()).isZero();

    assertThat(put("\"input\": 1, \"value\": \"old\", \"token\": \"" + token + "\""))
        .hasToString("{\"stored\":0,\"why\":\"invalidated\"}");
    Api.Answer many =
        put(
            "/batch",
            of(
                "\"token\": \""
                    + batch.path("token").asText()
                    + "\", \"predictions\": [{\"input\": 1, \"value\": 1}, {\"input\": 2,"
                    + " \"value\": 2}]"));
    assertThat(many.text("/why")).isEqualTo("invalidated");
    JsonNode next = lookup("\"input\": 1");
    assertThat(next.path("result").asText()).isEqualTo("miss");
    assertThat(next.path("load").asBoolean()).as("does not wait for the slow one").isTrue();
    assertThat(
            put("\"input\": 1, \"value\": 1, \"token\": \"" + next.path("token").asText() + "\"")
                .path("stored")
                .asInt())
        .isOne();
  }

  @Test
  void whatALoaderMakesAfterItsPredictionWasDeletedIsNotStored() {
    JsonNode slow = lookup("\"input\": 1");
    JsonNode other = lookup("\"input\": 2");
    String batch = ask("lookup/batch", "\"inputs\": [1, 2, 3]").path("token").asText();
    put("\"input\": 1, \"value\": \"quick\"");

    ask("delete", "\"input\": 1");

    assertThat(put("\"input\": 1, \"value\": \"old\", " + token(slow)))
        .hasToString("{\"stored\":0,\"why\":\"invalidated\"}");
    assertThat(putBatch(batch, 1, 3).text("/why")).isEqualTo("invalidated");
    assertThat(lookup("\"input\": 1, \"load\": false").path("result").asText()).isEqualTo("miss");
    assertThat(put("\"input\": 2, \"value\": 2, " + token(other)).path("stored").asInt())
        .as("another input of that version")
        .isOne();
    assertThat(putBatch(batch, 2, 3).text("/stored")).isEqualTo("2");

    JsonNode next = lookup("\"input\": 1");
    assertThat(next.path("load").asBoolean()).as("does not wait for the slow one").isTrue();
    assertThat(put("\"input\": 1, \"value\": \"new\", " + token(next)).path("stored").asInt())
        .isOne();
    ask("delete", "\"input\": 1");
    assertThat(put("\"input\": 1, \"value\": \"new\", " + token(next)).path("stored").asInt())
        .as("deleted once more")
        .isZero();
  }

  @Test
  void whatALoaderMakesIsNotStoredEvenIfEarlierDeletionsWereForgottenMeanwhile() {
    ask("delete", "\"input\": 1");
    ask("delete", "\"input\": 1");
    JsonNode slow = lookup("\"input\": 1");
    String batch = ask("lookup/batch", "\"inputs\": [1, 2]").path("token").asText();
    // As after a week without a deletion.
    assertThat(redis.delete("prediction-deletions:fraud:" + version)).isTrue();

    ask("delete", "\"input\": 1");

    assertThat(put("\"input\": 1, \"value\": \"old\", " + token(slow)).path("stored").asInt())
        .isZero();
    assertThat(putBatch(batch, 1, 2).text("/why")).isEqualTo("invalidated");
    JsonNode next = lookup("\"input\": 1");
    assertThat(next.path("token").asText()).as("a whole number").matches(".*:0:0:\\d{13}");
    assertThat(put("\"input\": 1, \"value\": \"new\", " + token(next)).path("stored").asInt())
        .isOne();
  }

  private static String token(JsonNode looked) {
    return "\"token\": \"" + looked.path("token").asText() + "\"";
  }

  private Api.Answer putBatch(String token, int... inputs) {
    String predictions =
        IntStream.of(inputs)
            .mapToObj(input -> "{\"input\": " + input + ", \"value\": 0}")
            .collect(Collectors.joining(","));
    return put(
        "/batch", of("\"token\": \"" + token + "\", \"predictions\": [" + predictions + "]"));
  }

  @Test
  void aTokenThatIsNoneStoresNothing() {
    for (String token : List.of("x", ":0:0", "a:b:c", ":0:0:x", "0:0:0")) {
      assertThat(
              put("\"input\": 1, \"value\": 1, \"token\": \"" + token + "\"")
                  .path("stored")
                  .asInt())
          .as(token)
          .isZero();
    }
  }

  @Test
  void fiftyWhoMissAreOneLoaderAndFortyNineWhoWait() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(50);
    try {
      List<Future<JsonNode>> asked = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        asked.add(callers.submit(() -> lookup("\"input\": 1, \"wait\": \"10s\"")));
      }
      Awaitility.await().atMost(PATIENCE).until(() -> asked.stream().anyMatch(Future::isDone));
      JsonNode loader = asked.stream().filter(Future::isDone).findFirst().orElseThrow().get();
      assertThat(loader.path("load").asBoolean()).isTrue();
      put("\"input\": 1, \"value\": \"made\", " + token(loader));

      int hits = 0;
      for (Future<JsonNode> each : asked) {
        hits += each.get().path("value").asText().equals("made") ? 1 : 0;
      }
      assertThat(hits).isEqualTo(49);
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void aPutThatIsAnsweredAwayIsNotStoredLaterEither() {
    String token = ask("lookup/batch", "\"inputs\": [2, 3]").path("token").asText();
    JsonNode away;
    Api.Answer batch;
    try (StatefulRedisConnection<String, String> own = pumps.open(PATIENCE)) {
      own.sync().clientPause(800);
      away = put("\"input\": 1, \"value\": 1");
      batch = putBatch(token, 2, 3);
    }

    assertThat(away.path("why").asText()).isEqualTo("away");
    assertThat(batch.text("/why")).isEqualTo("away");
    // It goes the way of the puts, behind them.
    JsonNode found =
        Awaitility.await()
            .atMost(PATIENCE)
            .until(
                () -> ask("lookup/batch", "\"inputs\": [1, 2, 3]"),
                answer -> !answer.path("away").asBoolean());
    assertThat(found.path("items"))
        .hasSize(3)
        .allSatisfy(item -> assertThat(item.path("result").asText()).isEqualTo("miss"));
    assertThat(put("\"input\": 1, \"value\": 1").path("stored").asInt()).isOne();
  }

  private long invalidate() {
    Api.Answer answer =
        service.post(
            "/api/predictions/invalidate",
            "{\"model\": \"fraud\", \"version\": \"" + version + "\"}");
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.json().path("dropped").asLong();
  }

  @Test
  void anInvalidationDropsItsScopeAndNothingElse() {
    String inputs =
        IntStream.range(0, 1000).mapToObj(Integer::toString).collect(Collectors.joining(","));
    String all =
        IntStream.range(0, 1000)
            .mapToObj(i -> "{\"input\": " + i + ", \"value\": " + i + "}")
            .collect(Collectors.joining(","));
    assertThat(put("/batch", of("\"predictions\": [" + all + "]")).json().path("stored").asInt())
        .isEqualTo(1000);
    String first = version;
    version = first + "*";
    put("\"input\": 1, \"value\": 1");

    assertThat(invalidate()).as("the star is a character of a name").isOne();
    version = first;
    JsonNode found = ask("lookup/batch", "\"inputs\": [" + inputs + "]");
    assertThat(found.path("items")).hasSize(1000);
    assertThat(found.at("/items/999/value").asInt()).isEqualTo(999);
    assertThat(invalidate()).isEqualTo(1000);
    assertThat(ask("lookup/batch", "\"inputs\": [999]").at("/items/0/result").asText())
        .isEqualTo("miss");
  }

  @Test
  void aModelIsInvalidatedInAllItsVersions() {
    String other = "{\"model\": \"spam\", \"version\": \"" + version + "\", \"input\": 1";
    assertThat(put("", other + ", \"value\": 1}").json().path("stored").asInt()).isOne();
    JsonNode fraud = put("\"input\": 1, \"value\": 1");
    JsonNode slow =
        service
            .post(
                "/api/predictions/lookup",
                "{\"model\": \"spam\", \"version\": \"slow\", \"input\": \"" + version + "\"}")
            .json();

    Api.Answer dropped = service.post("/api/predictions/invalidate", "{\"model\": \"spam\"}");

    assertThat(dropped.json().path("dropped").asLong()).isPositive();
    assertThat(redis.hasKey(fraud.at("/keys/0").asText())).isTrue();
    assertThat(
            put(
                    "",
                    "{\"model\": \"spam\", \"version\": \"slow\", \"input\": \""
                        + version
                        + "\", \"value\": 1, \"token\": \""
                        + slow.path("token").asText()
                        + "\"}")
                .text("/why"))
        .isEqualTo("invalidated");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"score":
          \u0001 not JSON
          <root/>
          """)
  void whatAnotherProgramStoredAndIsNoJsonIsAMiss(String text) {
    String key = lookup("\"input\": 1, \"load\": false").path("key").asText();
    redis.opsForValue().set(key, text, Duration.ofHours(1));

    assertThat(lookup("\"input\": 1").path("result").asText()).isEqualTo("miss");
    put("\"input\": 1, \"value\": 1");
    assertThat(lookup("\"input\": 1").path("result").asText()).isEqualTo("hit");
  }

  @Test
  void aKeyOfAnotherTypeOrTooLargeIsAMissAndIsReplaced() {
    String key = lookup("\"input\": 1, \"load\": false").path("key").asText();
    redis.opsForList().rightPush(key, "a list");
    assertThat(lookup("\"input\": 1").path("result").asText()).isEqualTo("miss");
    assertThat(ask("lookup/batch", "\"inputs\": [1]").at("/items/0/result").asText())
        .isEqualTo("miss");
    put("\"input\": 1, \"value\": 1");
    assertThat(lookup("\"input\": 1").path("value").asInt()).isOne();

    redis.opsForValue().set(key, "\"" + "x".repeat(1 << 20) + "\"", Duration.ofHours(1));
    assertThat(lookup("\"input\": 1").path("result").asText()).isEqualTo("miss");
  }

  @Test
  void aBatchOfLargeValuesIsCutAndSaysSo() {
    String large = "\"" + "x".repeat((1 << 20) - 2) + "\"";
    for (int i = 0; i < 9; i++) {
      put("\"input\": " + i + ", \"value\": " + large);
    }

    JsonNode found = ask("lookup/batch", "\"inputs\": [0,1,2,3,4,5,6,7,8]");

    assertThat(found.at("/items/7/result").asText()).isEqualTo("hit");
    assertThat(found.at("/items/8/full").asBoolean()).isTrue();
    invalidate();
  }
}
