package routes.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.Covers;
import routes.HubTest;
import routes.devservices.TestStores;

/** What is appended in a hub reaches who reads its stream and who listens to its channel. */
@Covers("outbox.relay")
class RelayTest extends HubTest {

  @Autowired private Outbox outbox;
  @Autowired private PlatformTransactionManager transactions;
  @Autowired private ObjectMapper json;

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

  @SuppressWarnings("unchecked") // one offset, as an array of a generic type
  private static List<StreamMessage<String, String>> read(
      RedisCommands<String, String> redis, String stream) {
    return redis.xread(StreamOffset.from(stream, "0"));
  }
}
