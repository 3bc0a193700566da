package routes.messaging.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.Covers;
import routes.HubTest;
import routes.devservices.TestStores;
import routes.kernel.HubProperties;
import routes.kernel.errors.PermanentException;
import routes.messaging.deadletters.ErrorPolicy;

/** What is appended in a hub reaches who reads its stream and who listens to its channel. */
@Covers({"outbox.relay", "outbox.republish"})
class RelayTest extends HubTest {

  @Autowired private Outbox outbox;
  @Autowired private PlatformTransactionManager transactions;
  @Autowired private ObjectMapper json;
  @Autowired private HubProperties hub;
  @Autowired private ProducerTemplate template;
  @Autowired private RelayLifecycle life;

  @Test
  void readersOfTheStreamAndListenersReceiveTheEnvelopeInOrder() throws Exception {
    String channel = "t-" + UUID.randomUUID().toString().substring(0, 8);
    List<String> heard = new CopyOnWriteArrayList<>();
    try (RedisClient client = RedisClient.create(TestStores.get().redis().url());
        var listening = client.connectPubSub();
        var reading = client.connect()) {
      listening.addListener(
          new RedisPubSubAdapter<>() {
            @Override
            public void message(String from, String message) {
              heard.add(message);
            }
          });
      listening.sync().subscribe("events:" + channel);

      List<Outbox.Draft> drafts = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        drafts.add(
            new Outbox.Draft(
                UUID.randomUUID(), channel, "ä key", "test.told", Map.of("n", i, "text", "ü\n\"")));
      }
      new TransactionTemplate(transactions)
          .executeWithoutResult(status -> outbox.appendAll(drafts));

      await().atMost(PATIENCE).until(() -> heard.size() >= drafts.size());
      List<StreamMessage<String, String>> entries = read(reading.sync(), "events:" + channel);
      assertThat(entries).hasSize(drafts.size());
      for (int i = 0; i < drafts.size(); i++) {
        Map<String, String> entry = entries.get(i).getBody();
        assertThat(entry.keySet()).containsExactly("id", "type", "event");
        assertThat(entry.get("id")).isEqualTo(drafts.get(i).id().toString());
        assertThat(entry.get("type")).isEqualTo("test.told");
        assertThat(entry.get("event")).isEqualTo(heard.get(i));
        JsonNode envelope = json.readTree(heard.get(i));
        assertThat(envelope.get("specversion").asText()).isEqualTo("1.0");
        assertThat(envelope.get("id").asText()).isEqualTo(drafts.get(i).id().toString());
        assertThat(envelope.get("subject").asText()).isEqualTo("ä key");
        assertThat(envelope.get("severity").asText()).isEqualTo("info");
        assertThat(envelope.at("/data/n").asInt()).isEqualTo(i);
        assertThat(envelope.at("/data/text").asText()).isEqualTo("ü\n\"");
      }
    }
  }

  /** A person may hold events up by stopping the route; they go out when it is started. */
  @Test
  void whileItsRouteIsStoppedEventsWait() throws Exception {
    String channel = "t-" + UUID.randomUUID().toString().substring(0, 8);
    camel.getRouteController().stopRoute("outbox.relay");
    try {
      append(channel, UUID.randomUUID());
      await().atMost(PATIENCE).until(() -> lag() > 0.3);
      assertThat(relayed(channel)).isZero();
    } finally {
      camel.getRouteController().startRoute("outbox.relay");
    }
    await().atMost(PATIENCE).until(() -> relayed(channel) == 1);
  }

  @Test
  void aHubThatStopsGivesItsLanesBackAndTakesThemWhenItStarts() {
    String owners = "SELECT count(owner) FROM hub.relay_lane";
    life.stop();
    try {
      assertThat(life.isRunning()).isFalse();
      assertThat(jdbc.sql(owners).query(Long.class).single()).isZero();
    } finally {
      life.start();
    }
    await().atMost(PATIENCE).until(() -> jdbc.sql(owners).query(Long.class).single() == 8);
  }

  private void append(String channel, UUID id) {
    new TransactionTemplate(transactions)
        .executeWithoutResult(
            status ->
                outbox.append(new Outbox.Draft(id, channel, "k", "test.told", Map.of("n", 1))));
  }

  private double lag() {
    return jdbc.sql(
            "SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0) FROM hub.outbox"
                + " WHERE relayed_at IS NULL")
        .query(Double.class)
        .single();
  }

  private long relayed(String channel) {
    return jdbc.sql(
            "SELECT count(*) FROM hub.outbox WHERE channel = :channel AND relayed_at IS NOT NULL")
        .param("channel", channel)
        .query(Long.class)
        .single();
  }

  /** As a dead letter is replayed, once its cause is mended. */
  @Test
  void whatWasRefusedIsSentAgainOrRefusedAgain() {
    String channel = "t-" + UUID.randomUUID().toString().substring(0, 8);
    try (RedisClient client = RedisClient.create(TestStores.get().redis().url());
        var connection = client.connect()) {
      connection.sync().set("events:" + channel, "no stream");
      UUID id = UUID.randomUUID();
      append(channel, id);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  jdbc.sql("SELECT count(*) FROM hub.dead_letter WHERE message_id = :id")
                          .param("id", id.toString())
                          .query(Long.class)
                          .single()
                      == 1);
      Map<String, Object> letter =
          jdbc.sql("SELECT port, body FROM hub.dead_letter WHERE message_id = :id")
              .param("id", id.toString())
              .query()
              .singleRow();

      assertThat(replayed(letter, channel, id).getException())
          .isInstanceOf(PermanentException.class)
          .hasMessageContaining("WRONGTYPE");
      assertThat(replayed(letter, null, id).getException())
          .as("an edit took its headers away")
          .isInstanceOf(PermanentException.class)
          .hasMessageContaining("headers must hold channel");
      connection.sync().del("events:" + channel);
      assertThat(replayed(letter, channel, id).getException()).isNull();

      List<StreamMessage<String, String>> entries = read(connection.sync(), "events:" + channel);
      assertThat(entries).hasSize(1);
      assertThat(entries.get(0).getBody())
          .containsEntry("id", id.toString())
          .containsEntry("type", "test.told")
          .containsEntry("event", new String((byte[]) letter.get("body"), UTF_8));
    }
  }

  private Exchange replayed(Map<String, Object> letter, String channel, UUID id) {
    return template.send(
        "direct:" + letter.get("port"),
        exchange -> {
          exchange.setProperty(ErrorPolicy.REPORTED, true);
          exchange
              .getMessage()
              .setHeaders(new HashMap<>(Map.of("id", id.toString(), "type", "test.told")));
          if (channel != null) {
            exchange.getMessage().setHeader("channel", channel);
          }
          exchange.getMessage().setBody(letter.get("body"));
        });
  }

  /** Told to who makes deliveries of them: each new one, once, and in order. */
  @Test
  void aBatchIsWrittenInItsOrderAndToldOncePerId() {
    String channel = "t-" + UUID.randomUUID().toString().substring(0, 8);
    List<HubEvent> told = new ArrayList<>();
    List<String> channels = new ArrayList<>();
    Outbox mine =
        new Outbox(
            jdbc,
            json,
            hub,
            Clock.systemUTC(),
            List.of(
                (to, event) -> {
                  channels.add(to);
                  told.add(event);
                }),
            new RelaySignal());
    List<Outbox.Draft> drafts = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      drafts.add(
          new Outbox.Draft(UUID.randomUUID(), channel, "k" + i % 7, "test.told", Map.of("n", i)));
    }
    UUID first = drafts.get(0).id();
    drafts.add(5, new Outbox.Draft(first, channel, "k0", "test.told", Map.of("n", -1)));
    for (int i = 0; i < 2; i++) {
      new TransactionTemplate(transactions).executeWithoutResult(status -> mine.appendAll(drafts));
    }
    new TransactionTemplate(transactions).executeWithoutResult(s -> mine.appendAll(List.of()));

    drafts.remove(5);
    List<UUID> ids = drafts.stream().map(Outbox.Draft::id).toList();
    assertThat(told).extracting(HubEvent::id).containsExactlyElementsOf(ids);
    assertThat(channels).containsOnly(channel);
    assertThat(
            jdbc.sql("SELECT id FROM hub.outbox WHERE channel = :channel ORDER BY seq")
                .param("channel", channel)
                .query(UUID.class)
                .list())
        .isEqualTo(ids);
    assertThat(
            jdbc.sql("SELECT envelope -> 'data' ->> 'n' FROM hub.outbox WHERE id = :id")
                .param("id", first)
                .query(String.class)
                .single())
        .isEqualTo("0");
  }

  @SuppressWarnings("unchecked") // one offset, as an array of a generic type
  private static List<StreamMessage<String, String>> read(
      RedisCommands<String, String> redis, String stream) {
    return redis.xread(StreamOffset.from(stream, "0"));
  }
}
