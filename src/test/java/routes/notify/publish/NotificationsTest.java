package routes.notify.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.Api;
import routes.Covers;
import routes.HubTest;
import routes.NotifyTargets;
import routes.NotifyTargets.Received;
import routes.notify.rules.Signatures;

/** From a service's POST to each kind of target, and what the API tells of it. */
@Covers({"notify.deliver", "notify.camel"})
class NotificationsTest extends HubTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static Api viewer;

  /** One key for all that is asked for again and again. */
  private Api viewer() {
    if (viewer == null) {
      viewer = as("viewer");
    }
    return viewer;
  }

  private static List<Received> at(String path, String text) {
    return NotifyTargets.at(path).stream().filter(each -> each.body().contains(text)).toList();
  }

  private static Received one(String path, String text) {
    await().atMost(PATIENCE).until(() -> !at(path, text).isEmpty());
    return at(path, text).get(0);
  }

  @Test
  void anEventOfAServiceReachesAWebhookSigned() throws Exception {
    String mark = UUID.randomUUID().toString();

    Api.Answer answer =
        as("service")
            .post(
                "/api/notifications/t-hook",
                "{\"type\": \"model.jailbreak\", \"key\": \"m-1\", \"severity\": \"critical\","
                    + " \"data\": {\"mark\": \""
                    + mark
                    + "\"}}");

    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    String id = answer.text("/ids/0");
    Received received = one("/hook", mark);
    JsonNode envelope = JSON.readTree(received.body());
    assertThat(envelope.path("specversion").asText()).isEqualTo("1.0");
    assertThat(envelope.path("id").asText()).isEqualTo(id);
    assertThat(envelope.path("type").asText()).isEqualTo("model.jailbreak");
    assertThat(envelope.path("subject").asText()).isEqualTo("m-1");
    assertThat(envelope.path("severity").asText()).isEqualTo("critical");
    assertThat(received.header("X-Team")).isEqualTo("red");
    assertThat(received.header("Content-Type")).startsWith("application/json");
    assertThat(received.header("webhook-signature"))
        .startsWith(
            Signatures.sign(
                List.of(NotifyTargets.SECRET),
                received.header("webhook-id"),
                Long.parseLong(received.header("webhook-timestamp")),
                received.body().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                jdbc.sql("SELECT state FROM hub.delivery WHERE event_id = :id")
                    .param("id", UUID.fromString(id))
                    .query(String.class)
                    .list()
                    .equals(List.of("delivered")));
    assertThat(
            jdbc.sql("SELECT count(*) FROM hub.outbox WHERE id = :id AND channel = 't-hook'")
                .param("id", UUID.fromString(id))
                .query(Long.class)
                .single())
        .isOne();
    assertThat(at("/hook", mark)).as("two rules of one target").hasSize(1);
  }

  private String publish(String channel, String data) {
    Api.Answer answer =
        as("service")
            .post(
                "/api/notifications/" + channel,
                "{\"type\": \"model.found\", \"data\": " + data + "}");
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    return answer.text("/ids/0");
  }

  @Test
  void chatMailAndCamelAreToldInTheirWay() throws Exception {
    String mark = UUID.randomUUID().toString();
    String data = "{\"mark\": \"" + mark + "\", \"who\": \"<!channel> & ${sys.user.name}\"}";
    publish("t-chat", data);
    publish("t-post", data);
    as("service")
        .post(
            "/api/notifications/t-seda",
            "{\"type\": \"a\", \"data\": {\"CamelFileName\": \"" + mark + "\"}}");

    assertThat(JSON.readTree(one("/chat", mark).body()).path("text").asText())
        .startsWith("*[info] model.found")
        .contains("&lt;!channel&gt; &amp; ${sys.user.name}");
    assertThat(NotifyTargets.MAIL.waitForIncomingEmail(20_000, 1)).isTrue();
    var mail = NotifyTargets.MAIL.getReceivedMessages()[0];
    assertThat(mail.getSubject()).startsWith("[info] model.found");
    assertThat(mail.getAllRecipients()[0].toString()).isEqualTo("oncall@example.org");
    assertThat(mail.getContent().toString()).contains(mark, "${sys.user.name}");
    assertThat(mail.getHeader("Message-ID")[0]).endsWith("@ml-security-hub>");
    try (ConsumerTemplate consumer = camel.createConsumerTemplate()) {
      Exchange received = consumer.receive("seda:t-notified?size=100", 20_000);
      assertThat(received.getMessage().getBody(String.class)).contains(mark);
      assertThat(received.getMessage().getHeaders()).doesNotContainKey("CamelFileName");
    }
  }

  @Test
  void anIdIsTakenOnceAndSoIsAnIdempotencyKey() {
    String id = UUID.randomUUID().toString();
    String body = "{\"id\": \"" + id + "\", \"type\": \"a\"}";
    Api service = as("service");
    for (int i = 0; i < 2; i++) {
      assertThat(service.post("/api/notifications/t-hook", body).text("/ids/0")).isEqualTo(id);
    }
    assertThat(service.get("/api/deliveries").status())
        .as("a service looks at nothing")
        .isEqualTo(403);
    assertThat(viewer().get("/api/deliveries?event=" + id).json().path("items")).hasSize(1);

    String many = "{\"events\": [{\"type\": \"a\"}, {\"type\": \"b\", \"key\": \"k\"}]}";
    Api.Answer first = service.post("/api/notifications/t-none", many, "Idempotency-Key", "n-1");
    Api.Answer again = service.post("/api/notifications/t-none", many, "Idempotency-Key", "n-1");
    Api.Answer other = service.post("/api/notifications/t-none", body, "Idempotency-Key", "n-1");
    assertThat(first.json().path("ids")).hasSize(2);
    assertThat(again.json()).isEqualTo(first.json());
    assertThat(other.status()).isEqualTo(400);
    assertThat(other.text("/field")).isEqualTo("Idempotency-Key");
  }

  @ParameterizedTest(name = "{0} {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          t-x    | {"type": 5}                                    | 400 | type
          t-x    | {"type": "a b"}                                | 400 | type
          t-x    | {"type": "a", "severity": "bad"}               | 400 | severity
          t-x    | {"type": "a", "id": "1-1-1-1-1"}               | 400 | id
          t-x    | {"type": "a", "id": "a3bb189e-8bf9-3888-9912-ace4e6543002"} | 400 | id
          t-x    | {"type": "a", "key": "a\\nb"}                | 400 | key
          t-x    | {"type": "a", "key": "a", "subject": "b"}      | 400 | subject
          t-x    | {"type": "a", "data": {"x": ["\\u0000"]}}    | 400 | data
          t-x    | {"type": "a", "data": {"x\\r": 1}}           | 400 | data
          t-x    | {"type": "a", "data": "\\ud800"}             | 400 | data
          t-x    | {"type": "a", "data": {"x": [1e400]}}          | 400 | data.x[0]
          t-x    | {"events": [{"type": "a", "data": 1e-131071}]} | 400 | events[0].data
          t-x    | {"type": "a", "key": "\\ud800"}              | 400 | key
          t-x    | {"type": "a", "subject": "x\\udc00"}         | 400 | subject
          t-x    | {"type": "a", "data": {"\\ud800": 1}}        | 400 | body
          t-x    | {"type": "a", "other": 1}                      | 400 | other
          t-x    | {"events": []}                                 | 400 | events
          t-x    | {"events": [{"type": "a"}, {"type": ""}]}      | 400 | events[1].type
          t-x    | {"events": [{"type": "a"}, {"type": "a", "other": 1}]} | 400 | events[1].other
          t-x    | {"events": [{"type": "a"}, null]}              | 400 | events[1]
          t-x    | {"events": [{"type": "a"}, 5]}                 | 400 | events[1]
          t-x    | {"events": [{"type": "a", "id": "x"}]}         | 400 | events[0].id
          t-x    | {"events": [{"type": "a", "key": 5}]}          | 400 | events[0].key
          t-x    | {"events": [{"type": "a", "key": " "}]}        | 400 | events[0].key
          t-x    | {"events": [{"type": "a", "severity": "INFO"}]} | 400 | events[0].severity
          t-x    | {"events": [{"type": "a", "key": "a", "subject": "b"}]} | 400 | events[0].subject
          t-x    | {"events": [{"type": "a", "data": ["\\u0000"]}]} | 400 | events[0].data
          t-x    | {"events": [{"type": "a", "data": {"x": 1e400}}]} | 400 | events[0].data.x
          t-x    | {"events": {"type": "a"}}                      | 400 | events
          t-x    | {"events": null}                               | 400 | type
          t-x    | {"events": [{"type": "a"}], "type": "a"}       | 400 | type
          t-x    | {"type": "a", "events": [{"type": "a"}]}       | 400 | type
          t-x    | {}                                             | 400 | type
          t-x    | {"key": "a"}                                   | 400 | type
          t-x    | []                                             | 400 | body
          t-x    | null                                           | 400 | body
          t-x    |                                                | 400 | body
          T-x    | {"type": "a"}                                  | 400 | channel
          backup | {"type": "a"}                                  | 403 | channel
          """)
  void whatCannotBeTakenIsNamed(String channel, String body, int status, String field) {
    Api.Answer answer = as("service").post("/api/notifications/" + channel, body);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.text("/field")).isEqualTo(field);
  }

  @Test
  void dataIsKeptWithTheDigitsItWasSentWith() {
    String sent = "[1.50, 100.0, 1, 1e2, 12345678901234567890, null, true]";
    for (String body :
        List.of(
            "{\"type\": \"a\", \"data\": " + sent + "}",
            "{\"events\": [{\"type\": \"a\", \"data\": " + sent + "}]}")) {
      Api.Answer answer = as("service").post("/api/notifications/t-none", body);
      assertThat(
              jdbc.sql("SELECT envelope ->> 'data' FROM hub.outbox WHERE id = :id")
                  .param("id", UUID.fromString(answer.text("/ids/0")))
                  .query(String.class)
                  .single())
          .as("as PostgreSQL writes it")
          .isEqualTo("[1.50, 100.0, 1, 100, 12345678901234567890, null, true]");
    }
    String bare = publish("t-none", "null");
    assertThat(
            jdbc.sql("SELECT jsonb_exists(envelope, 'data') FROM hub.outbox WHERE id = :id")
                .param("id", UUID.fromString(bare))
                .query(Boolean.class)
                .single())
        .as("no data is none")
        .isFalse();
  }

  @Test
  void tooMuchDataIsRefusedAndAViewerToo() {
    String large = "{\"type\": \"a\", \"data\": \"" + "x".repeat(65_535) + "\"}";
    assertThat(as("service").post("/api/notifications/t-x", large).status()).isEqualTo(413);
    assertThat(as("viewer").post("/api/notifications/t-x", "{\"type\": \"a\"}").status())
        .isEqualTo(403);
  }

  /** 27 KB that would be 393 MB in the database. */
  @Test
  void whatBecomesMuchLargerAsItIsStoredIsRefused() {
    Api service = as("service");
    String beyond = "{\"type\": \"a\", \"data\": [1e131071" + ",1e131071".repeat(2_999) + "]}";
    String within = "{\"type\": \"a\", \"data\": [1e308" + ",1e308".repeat(2_999) + "]}";

    Api.Answer refused = service.post("/api/notifications/t-grows", beyond);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("/field")).isEqualTo("data[0]");
    assertThat(service.post("/api/notifications/t-grows", within).status()).isEqualTo(413);
    assertThat(
            jdbc.sql("SELECT count(*) FROM hub.outbox WHERE channel = 't-grows'")
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  void everyChannelOfTheHubIsItsOwn() throws Exception {
    Pattern draft = Pattern.compile("Outbox\\.Draft\\(\\s*[^;]*?,\\s*\"([a-z-]+)\",");
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      List<String> channels = new ArrayList<>();
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        draft
            .matcher(Files.readString(file))
            .results()
            .forEach(found -> channels.add(found.group(1)));
      }
      assertThat(channels).contains("jobs", "probes");
      assertThat(NotificationController.OWN_CHANNELS).containsAll(channels);
    }
  }

  @Test
  void aTestTellsWhatTheTargetAnswered() {
    NotifyTargets.on(
        "/still",
        (exchange, received) -> {
          byte[] no = "no\u0007t here".getBytes(java.nio.charset.StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(404, no.length);
          exchange.getResponseBody().write(no);
        });
    Api.Answer answer = as("operator").post("/api/notifications/targets/still/test", null);

    assertThat(answer.json().path("delivered").asBoolean()).isFalse();
    assertThat(answer.text("/status")).isEqualTo("404");
    assertThat(answer.text("/response")).isEqualTo("no t here");
    NotifyTargets.answer("/still", 204);
    assertThat(
            as("operator")
                .post("/api/notifications/targets/still/test", null)
                .json()
                .path("delivered")
                .asBoolean())
        .isTrue();
    assertThat(as("operator").post("/api/notifications/targets/none/test", null).status())
        .isEqualTo(404);
  }

  @Test
  void whatFailsForGoodIsADeadLetterThatCanBeMendedAndReplayed() throws Exception {
    String mark = UUID.randomUUID().toString();
    NotifyTargets.on(
        "/hook",
        (exchange, received) ->
            exchange.sendResponseHeaders(received.body().contains("mended") ? 200 : 422, -1));
    try {
      String event = publish("t-hook", "{\"mark\": \"" + mark + "\"}");
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  "dead"
                      .equals(
                          viewer().get("/api/deliveries?event=" + event).text("/items/0/state")));
      assertThat(at("/hook", mark)).as("a 422 is not tried again").hasSize(1);
      String id = viewer().get("/api/deliveries?event=" + event).text("/items/0/id");
      Api.Answer shown = viewer().get("/api/deliveries/" + id);
      assertThat(shown.text("/status")).isEqualTo("422");
      assertThat(shown.text("/error")).isEqualTo("answered 422");
      assertThat(shown.text("/attempts")).isEqualTo("1");

      Api.Answer letters = viewer().get("/api/dead-letters?port=notify.deliver&limit=500");
      JsonNode letter = null;
      for (JsonNode each : letters.json().path("items")) {
        letter = each.path("messageId").asText().equals(id) ? each : letter;
      }
      String letterId = letter.path("id").asText();
      Api operator = as("operator");
      Api.Answer whole = operator.get("/api/dead-letters/" + letterId);
      String envelope = whole.text("/content/body");
      assertThat(envelope).contains(mark).isEqualTo(at("/hook", mark).get(0).body());
      assertThat(whole.text("/content/headers/target")).isEqualTo("hook");

      String mended = envelope.replace("model.found", "model.mended");
      operator.post(
          "/api/dead-letters/" + letterId + "/edit",
          JSON.createObjectNode().put("body", mended).toString());
      Api.Answer replayed = operator.post("/api/dead-letters/" + letterId + "/replay", null);
      assertThat(replayed.json().path("replayed").asBoolean()).as(replayed.toString()).isTrue();
      await()
          .atMost(PATIENCE)
          .until(() -> "delivered".equals(viewer().get("/api/deliveries/" + id).text("/state")));
      List<Received> sent = at("/hook", mark);
      assertThat(sent).hasSize(2);
      assertThat(sent.get(1).header("webhook-id")).isEqualTo(sent.get(0).header("webhook-id"));
      assertThat(sent.get(1).body()).isEqualTo(mended);
      assertThat(operator.post("/api/deliveries/" + id + "/retry", null).status()).isEqualTo(409);
    } finally {
      NotifyTargets.answer("/hook", 200);
    }
  }

  @Test
  void aDeadLetterWhoseTargetIsEditedGoesToThatTarget() throws Exception {
    String mark = UUID.randomUUID().toString();
    NotifyTargets.answer("/hook", 422);
    try {
      String event = publish("t-hook", "{\"mark\": \"" + mark + "\"}");
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  "dead"
                      .equals(
                          viewer().get("/api/deliveries?event=" + event).text("/items/0/state")));
      String id = viewer().get("/api/deliveries?event=" + event).text("/items/0/id");
      String letter =
          jdbc.sql("SELECT id::text FROM hub.dead_letter WHERE message_id = :id")
              .param("id", id)
              .query(String.class)
              .single();
      Api operator = as("operator");
      ObjectNode headers =
          (ObjectNode) operator.get("/api/dead-letters/" + letter).json().at("/content/headers");
      headers.put("target", "chat").put("rule", "by-hand");
      assertThat(
              operator
                  .post(
                      "/api/dead-letters/" + letter + "/edit",
                      JSON.createObjectNode().set("headers", headers).toString())
                  .status())
          .isEqualTo(200);

      Api.Answer replayed = operator.post("/api/dead-letters/" + letter + "/replay", null);

      assertThat(replayed.json().path("replayed").asBoolean()).as(replayed.toString()).isTrue();
      assertThat(one("/chat", mark).body()).contains("model.found");
      await()
          .atMost(PATIENCE)
          .until(() -> "delivered".equals(viewer().get("/api/deliveries/" + id).text("/state")));
      assertThat(viewer().get("/api/deliveries/" + id).text("/target")).isEqualTo("chat");
      assertThat(viewer().get("/api/deliveries/" + id).text("/rule")).isEqualTo("by-hand");
      assertThat(at("/hook", mark)).as("the old target, before the edit only").hasSize(1);

      // It is a dead letter once more, although its message arrived: as after a crash in between.
      jdbc.sql("UPDATE hub.dead_letter SET replayed_at = NULL WHERE message_id = :id")
          .param("id", id)
          .update();
      operator.post(
          "/api/dead-letters/" + letter + "/edit", "{\"headers\": {\"target\": \"seda\"}}");
      assertThat(operator.post("/api/dead-letters/" + letter + "/replay", null).text("/why"))
          .contains("cannot go to 'seda'", "delivered, to 'chat'");
    } finally {
      NotifyTargets.answer("/hook", 200);
    }
  }

  @Test
  void aDeadDeliveryIsRetriedAndItsLetterWaitsNoMore() {
    NotifyTargets.answer("/hook", 500);
    String event = publish("t-hook", "{}");
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                "dead"
                    .equals(viewer().get("/api/deliveries?event=" + event).text("/items/0/state")));
    JsonNode dead = viewer().get("/api/deliveries?event=" + event).json().at("/items/0");
    assertThat(dead.path("attempts").asInt()).as("500s are tried again").isEqualTo(3);
    NotifyTargets.answer("/hook", 200);

    String id = dead.path("id").asText();
    assertThat(as("operator").post("/api/deliveries/" + id + "/retry", null).status())
        .isEqualTo(200);

    await()
        .atMost(PATIENCE)
        .until(() -> "delivered".equals(viewer().get("/api/deliveries/" + id).text("/state")));
    assertThat(
            jdbc.sql("SELECT replayed_at IS NOT NULL FROM hub.dead_letter WHERE message_id = :id")
                .param("id", id)
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void aNewSecretSignsAtOnceAndTheOldOneForAWhile() throws Exception {
    String next = "whsec_" + "QUJD".repeat(8);
    Files.writeString(NotifyTargets.secretFile(), next + "\n");
    try {
      String mark = UUID.randomUUID().toString();
      publish("t-hook", "{\"mark\": \"" + mark + "\"}");
      Received received = one("/hook", mark);
      assertThat(received.header("webhook-signature"))
          .isEqualTo(
              Signatures.sign(
                  List.of(next, NotifyTargets.SECRET),
                  received.header("webhook-id"),
                  Long.parseLong(received.header("webhook-timestamp")),
                  received.body().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    } finally {
      Files.writeString(NotifyTargets.secretFile(), NotifyTargets.SECRET + "\n");
    }
  }
}
