package routes.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Consumer;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.util.unit.DataSize;
import routes.Covers;
import routes.HubTest;
import routes.devservices.TestStores;
import routes.ingest.IngestProperties.Source;
import routes.stores.redis.RedisPumpConnections;

/** Messages of others, by a real Redis: good ones, bad ones, and what fails in between. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Covers("ingest.*")
class IngestTest extends HubTest {

  private static final String CHANNEL = "test:ingest-channel";
  private static final String STREAM = "test:ingest-stream";

  @Autowired private MeterRegistry meters;
  @Autowired private Ingest ingest;
  @Autowired private RedisPumpConnections pumps;

  private final List<StreamPump> own = new ArrayList<>();
  private StatefulRedisConnection<String, byte[]> redis;
  private String tag;
  private String stream;

  /** Tells when somebody reads it as Java. */
  static final class Canary implements Serializable {
    private static final long serialVersionUID = 1L;
    private static volatile boolean sang;

    private void readObject(ObjectInputStream in) {
      sang = true;
    }
  }

  @BeforeAll
  void connect() {
    redis = pumps.open(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE), PATIENCE);
  }

  @AfterAll
  void disconnect() {
    redis.close();
  }

  @BeforeEach
  void names() {
    tag = UUID.randomUUID().toString();
    stream = "test:" + tag;
  }

  @AfterEach
  void stop() {
    own.forEach(StreamPump::stop);
    own.clear();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String pattern(String id) {
    return "{\"kind\":\"attack-patterns\",\"rows\":[{\"pattern_id\":\"%s/%s\",\"name\":\"n\",\"category\":\"c\",\"severity\":\"low\"}]}"
        .formatted(tag, id);
  }

  private String send(String to, byte[] body) {
    return redis.sync().xadd(to, Map.of("event", body));
  }

  private void publish(byte[] body) {
    await()
        .atMost(PATIENCE)
        .until(() -> redis.sync().publish(CHANNEL, body), heardBy -> heardBy > 0);
  }

  private long patterns() {
    return jdbc.sql("SELECT count(*) FROM analytics.attack_patterns WHERE pattern_id LIKE :tag")
        .param("tag", tag + "/%")
        .query(Long.class)
        .single();
  }

  private void patternsAre(long count) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(patterns()).isEqualTo(count));
  }

  private long letters(byte[] body) {
    return jdbc.sql("SELECT count(*) FROM hub.dead_letter WHERE body = :body")
        .param("body", body)
        .query(Long.class)
        .single();
  }

  private String why(byte[] body) {
    return jdbc.sql("SELECT error ->> 'detail' FROM hub.dead_letter WHERE body = :body")
        .param("body", body)
        .query(String.class)
        .single();
  }

  private void owesNothing(String to) {
    await()
        .atMost(PATIENCE)
        .until(() -> redis.sync().xpending(to, "hub").getCount(), owed -> owed == 0);
  }

  private void pump(String consumer) {
    Source source =
        new Source(
            null,
            stream,
            "-",
            "redteam.ingest",
            "hub",
            "event",
            DataSize.ofMegabytes(1),
            3,
            Duration.ofMillis(300));
    StreamPump pump = new StreamPump("test-stream", source, consumer, ingest, pumps);
    own.add(pump);
    pump.start();
  }

  /** Somebody who takes all there is and dies over it. */
  @SuppressWarnings("unchecked") // an array of one, of a generic type
  private void deadConsumer() {
    redis
        .sync()
        .xgroupCreate(StreamOffset.from(stream, "0-0"), "hub", XGroupCreateArgs.Builder.mkstream());
    redis.sync().xreadgroup(Consumer.from("hub", "dead"), StreamOffset.lastConsumed(stream));
  }

  @Test
  void aMessageIsTakenOnceHoweverOftenItComes() {
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/test\",\"type\":\"t\",\"data\":%s}";
    send(STREAM, bytes(event.formatted(tag, pattern("1"))));
    patternsAre(1);
    jdbc.sql("DELETE FROM analytics.attack_patterns WHERE pattern_id = :id")
        .param("id", tag + "/1")
        .update();

    send(STREAM, bytes(event.formatted(tag, pattern("1"))));
    send(STREAM, bytes(pattern("2")));
    send(STREAM, bytes(pattern("2")));
    publish(bytes(pattern("3")));

    await().atMost(PATIENCE).until(() -> patterns() == 2);
    owesNothing(STREAM);
    assertThat(patterns()).as("the first was known").isEqualTo(2);
  }

  @Test
  void aHashInASourceDoesNotMakeTwoMessagesOne() {
    String event =
        "{\"specversion\":\"1.0\",\"source\":\"/%s%s\",\"id\":\"%s\",\"type\":\"t\",\"data\":%s}";
    send(STREAM, bytes(event.formatted(tag, "#1", "2", pattern("1"))));
    send(STREAM, bytes(event.formatted(tag, "", "1#2", pattern("2"))));
    send(STREAM, bytes(event.formatted(tag, "%231", "2", pattern("3"))));

    patternsAre(3);
    assertThat(
            jdbc.sql("SELECT message_id FROM hub.ingested WHERE message_id LIKE :tag")
                .param("tag", "/" + tag + "%")
                .query(String.class)
                .list())
        .containsExactlyInAnyOrder(
            "/" + tag + "%231#2", "/" + tag + "#1#2", "/" + tag + "%25231#2");
  }

  @Test
  void whatIsSentAgainUnderItsIdAndIsStillWrongIsKeptToo() {
    String event =
        "{\"specversion\":\"1.0\",\"source\":\"/wrong\",\"id\":\""
            + tag
            + "\",\"type\":\"t\",\"data\":%s}";
    byte[] first = bytes(event.formatted("1"));
    byte[] second = bytes(event.formatted("{\"a\":1e99999999999}"));
    byte[] third = bytes(event.formatted("{\"kind\":\"none\"}"));
    send(STREAM, first);
    send(STREAM, second);
    publish(third);
    send(STREAM, first);

    await().atMost(PATIENCE).until(() -> failures(first) == 2);
    await().atMost(PATIENCE).until(() -> failures(third) == 1);
    assertThat(failures(second)).isEqualTo(1);
    assertThat(why(bytes(event.formatted("{\"kind\":\"none\"}")))).contains("breaks");
  }

  private long failures(byte[] body) {
    return jdbc.sql("SELECT coalesce(sum(failures), 0) FROM hub.dead_letter WHERE body = :body")
        .param("body", body)
        .query(Long.class)
        .single();
  }

  @Test
  void aMessageOfWhichARowIsRefusedIsNoSuccess() {
    double refused = counted("refused");
    double taken = counted("taken");
    double route = failed("ingest.test-stream");
    String half =
        pattern("good")
            .replace("]}", ",{\"pattern_id\":\"" + tag + "/bad\",\"severity\":\"enormous\"}]}");

    send(STREAM, bytes(half));

    await().atMost(PATIENCE).until(() -> counted("refused") == refused + 1);
    assertThat(counted("taken")).isEqualTo(taken);
    assertThat(failed("ingest.test-stream")).isEqualTo(route + 1);
    patternsAre(1);
  }

  private double counted(String outcome) {
    return meters
        .get("hub.ingest.messages")
        .tags("source", "test-stream", "outcome", outcome)
        .counter()
        .count();
  }

  private double failed(String route) {
    return meters
        .get("hub.route.exchanges")
        .tags("route_id", route, "outcome", "failed")
        .counter()
        .count();
  }

  @Test
  void whatADeadConsumerLeftIsTakenOverOnce() {
    for (int i = 0; i < 20; i++) {
      send(stream, bytes(pattern("" + i)));
    }
    deadConsumer();
    pump("a");

    patternsAre(20);
    owesNothing(stream);
  }

  @Test
  void twoReplicasShareAStream() {
    pump("a");
    pump("b");
    for (int i = 0; i < 200; i++) {
      send(stream, bytes(pattern("" + i)));
    }

    patternsAre(200);
    owesNothing(stream);
    assertThat(
            jdbc.sql(
                    "SELECT count(*) FROM hub.ingested WHERE source = 'test-stream' AND message_id = :id")
                .param("id", MessageValidation.sha256(bytes(pattern("7"))))
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  @Test
  void aMessageOverWhichConsumersDieIsGivenToNoFurtherOne() {
    byte[] poison = bytes(pattern("poison"));
    String id = send(stream, poison);
    send(stream, bytes(pattern("good")));
    deadConsumer();
    redis
        .sync()
        .xclaim(
            stream,
            Consumer.from("hub", "dead"),
            new XClaimArgs().minIdleTime(0).retryCount(9),
            id);
    pump("a");

    patternsAre(1);
    owesNothing(stream);
    assertThat(why(poison)).contains("delivered").contains("no consumer");
  }

  @Test
  void whatFailsForGoodDoesNotHoldUpTheRest() {
    byte[] unlucky = bytes(pattern("unlucky"));
    jdbc.sql("ALTER TABLE analytics.attack_patterns RENAME TO attack_patterns_away").update();
    try {
      send(STREAM, unlucky);
      await().atMost(PATIENCE).until(() -> letters(unlucky) == 1);
    } finally {
      jdbc.sql("ALTER TABLE analytics.attack_patterns_away RENAME TO attack_patterns").update();
    }
    send(STREAM, bytes(pattern("lucky")));

    patternsAre(1);
    owesNothing(STREAM);
    assertThat(
            jdbc.sql("SELECT count(*) FROM hub.ingested WHERE message_id = :id")
                .param("id", MessageValidation.sha256(unlucky))
                .query(Long.class)
                .single())
        .as("a replay is not taken for a repeat")
        .isZero();
  }

  @Test
  void whateverIsSentHasNoEffectButADeadLetter() throws Exception {
    List<byte[]> corpus = new ArrayList<>();
    HashMap<Object, Object> urls = new HashMap<>();
    urls.put(new URL("http://" + tag + ".invalid/"), "x");
    corpus.add(serialized(urls));
    PriorityQueue<String> queue = new PriorityQueue<>(List.of("b", "a", tag));
    corpus.add(serialized(queue));
    corpus.add(serialized(new ArrayList<Serializable>(List.of(new Canary(), tag))));
    corpus.add(new byte[] {(byte) 0xac, (byte) 0xed, 0, 5, 0x73, 0x72, 0});
    corpus.add(bytes("rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA== " + tag));
    corpus.add(
        bytes("{\"@class\":\"java.util.HashMap\",\"kind\":\"results\",\"x\":\"" + tag + "\"}"));
    corpus.add(bytes("[\"javax.naming.InitialContext\",{\"x\":\"" + tag + "\"}]"));
    corpus.add(
        bytes(
            "{\"CamelSqlQuery\":\"DROP TABLE hub.outbox\",\"cAmElBeanMethodName\":\""
                + tag
                + "\"}"));
    corpus.add(bytes("{\"kind\":\"${bean:x?method=y}\",\"rows\":[{\"a\":\"" + tag + "\"}]}"));
    corpus.add(bytes("{\"kind\":\"results\",\"kind\":\"" + tag + "\"}"));
    corpus.add(bytes("[".repeat(10_000) + tag));
    corpus.add(bytes("{\"kind\":\"" + tag + "\",\"rows\":[" + "1".repeat(2_000) + "]}"));
    corpus.add(bytes("\0\1\2" + tag));
    corpus.add(bytes("x".repeat(1_100_000) + tag));
    for (byte[] message : corpus) {
      send(STREAM, message);
      publish(message);
    }
    redis.sync().xadd(STREAM, Map.of("other", bytes(tag)));
    send(STREAM, bytes(pattern("stream")));
    publish(bytes(pattern("channel")));

    patternsAre(2);
    owesNothing(STREAM);
    assertThat(corpus).allSatisfy(message -> assertThat(letters(message)).isEqualTo(1));
    assertThat(Canary.sang).isFalse();
    assertThat(why(corpus.get(7))).contains("breaks").doesNotContain("DROP");
    assertThat(why(corpus.get(13))).contains("at most 1048576 bytes");
    assertThat(why(bytes("no field event among: other"))).contains("is not JSON");
  }

  @Test
  void whatNoStoreHoldsIsADeadLetterThatNamesThePlaceAndTheNextIsTaken() {
    List<byte[]> unfit =
        List.of(
            bytes(pattern("\\ud800")),
            bytes(pattern("\\ud801")),
            bytes(pattern("x").replace("\"n\"", "1e131071")),
            bytes(pattern("x").replace("\"n\"", "1e-131071")),
            pattern("\u00e4").getBytes(StandardCharsets.ISO_8859_1),
            pattern("utf-16").getBytes(StandardCharsets.UTF_16));
    for (byte[] message : unfit) {
      send(STREAM, message);
      publish(message);
    }
    send(STREAM, bytes(pattern("stream")));
    publish(bytes(pattern("channel")));

    patternsAre(2);
    owesNothing(STREAM);
    assertThat(unfit).allSatisfy(message -> assertThat(letters(message)).isEqualTo(1));
    assertThat(why(unfit.get(0))).contains("rows[0].pattern_id", "surrogate");
    assertThat(why(unfit.get(2))).contains("rows[0].name", "1.8e308");
    assertThat(why(unfit.get(4))).contains("UTF-8");
  }

  private static byte[] serialized(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  @Test
  void redisGoesAndComesBack() {
    send(STREAM, bytes(pattern("before")));
    patternsAre(1);
    TestStores.get().redis().kill();
    TestStores.get().redis().start();
    connect();

    send(STREAM, bytes(pattern("after")));
    publish(bytes(pattern("heard")));

    patternsAre(3);
    redis.sync().del(STREAM);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              send(STREAM, bytes(pattern("anew")));
              assertThat(patterns()).isEqualTo(4);
            });
  }
}
