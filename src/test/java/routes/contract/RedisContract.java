package routes.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.Consumer;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.models.stream.ClaimedMessages;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the hub relies on Redis for. Every key is a test's own, and goes within ten minutes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RedisContract {

  private static final long TEN_MINUTES = 600_000;

  private RedisClient client;
  private StatefulRedisConnection<String, String> connection;
  private RedisCommands<String, String> redis;

  /** With user and password. */
  protected abstract String url();

  /** Skips the test where the server does not run. */
  protected void assumeThere() {}

  @BeforeEach
  final void connect() {
    assumeThere();
    if (client == null) {
      client = RedisClient.create(url());
      connection = client.connect();
      redis = connection.sync();
    }
  }

  @AfterAll
  final void disconnect() {
    if (client != null) {
      connection.close();
      client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
    }
  }

  @Test
  void answersNobodyWithoutTheRightPassword() {
    RedisURI right = RedisURI.create(url());
    RedisURI nobody =
        RedisURI.builder().withHost(right.getHost()).withPort(right.getPort()).build();
    RedisURI wrong =
        RedisURI.builder()
            .withHost(right.getHost())
            .withPort(right.getPort())
            .withPassword("wrong".toCharArray())
            .build();
    for (RedisURI uri : List.of(nobody, wrong)) {
      // Where the server hangs up first, Lettuce says that and not what the server said.
      Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> refused(client, uri));
    }
  }

  private static void refused(RedisClient client, RedisURI uri) {
    assertThatThrownBy(
            () -> {
              try (StatefulRedisConnection<String, String> open = client.connect(uri)) {
                open.sync().set("contract:never", "1");
              }
            })
        .isInstanceOf(RedisException.class)
        .rootCause()
        .message()
        .matches("(NOAUTH|WRONGPASS) .*");
  }

  @Test
  void oneSetIfAbsentWinsAndItsKeyGoesByItself() {
    String key = name("lease");
    assertThat(redis.set(key, "a", SetArgs.Builder.nx().px(TEN_MINUTES))).isEqualTo("OK");
    assertThat(redis.set(key, "b", SetArgs.Builder.nx().px(TEN_MINUTES))).isNull();
    assertThat(redis.get(key)).isEqualTo("a");
    assertThat(redis.pttl(key)).isBetween(1L, TEN_MINUTES);

    redis.pexpire(key, 1);

    Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> redis.get(key) == null);
    assertThat(redis.pttl(key)).isEqualTo(-2);
    assertThat(redis.set(key, "b", SetArgs.Builder.nx().px(TEN_MINUTES))).isEqualTo("OK");
  }

  @Test
  void aLeaseIsGivenBackByItsHolderOnly() {
    String key = name("held");
    redis.set(key, "holder", SetArgs.Builder.nx().px(TEN_MINUTES));
    String release =
        "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end"
            + " return 0";
    assertThat(this.<Long>eval(release, key, "another")).isZero();
    assertThat(redis.get(key)).isEqualTo("holder");
    assertThat(this.<Long>eval(release, key, "holder")).isEqualTo(1);
  }

  @Test
  void aStreamKeepsOrderAndFieldsAndIsTrimmed() {
    String stream = name("stream");
    List<String> ids =
        IntStream.range(0, 5).mapToObj(n -> redis.xadd(stream, Map.of("n", "" + n))).toList();
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(redis.xrange(stream, Range.unbounded()))
        .extracting(message -> message.getBody().get("n"))
        .containsExactly("0", "1", "2", "3", "4");

    redis.xadd(stream, XAddArgs.Builder.maxlen(3), Map.of("n", "模型 \r\n"));

    assertThat(redis.xrange(stream, Range.unbounded()))
        .extracting(message -> message.getBody().get("n"))
        .containsExactly("3", "4", "模型 \r\n");
    expires(stream);
  }

  @Test
  void aGroupHandsEachMessageToOneConsumerUntilItIsAcknowledged() {
    String stream = name("group");
    redis.xgroupCreate(StreamOffset.from(stream, "0"), "hub", XGroupCreateArgs.Builder.mkstream());
    assertThatThrownBy(() -> redis.xgroupCreate(StreamOffset.from(stream, "0"), "hub"))
        .isInstanceOf(RedisCommandExecutionException.class)
        .hasMessageStartingWith("BUSYGROUP");
    redis.xadd(stream, Map.of("n", "1"));
    redis.xadd(stream, Map.of("n", "2"));

    List<StreamMessage<String, String>> a = read(stream, "a", 1);
    List<StreamMessage<String, String>> b = read(stream, "b", 10);
    assertThat(a).extracting(message -> message.getBody().get("n")).containsExactly("1");
    assertThat(b).extracting(message -> message.getBody().get("n")).containsExactly("2");
    assertThat(read(stream, "a", 10)).isEmpty();
    assertThat(redis.xpending(stream, "hub").getCount()).isEqualTo(2);

    assertThat(redis.xack(stream, "hub", b.get(0).getId())).isEqualTo(1);
    assertThat(redis.xack(stream, "hub", b.get(0).getId())).as("a repeat").isZero();
    ClaimedMessages<String, String> claimed =
        redis.xautoclaim(
            stream,
            new XAutoClaimArgs<String>()
                .consumer(Consumer.from("hub", "b"))
                .minIdleTime(Duration.ZERO)
                .startId("0-0"));
    assertThat(claimed.getMessages())
        .as("what a took and never finished")
        .extracting(StreamMessage::getId)
        .containsExactly(a.get(0).getId());
    assertThat(redis.xack(stream, "hub", a.get(0).getId())).isEqualTo(1);
    assertThat(redis.xpending(stream, "hub").getCount()).isZero();
    expires(stream);
  }

  @Test
  void aGroupThatIsNotThereIsSaidSo() {
    String stream = name("nogroup");
    assertThatThrownBy(() -> read(stream, "a", 1))
        .isInstanceOf(RedisCommandExecutionException.class)
        .hasMessageStartingWith("NOGROUP");
  }

  @Test
  void whoListensHearsWhatIsPublishedFromThenOn() throws InterruptedException {
    String channel = name("channel");
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    assertThat(redis.publish(channel, "too early")).isZero();
    try (StatefulRedisPubSubConnection<String, String> listening = client.connectPubSub()) {
      listening.addListener(
          new RedisPubSubAdapter<>() {
            @Override
            public void message(String from, String message) {
              heard.add(from + " " + message);
            }
          });
      listening.sync().subscribe(channel);
      assertThat(redis.publish(channel, "{\"n\": \"模型\"}")).isEqualTo(1);
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(channel + " {\"n\": \"模型\"}");
    }
    assertThat(heard).isEmpty();
  }

  @Test
  void aScanFindsEveryKeyOfAPatternAndUnlinkRemovesThem() {
    String prefix = name("scan");
    Set<String> made = new HashSet<>();
    for (int n = 0; n < 300; n++) {
      made.add(prefix + ":" + n);
      redis.set(prefix + ":" + n, "x", SetArgs.Builder.px(TEN_MINUTES));
    }
    ScanArgs args = ScanArgs.Builder.matches(prefix + ":*").limit(100);
    List<String> found = new ArrayList<>();
    KeyScanCursor<String> at = redis.scan(args);
    found.addAll(at.getKeys());
    while (!at.isFinished()) {
      at = redis.scan(at, args);
      found.addAll(at.getKeys());
    }
    // A key may come twice; none that was there all the time is left out.
    assertThat(new HashSet<>(found)).isEqualTo(made);
    assertThat(redis.unlink(made.toArray(String[]::new))).isEqualTo(300);
    assertThat(redis.exists(made.toArray(String[]::new))).isZero();
  }

  @Test
  void tellsItsVersionMemoryAndPolicy() {
    String memory = redis.info("memory");
    assertThat(memory)
        .containsPattern("used_memory:[1-9][0-9]*")
        .containsPattern("maxmemory:[0-9]+")
        .contains("maxmemory_policy:volatile-ttl");
    assertThat(redis.info("server")).containsPattern("redis_version:[67]\\.");
    assertThat(redis.info("persistence")).contains("aof_enabled:1");
  }

  private <T> T eval(String script, String key, String value) {
    return redis.eval(script, ScriptOutputType.INTEGER, new String[] {key}, value);
  }

  @SuppressWarnings("unchecked") // the client's own varargs
  private List<StreamMessage<String, String>> read(String stream, String consumer, int most) {
    return redis.xreadgroup(
        Consumer.from("hub", consumer),
        XReadArgs.Builder.count(most),
        StreamOffset.lastConsumed(stream));
  }

  private void expires(String key) {
    redis.pexpire(key, TEN_MINUTES);
  }

  private static String name(String hint) {
    return "contract:"
        + hint
        + ":"
        + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
  }
}
