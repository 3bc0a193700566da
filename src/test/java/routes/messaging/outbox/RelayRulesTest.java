package routes.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;
import routes.devservices.RedisServer;
import routes.kernel.HubProperties;
import routes.messaging.outbox.Relay.Outcome;
import routes.messaging.outbox.RelayLanes.Batch;
import routes.messaging.outbox.RelayLanes.Lane;
import routes.stores.redis.StreamWriter;

/**
 * What relays promise whatever befalls them: each event is relayed, a key's events in their order,
 * by one relay. On a real Redis of their own, which is killed.
 */
class RelayRulesTest {

  private static final List<String> KEYS = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i");

  @TempDir static Path folder;
  private static RedisServer redis;
  private static RelayScene scene;
  private static RedisClient client;

  private final List<RelayPump> pumps = new ArrayList<>();
  private StatefulRedisConnection<String, String> reader;
  private String channel;

  @BeforeAll
  static void open() {
    redis = RedisServer.ofItsOwn(folder.resolve("redis"));
    scene = new RelayScene(redis.url());
    client = RedisClient.create(redis.url());
  }

  @AfterAll
  static void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    scene.close();
    redis.close();
  }

  @BeforeEach
  void connect() {
    redis.start();
    reader = client.connect();
    reader.sync().flushall();
    channel = "t-" + UUID.randomUUID().toString().substring(0, 8);
    scene.jdbc().sql("DELETE FROM hub.outbox").update();
    scene.jdbc().sql("DELETE FROM hub.dead_letter").update();
    scene
        .jdbc()
        .sql("UPDATE hub.relay_lane SET owner = NULL, redis_run = NULL, redis_seen = NULL")
        .update();
  }

  @AfterEach
  void stop() {
    pumps.forEach(RelayPump::stop);
    reader.close();
  }

  private RelayPump started(RelayPump pump) {
    pumps.add(pump);
    pump.start();
    return pump;
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(10));
  }

  private List<StreamMessage<String, String>> entries() {
    return reader.sync().xrange("events:" + channel, Range.unbounded());
  }

  /** A key and a number each, as a reader sees them that drops ids it knows. */
  private List<String> received() throws Exception {
    Set<String> known = new HashSet<>();
    List<String> received = new ArrayList<>();
    for (StreamMessage<String, String> entry : entries()) {
      if (known.add(entry.getBody().get("id"))) {
        var event = new ObjectMapper().readTree(entry.getBody().get("event"));
        received.add(event.get("key").asText() + event.get("n").asInt());
      }
    }
    return received;
  }

  /** Nothing is lost, and each key's numbers come in their order. */
  private void assertAllInOrder(List<String> keys, int each) throws Exception {
    List<String> received = received();
    assertThat(received).hasSize(keys.size() * each);
    Map<String, Integer> last = new HashMap<>();
    for (String one : received) {
      int n = Integer.parseInt(one.substring(1));
      assertThat(n).as("order of " + one).isEqualTo(last.getOrDefault(one.substring(0, 1), 0) + 1);
      last.put(one.substring(0, 1), n);
    }
  }

  private Map<String, Object> owners() {
    Map<String, Object> owners = new HashMap<>();
    scene
        .jdbc()
        .sql("SELECT lane::text AS lane, owner FROM hub.relay_lane WHERE owner IS NOT NULL")
        .query()
        .listOfRows()
        .forEach(row -> owners.put((String) row.get("lane"), row.get("owner")));
    return owners;
  }

  @Test
  void twoHubsShareTheLanesAndRelayEachEventOnce() throws Exception {
    scene.append(channel, KEYS, 1, 200);
    started(scene.pump("one"));
    started(scene.pump("two"));
    scene.append(channel, KEYS, 201, 200);

    soon().until(() -> scene.waiting() == 0);
    assertThat(entries()).hasSize(KEYS.size() * 400);
    assertAllInOrder(KEYS, 400);
    soon().until(() -> owners().size() == 8);
    assertThat(owners().values())
        .extracting(owner -> owner.toString().substring(0, 3))
        .contains("one", "two");
  }

  /** Also when it fails for so long that all lanes are given back before the last was claimed. */
  @Test
  void aLaneThatFailsHoldsUpNoOther() {
    List<String> keys = IntStream.range(0, 60).mapToObj(n -> "k" + n).toList();
    scene.append(channel, keys, 1, 4);
    Map<Integer, Long> waiting = waitingByLane();
    assertThat(waiting).as("each lane has events").hasSize(8);
    int bad = waiting.keySet().iterator().next();
    started(
        scene.pump(
            "one",
            (relay, batch) -> {
              if (batch.lane().number() == bad) {
                throw new AssertionError("as an error that Camel lets through");
              }
              return relay.settle(relay.write(batch));
            },
            new RelaySignal(),
            new EventProperties(
                "events:",
                Duration.ofDays(7),
                Duration.ofHours(24),
                Duration.ofSeconds(5),
                Duration.ofMillis(20),
                Duration.ofMillis(300))));

    soon().untilAsserted(() -> assertThat(waitingByLane()).containsOnlyKeys(bad));
    assertThat(waitingByLane()).containsEntry(bad, waiting.get(bad));
  }

  private Map<Integer, Long> waitingByLane() {
    Map<Integer, Long> waiting = new TreeMap<>();
    scene
        .jdbc()
        .sql(
            "SELECT lane, count(*) AS n FROM hub.outbox WHERE relayed_at IS NULL"
                + " GROUP BY lane ORDER BY lane")
        .query(
            row -> {
              waiting.put(row.getInt("lane"), row.getLong("n"));
            });
    return waiting;
  }

  @Test
  void aHubThatIsCutOffFromRedisLeavesItsLanesToAnother() throws Exception {
    AtomicBoolean cut = new AtomicBoolean();
    StreamWriter writer = scene.writer();
    Relay relay = scene.relay(writer);
    started(
        new RelayPump(
            "cut",
            scene.lanes(),
            () -> {
              if (cut.get()) {
                throw new IllegalStateException("no way to Redis");
              }
              return writer.life();
            },
            batch -> relay.settle(relay.write(batch)),
            new RelaySignal(),
            scene.properties(),
            scene.meters()));
    soon().until(() -> owners().size() == 8);
    cut.set(true);
    scene.append(channel, KEYS, 1, 5);
    started(scene.pump("well"));

    soon().until(() -> scene.waiting() == 0);
    assertAllInOrder(KEYS, 5);
    assertThat(owners().values())
        .allSatisfy(owner -> assertThat(owner.toString()).startsWith("well"));
    // It comes back when its way is there again: nothing is kept from it.
    cut.set(false);
    pumps.remove(1).stop();
    soon().until(() -> owners().values().stream().allMatch(o -> o.toString().startsWith("cut")));
  }

  @Test
  void aHubThatStopsGivesItsLanesBack() {
    RelayPump one = started(scene.pump("one"));
    soon().until(() -> owners().size() == 8);
    one.stop();
    assertThat(owners()).isEmpty();
  }

  /** It died after Redis had taken the events and before they were marked. */
  @Test
  void aDeathBetweenWritingAndMarkingGivesADuplicateAndNoLoss() throws Exception {
    scene.append(channel, List.of("a"), 1, 3);
    Lane lane = laneOf("a");
    Relay dead = scene.relay(scene.writer());
    String life = scene.writer().life();
    dead.write(scene.lanes().next(lane, life, 2, 1 << 20));
    assertThat(entries()).hasSize(2);

    scene.jdbc().sql("UPDATE hub.relay_lane SET lease_until = now() - interval '1 s'").update();
    started(scene.pump("heir"));

    soon().until(() -> scene.waiting() == 0);
    assertThat(entries()).hasSize(5);
    assertAllInOrder(List.of("a"), 3);
  }

  /** The first to be written is not always the first to be committed. */
  @Test
  void whatIsCommittedLateIsNotPassedOver() throws Exception {
    started(scene.pump("one"));
    new TransactionTemplate(scene.transactions())
        .executeWithoutResult(
            status -> {
              scene.append(channel, List.of("a"), 1, 1);
              try {
                // By another connection, which commits at once.
                CompletableFuture.runAsync(() -> scene.append(channel, List.of("a"), 2, 3)).get();
              } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
              }
              soon().until(() -> entries().size() == 3);
            });

    soon().until(() -> entries().size() == 4);
    soon().until(() -> scene.waiting() == 0);
    assertThat(received()).containsExactly("a2", "a3", "a4", "a1");
  }

  /** Not when it was marked: Redis may have died since it answered. */
  @Test
  void redisWasLastSeenBeforeWhatWasSentToIt() {
    scene.append(channel, List.of("a"), 1, 1);
    Lane lane = laneOf("a");
    StreamWriter writer = scene.writer();
    Batch batch = scene.lanes().next(lane, writer.life(), 500, 1 << 20);
    Relay relay = scene.relay(writer);

    assertThat(relay.settle(relay.write(batch)).held()).isTrue();

    Map<String, Object> row =
        scene
            .jdbc()
            .sql(
                "SELECT l.redis_run, l.redis_seen = :readAt AS before, l.redis_seen < o.relayed_at AS earlier"
                    + " FROM hub.relay_lane l JOIN hub.outbox o USING (lane)")
            .param("readAt", batch.readAt())
            .query()
            .singleRow();
    assertThat(row)
        .containsEntry("redis_run", writer.life())
        .containsEntry("before", true)
        .containsEntry("earlier", true);
  }

  @Test
  void anotherLifeOfRedisIsWrittenNothing() {
    scene.append(channel, List.of("a"), 1, 1);
    Lane lane = laneOf("a");
    Relay relay = scene.relay(scene.writer());

    Outcome outcome = relay.settle(relay.write(scene.lanes().next(lane, "before", 500, 1 << 20)));

    assertThat(outcome.halt()).contains("started again");
    assertThat(entries()).isEmpty();
    assertThat(scene.waiting()).isEqualTo(1);
  }

  /** It would look by itself after ten minutes. */
  @Test
  void aCommitOnThisHubWakesItsRelay() throws Exception {
    EventProperties patient =
        new EventProperties(
            "events:",
            Duration.ofDays(7),
            Duration.ofHours(24),
            Duration.ofSeconds(5),
            Duration.ofMinutes(10),
            Duration.ofHours(1));
    RelaySignal signal = new RelaySignal();
    Outbox outbox =
        new Outbox(
            scene.jdbc(),
            new ObjectMapper().findAndRegisterModules(),
            new HubProperties("test", folder),
            Clock.systemUTC(),
            List.of(),
            signal);
    started(scene.pump("one", (relay, batch) -> relay.settle(relay.write(batch)), signal, patient));
    soon().until(() -> owners().size() == 8);
    for (int i = 1; i <= 3; i++) {
      int sent = i;
      new TransactionTemplate(scene.transactions())
          .executeWithoutResult(
              status ->
                  outbox.append(
                      new Outbox.Draft(UUID.randomUUID(), channel, "a", "test.told", Map.of())));
      soon().until(() -> entries().size() == sent);
    }
  }

  /** It answers nothing for longer than a relay waits, and then answers all of it. */
  @Test
  void aRedisThatHangsHoldsEventsUpAndKeepsTheirOrder() throws Exception {
    started(scene.pump("one"));
    soon().until(() -> owners().size() == 8);
    reader.async().clientPause(3_300);
    scene.append(channel, KEYS, 1, 20);

    soon().until(() -> scene.waiting() == 0);
    assertAllInOrder(KEYS, 20);
  }

  /** It slept while another took its lane over; then it wakes and marks. */
  @Test
  void aRelayThatLostItsLaneMarksNothing() throws Exception {
    CountDownLatch asleep = new CountDownLatch(1);
    CountDownLatch wakes = new CountDownLatch(1);
    AtomicBoolean marked = new AtomicBoolean(true);
    CountDownLatch done = new CountDownLatch(1);
    scene.append(channel, List.of("a"), 1, 2);
    started(
        scene.pump(
            "sleeper",
            (relay, batch) -> {
              asleep.countDown();
              wakes.await(15, TimeUnit.SECONDS);
              Outcome outcome = relay.settle(relay.write(batch));
              marked.set(outcome.held());
              done.countDown();
              return outcome;
            }));
    assertThat(asleep.await(15, TimeUnit.SECONDS)).isTrue();
    scene.jdbc().sql("UPDATE hub.relay_lane SET lease_until = now() - interval '1 s'").update();
    started(scene.pump("heir"));
    soon().until(() -> scene.waiting() == 0);
    scene.append(channel, List.of("a"), 3, 1);
    soon().until(() -> scene.waiting() == 0);

    wakes.countDown();
    assertThat(done.await(15, TimeUnit.SECONDS)).isTrue();

    assertThat(marked).isFalse();
    assertThat(entries()).as("it wrote once more what readers know").hasSize(5);
    assertAllInOrder(List.of("a"), 3);
  }

  @Test
  void whileRedisIsDownEventsWaitAndThenGoOutInOrder() throws Exception {
    started(scene.pump("one"));
    scene.append(channel, KEYS, 1, 20);
    soon().until(() -> scene.waiting() == 0);
    redis.stop();
    scene.append(channel, KEYS, 21, 20);
    soon()
        .until(
            () ->
                scene
                    .jdbc()
                    .sql("SELECT now() > min(lease_until) - interval '900 ms' FROM hub.relay_lane")
                    .query(Boolean.class)
                    .single());
    assertThat(scene.waiting()).isEqualTo(KEYS.size() * 20L);

    redis.start();
    soon().until(() -> scene.waiting() == 0);
    soon().untilAsserted(() -> assertThat(entries()).hasSizeGreaterThanOrEqualTo(360));
    assertAllInOrder(KEYS, 40);
  }

  /** As after a kill whose last second was not synced: the same file, shorter. */
  @Test
  void whatRedisLostInItsLastSecondIsRelayedAgainBeforeAnythingNew() throws Exception {
    RelayPump pump = started(scene.pump("one"));
    scene.append(channel, KEYS, 1, 10);
    soon().until(() -> scene.waiting() == 0);
    assertThat(entries()).hasSize(90);
    pump.stop();
    redis.kill();
    RedisFiles.cut(folder, 5_000);
    redis.start();
    soon().ignoreExceptions().until(() -> entries().size() < 90);
    scene.append(channel, KEYS, 11, 10);

    started(scene.pump("one"));
    soon().until(() -> scene.waiting() == 0);
    assertAllInOrder(KEYS, 20);
    assertThat(scene.meters().get("hub.outbox.again").counter().count()).isPositive();
  }

  @Test
  void whatWasRelayedLongBeforeTheRestartIsNotRelayedAgain() throws Exception {
    RelayPump pump = started(scene.pump("one"));
    scene.append(channel, List.of("a"), 1, 3);
    soon().until(() -> scene.waiting() == 0);
    pump.stop();
    scene
        .jdbc()
        .sql(
            "UPDATE hub.outbox SET relayed_at = relayed_at - interval '1 min' WHERE envelope ->> 'n' < '3'")
        .update();
    redis.stop();
    redis.start();
    started(scene.pump("one"));
    soon().until(() -> entries().size() == 4);
    scene.append(channel, List.of("a"), 4, 1);
    soon().until(() -> scene.waiting() == 0);
    assertThat(entries()).hasSize(5);
    assertAllInOrder(List.of("a"), 4);
  }

  @Test
  void whatRedisRefusesForGoodIsADeadLetterOnceAndHoldsUpNobody() throws Exception {
    String broken = channel + "-x";
    reader.sync().set("events:" + broken, "no stream");
    List<UUID> refused = scene.append(broken, List.of("a"), 1, 2);
    scene.append(channel, KEYS, 1, 5);
    started(scene.pump("one"));

    soon().until(() -> scene.waiting() == 0);
    assertAllInOrder(KEYS, 5);
    List<Map<String, Object>> letters =
        scene
            .jdbc()
            .sql(
                "SELECT message_id, port, headers ->> 'channel' AS channel, failures,"
                    + " error ->> 'detail' AS detail, convert_from(body, 'UTF8') AS body"
                    + " FROM hub.dead_letter ORDER BY body")
            .query()
            .listOfRows();
    assertThat(letters).hasSize(2);
    for (int i = 0; i < 2; i++) {
      assertThat(letters.get(i))
          .containsEntry("message_id", refused.get(i).toString())
          .containsEntry("port", "outbox.republish")
          .containsEntry("channel", broken)
          .containsEntry("failures", 1)
          .containsEntry("body", "{\"n\": " + (i + 1) + ", \"key\": \"a\"}");
      assertThat((String) letters.get(i).get("detail")).contains("WRONGTYPE");
    }
    assertThat(scene.meters().get("hub.outbox.refused").counter().count()).isEqualTo(2);
  }

  @Test
  void withoutMemoryEventsWaitAndNothingOvertakes() throws Exception {
    started(scene.pump("one"));
    soon().until(() -> owners().size() == 8);
    reader.sync().configSet("maxmemory", "1");
    scene.append(channel, KEYS, 1, 100);
    soon().until(() -> refusals() > 2);
    assertThat(scene.waiting()).isEqualTo(900);
    assertThat(scene.jdbc().sql("SELECT count(*) FROM hub.dead_letter").query(Long.class).single())
        .isZero();

    reader.sync().configSet("maxmemory", "0");
    soon().until(() -> scene.waiting() == 0);
    assertThat(entries()).hasSize(900);
    assertAllInOrder(KEYS, 100);
  }

  private long refusals() {
    return reader
        .sync()
        .info("errorstats")
        .lines()
        .filter(line -> line.startsWith("errorstat_OOM"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  /** As docs/formats/events.md lists it. */
  @Test
  void theHubsUserNeedsFewCommands() {
    reader
        .sync()
        .dispatch(
            CommandType.ACL,
            new StatusOutput<>(StringCodec.UTF8),
            new CommandArgs<>(StringCodec.UTF8)
                .add("SETUSER")
                .add("relay")
                .add("reset")
                .add("on")
                .add(">pass")
                .add("~events:*")
                .add("resetchannels")
                .add("&events:*")
                .addValues(
                    "+info", "+xadd", "+publish", "+multi", "+exec", "+ping", "+hello", "+client"));
    String url = redis.url().replaceFirst("//:[^@]*@", "//relay:pass@");
    List<StreamWriter.Entry> one =
        List.of(new StreamWriter.Entry("events:" + channel, "id", "test.told", "{}"));

    StreamWriter.Written written = scene.writeTo(url, one);

    assertThat(written.halt()).isNull();
    assertThat(written.refused()).isEmpty();
    assertThat(entries()).hasSize(1);
    // A right that is missing may be given: nothing is thrown away for it.
    assertThat(
            scene.writeTo(url, List.of(new StreamWriter.Entry("other:x", "id", "t", "{}"))).halt())
        .startsWith("NOPERM");
  }

  /** Said when a relay first meets that server, and again when it has started anew. */
  @Test
  void aRedisThatKeepsNoFileIsWarnedOf() {
    Logger logger = (Logger) LoggerFactory.getLogger(StreamWriter.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      scene.writer().life();
      assertThat(log.list).isEmpty();
      reader.sync().configSet("appendonly", "no");
      StreamWriter writer = scene.writer();
      writer.life();
      writer.life();
      assertThat(log.list).hasSize(1);
      assertThat(log.list.get(0).getFormattedMessage()).contains("no append-only file");
    } finally {
      logger.detachAppender(log);
      reader.sync().configSet("appendonly", "yes");
    }
  }

  @Test
  void aBatchIsAsLargeAsMemoryAllowsAndOneEventIsAlwaysInIt() {
    scene
        .jdbc()
        .sql(
            """
            INSERT INTO hub.outbox (id, channel, key, type, envelope)
            SELECT gen_random_uuid(), :channel, 'a', 'test.event',
                   jsonb_build_object('n', n, 'text', (SELECT string_agg(md5(random()::text), '')
                                                       FROM generate_series(1, 100 + n)))
            FROM generate_series(1, 10) n""")
        .param("channel", channel)
        .update();
    Lane lane = laneOf("a");
    assertThat(scene.lanes().next(lane, "", 500, 1).events()).hasSize(1);
    assertThat(scene.lanes().next(lane, "", 500, 8_000).events()).hasSize(3);
    assertThat(scene.lanes().next(lane, "", 4, 1 << 20).events()).hasSize(4);
  }

  @Test
  void oldEntriesLeaveTheStreamAndOldRowsTheOutbox() throws Exception {
    // A stream is trimmed by whole nodes of a hundred entries.
    for (int i = 1; i <= 300; i++) {
      reader
          .sync()
          .xadd(
              "events:" + channel,
              new io.lettuce.core.XAddArgs().id(i + "-1"),
              Map.of("id", "old" + i, "type", "t", "event", "{}"));
    }
    scene.append(channel, List.of("a"), 1, 3);
    scene
        .jdbc()
        .sql(
            "UPDATE hub.outbox SET relayed_at = now() - interval '25 h' WHERE envelope ->> 'n' = '1'")
        .update();
    started(scene.pump("one"));

    soon().until(() -> scene.waiting() == 0);
    assertThat(entries().size()).isLessThan(200);
    soon()
        .until(
            () ->
                scene.jdbc().sql("SELECT count(*) FROM hub.outbox").query(Long.class).single()
                    == 2);
  }

  /** The lane of a key, taken. */
  private Lane laneOf(String key) {
    int lane =
        scene
            .jdbc()
            .sql("SELECT lane FROM hub.outbox WHERE channel = :channel AND key = :key LIMIT 1")
            .param("channel", channel)
            .param("key", key)
            .query(Integer.class)
            .single();
    return scene.lanes().claim(lane, "test").orElseThrow();
  }
}
