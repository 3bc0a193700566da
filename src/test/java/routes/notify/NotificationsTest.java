package routes.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import routes.Api;
import routes.HubTest;
import routes.NotifyTargets;
import routes.NotifyTargets.Received;

/** From a service's POST to each kind of target. */
class NotificationsTest extends HubTest {

  private static final ObjectMapper JSON = new ObjectMapper();

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
        .isEqualTo(
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
}
