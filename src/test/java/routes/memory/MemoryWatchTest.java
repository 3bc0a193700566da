package routes.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import routes.HubTest;
import routes.devservices.TestStores;

/** The watch over a real Redis: what it weighs, and what it tells when it gets tight. */
class MemoryWatchTest extends HubTest {

  private static final String SESSION = "session:a-secret-that-nobody-may-see";

  @Autowired private MemoryWatch watch;
  @Autowired private MeterRegistry meters;
  @Autowired private ObjectMapper json;

  private RedisClient client;
  private StatefulRedisConnection<String, String> connection;
  private RedisCommands<String, String> redis;

  @BeforeEach
  void connect() {
    client = RedisClient.create(TestStores.get().redis().url());
    connection = client.connect();
    redis = connection.sync();
    watch.refresh();
    jdbc.sql("DELETE FROM hub.outbox WHERE channel = 'redis'").update();
  }

  @AfterEach
  void leave() {
    redis.configSet("maxmemory", "0");
    redis.configSet("maxmemory-policy", "noeviction");
    redis.configSet("slowlog-log-slower-than", "10000");
    redis.del(SESSION, "weighed:big", "weighed:small");
    watch.refresh();
    connection.close();
    client.shutdown();
  }

  @Test
  void keysAreWeighedByPrefixAndTheBiggestAreNamedWithoutTheirSecrets() {
    redis.setex("weighed:small", 600, "x");
    redis.set("weighed:big", "x".repeat(3_000_000));
    redis.set(SESSION, "y".repeat(2_000_000));

    // A look goes on where the one before stopped: a few see all keys of the tests.
    for (int look = 0; look < 20; look++) {
      watch.refresh();
    }
    JsonNode view = as("viewer").get("/api/redis/memory").json();

    assertThat(view.path("usedBytes").asLong()).isGreaterThan(5_000_000);
    assertThat(view.path("limited").asBoolean()).isFalse();
    JsonNode weighed = biggest(view, "weighed:#[0-9a-f]{8}");
    assertThat(weighed.path("bytes").asLong()).isGreaterThan(3_000_000);
    assertThat(weighed.path("expires").asBoolean()).isFalse();
    assertThat(biggest(view, "session:#[0-9a-f]{8}").path("bytes").asLong())
        .isGreaterThan(2_000_000);
    assertThat(view.path("prefixes").findValuesAsText("prefix")).contains("weighed", "session");
    assertThat(view.toString()).doesNotContain("a-secret-that");
    // Others write at the same time, and the clockwork looks, too: sooner or later all agree.
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              watch.refresh();
              assertThat(watch.view().keys()).isEqualTo(redis.dbsize());
              KeySizeEstimate.Prefix shown = shown("weighed");
              assertThat(gauge("hub.redis.keys.size", "weighed")).isEqualTo(shown.bytes());
              assertThat(gauge("hub.redis.keys", "weighed")).isEqualTo(shown.keys());
              assertThat(gauge("hub.redis.keys.forever", "weighed")).isEqualTo(shown.forever());
              assertThat(shown.bytes()).isGreaterThan(2_000_000);
              assertThat(shown.forever()).isPositive().isLessThan(shown.keys());
            });

    redis.del("weighed:big");
    watch.refresh();
    JsonNode after = as("viewer").get("/api/redis/memory").json();
    assertThat(after.path("biggest").findValuesAsText("key"))
        .doesNotContain(weighed.path("key").asText());
  }

  @Test
  void whenItGetsTightItIsToldOnceAndSoIsTheEnd() throws Exception {
    long used = watch.view().usedBytes();
    redis.configSet("maxmemory", Long.toString(used * 100 / 85));
    watch.refresh();
    watch.refresh();

    assertThat(events()).hasSize(1);
    JsonNode tight = json.readTree(events().get(0));
    assertThat(tight.path("type").asText()).isEqualTo("redis.memory.changed");
    assertThat(tight.path("severity").asText()).isEqualTo("warning");
    assertThat(tight.at("/data/level").asText()).isEqualTo("tight");
    assertThat(tight.at("/data/before").asText()).isEqualTo("calm");
    assertThat(tight.at("/data/share").asDouble()).isBetween(0.7, 0.95);

    redis.configSet("maxmemory", Long.toString(used * 2));
    watch.refresh();
    assertThat(events()).hasSize(2);
    assertThat(json.readTree(events().get(1)).at("/data/level").asText()).isEqualTo("calm");
  }

  @Test
  void keysThatGoBecauseItIsFullAreTold() throws Exception {
    redis.setex("weighed:big", 600, "x".repeat(4_000_000));
    redis.configSet("maxmemory-policy", "volatile-ttl");
    watch.refresh();
    redis.configSet("maxmemory", Long.toString(watch.view().usedBytes() - 1_000_000));
    redis.set("weighed:small", "x");
    watch.refresh();

    List<JsonNode> told = new ArrayList<>();
    for (String event : events()) {
      told.add(json.readTree(event));
    }
    assertThat(told)
        .filteredOn(event -> event.path("type").asText().equals("redis.evictions.changed"))
        .singleElement()
        .satisfies(event -> assertThat(event.at("/data/level").asText()).isEqualTo("going"));
    jdbc.sql("UPDATE hub.memory_level SET level = 'none' WHERE what = 'evictions'").update();
  }

  @Test
  void slowCommandsAreCountedByNameAndShownWithoutArguments() {
    double before = slow("DBSIZE");
    redis.configSet("slowlog-log-slower-than", "0");
    redis.dbsize();
    redis.set("weighed:small", "a-value-that-nobody-may-see");
    redis.configSet("slowlog-log-slower-than", "10000");
    watch.refresh();

    assertThat(slow("DBSIZE")).isGreaterThan(before);
    JsonNode view = as("viewer").get("/api/redis/memory").json();
    assertThat(view.path("slow").findValuesAsText("command")).contains("SET");
    assertThat(view.toString()).doesNotContain("nobody-may-see");
    double counted = slow("DBSIZE");
    watch.refresh();
    assertThat(slow("DBSIZE")).as("each once").isEqualTo(counted);
  }

  @Test
  void aUserWhoMayNotWeighIsToldSo() {
    redis.aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.MEMORY));
    try {
      redis.setex("weighed:small", 600, "x");
      watch.refresh();
      assertThat(watch.view().refused()).anyMatch(each -> each.contains("NOPERM"));
    } finally {
      redis.aclSetuser("default", AclSetuserArgs.Builder.addCommand(CommandType.MEMORY));
    }
  }

  private KeySizeEstimate.Prefix shown(String prefix) {
    return watch.view().prefixes().stream()
        .filter(each -> each.prefix().equals(prefix))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no prefix " + prefix));
  }

  private static JsonNode biggest(JsonNode view, String pattern) {
    for (JsonNode each : view.path("biggest")) {
      if (each.path("key").asText().matches(pattern)) {
        return each;
      }
    }
    throw new AssertionError("none is called " + pattern + ": " + view.path("biggest"));
  }

  private double gauge(String name, String prefix) {
    return meters.get(name).tag("prefix", prefix).gauge().value();
  }

  private double slow(String command) {
    var counter = meters.find("hub.redis.slow.commands").tag("command", command).counter();
    return counter == null ? 0 : counter.count();
  }

  private List<String> events() {
    return jdbc.sql("SELECT envelope::text FROM hub.outbox WHERE channel = 'redis' ORDER BY seq")
        .query(String.class)
        .list();
  }
}
