package routes.ingest;

import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.models.stream.PendingMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.ingest.IngestProperties.Source;
import routes.kernel.WorkLoop;
import routes.kernel.errors.PermanentException;
import routes.stores.redis.RedisPumpConnections;

/**
 * Takes the messages of a stream, as one consumer of its group: at least once each, and {@link
 * Ingest} makes once of it. A message is acknowledged when what was made of it is committed; what a
 * consumer left is claimed by the next.
 */
final class StreamPump implements Backlog {

  private static final Logger LOG = LoggerFactory.getLogger(StreamPump.class);
  private static final int BATCH = 16;
  private static final Duration BLOCK = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String name;
  private final Source source;
  private final Consumer<String> me;
  private final Ingest ingest;
  private final RedisPumpConnections pumps;
  private final InterruptiblePause waiting = new InterruptiblePause();
  private WorkLoop loop;
  private StatefulRedisConnection<String, byte[]> connection;
  private long claimedAt;
  private volatile double lag;

  /**
   * @param consumer unlike that of any other replica
   */
  StreamPump(
      String name, Source source, String consumer, Ingest ingest, RedisPumpConnections pumps) {
    this.name = name;
    this.source = source;
    this.me = Consumer.from(source.group(), consumer);
    this.ingest = ingest;
    this.pumps = pumps;
  }

  /** Reads until it is stopped. */
  void start() {
    loop =
        WorkLoop.start(
            "ingest-" + name,
            "reading stream " + source.stream(),
            this::read,
            () -> waiting.pause(500),
            this::leave);
  }

  private boolean read() {
    try {
      work();
      return true;
    } catch (RuntimeException | Error e) {
      disconnect();
      throw e;
    }
  }

  /**
   * A consumer that owes nothing leaves no name behind; one that does must, or it would be lost.
   */
  private void leave() {
    try {
      if (connection != null
          && connection
              .sync()
              .xpending(source.stream(), me, Range.unbounded(), Limit.from(1))
              .isEmpty()) {
        connection.sync().xgroupDelconsumer(source.stream(), me);
      }
    } catch (RuntimeException e) {
      LOG.debug("a consumer of {} leaves its name: {}", source.stream(), e.getMessage());
    } finally {
      disconnect();
    }
  }

  @SuppressWarnings("unchecked") // an array of one, of a generic type
  private void work() {
    if (connection == null) {
      connection = pumps.open(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE), PATIENCE);
      createGroup(connection.sync());
    }
    RedisCommands<String, byte[]> redis = connection.sync();
    if (System.nanoTime() - claimedAt > source.claimAfter().toNanos() / 2 || claimedAt == 0) {
      claim(redis);
      lag = lag(redis);
      claimedAt = System.nanoTime();
    }
    for (StreamMessage<String, byte[]> message :
        redis.xreadgroup(
            me,
            XReadArgs.Builder.count(BATCH).block(shortest(BLOCK, source.claimAfter()).toMillis()),
            StreamOffset.lastConsumed(source.stream()))) {
      handle(redis, message);
    }
  }

  private static Duration shortest(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** From the first message there is: those from before the hub are taken, too. */
  private void createGroup(RedisCommands<String, byte[]> redis) {
    try {
      redis.xgroupCreate(
          StreamOffset.from(source.stream(), "0-0"),
          source.group(),
          XGroupCreateArgs.Builder.mkstream());
    } catch (RedisBusyException e) {
      // It is there.
    }
  }

  /** Takes over what another consumer, or this one in an earlier life, did not end with. */
  private void claim(RedisCommands<String, byte[]> redis) {
    String from = "0-0";
    do {
      var claimed =
          redis.xautoclaim(
              source.stream(),
              new XAutoClaimArgs<String>()
                  .consumer(me)
                  .minIdleTime(source.claimAfter())
                  .startId(from)
                  .count(BATCH));
      for (StreamMessage<String, byte[]> message : claimed.getMessages()) {
        takeOver(redis, message);
      }
      from = claimed.getId();
    } while (!from.equals("0-0") && waiting.isOn());
  }

  /** A message over which consumers die is not given to a further one. */
  private void takeOver(
      RedisCommands<String, byte[]> redis, StreamMessage<String, byte[]> message) {
    long deliveries =
        redis
            .xpending(
                source.stream(),
                source.group(),
                Range.create(message.getId(), message.getId()),
                Limit.from(1))
            .stream()
            .mapToLong(PendingMessage::getRedeliveryCount)
            .findFirst()
            .orElse(0);
    if (deliveries <= source.attempts()) {
      handle(redis, message);
      return;
    }
    Exception notKept =
        ingest.bury(
            received(message),
            new PermanentException(
                "it was delivered "
                    + deliveries
                    + " times, and no consumer came to an end with it"));
    if (notKept == null) {
      acknowledge(redis, message);
    }
  }

  /** Tries in place: the messages behind it wait, so that their order is kept. */
  private void handle(RedisCommands<String, byte[]> redis, StreamMessage<String, byte[]> message) {
    if (ingest.takeInTheEnd(received(message), waiting)) {
      acknowledge(redis, message);
    }
  }

  private void acknowledge(
      RedisCommands<String, byte[]> redis, StreamMessage<String, byte[]> message) {
    redis.xack(source.stream(), source.group(), message.getId());
  }

  private ReceivedMessage received(StreamMessage<String, byte[]> message) {
    Map<String, byte[]> fields = message.getBody();
    byte[] body = fields == null ? null : fields.get(source.field());
    if (body == null) {
      // Kept as it is, to be looked at: its schema will hardly take it.
      String names = fields == null ? "deleted" : String.join(",", fields.keySet());
      body = ("no field " + source.field() + " among: " + names).getBytes(StandardCharsets.UTF_8);
    }
    return new ReceivedMessage(
        name, body, Map.of("stream", source.stream(), "entry", message.getId()));
  }

  /** Age of the oldest message that no consumer has been given yet, in seconds. */
  private double lag(RedisCommands<String, byte[]> redis) {
    String last = lastDelivered(redis);
    List<StreamMessage<String, byte[]>> next =
        last == null
            ? List.of()
            : redis.xrange(
                source.stream(),
                Range.from(Range.Boundary.excluding(last), Range.Boundary.unbounded()),
                Limit.from(1));
    if (next.isEmpty()) {
      return 0;
    }
    long now = Long.parseLong(text(redis.time().get(0)));
    String id = next.get(0).getId();
    return Math.max(0, now - Long.parseLong(id.substring(0, id.indexOf('-'))) / 1000.0);
  }

  private String lastDelivered(RedisCommands<String, byte[]> redis) {
    for (Object group : redis.xinfoGroups(source.stream())) {
      List<?> facts = (List<?>) group;
      String found = null;
      String last = null;
      for (int i = 0; i + 1 < facts.size(); i += 2) {
        String fact = text(facts.get(i));
        if (fact.equals("name")) {
          found = text(facts.get(i + 1));
        } else if (fact.equals("last-delivered-id")) {
          last = text(facts.get(i + 1));
        }
      }
      if (source.group().equals(found)) {
        return last;
      }
    }
    return null;
  }

  private static String text(Object said) {
    return said instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : String.valueOf(said);
  }

  private void disconnect() {
    if (connection != null) {
      connection.closeAsync();
      connection = null;
    }
  }

  @Override
  public double lag() {
    return lag;
  }

  /** It will end soon; what it has begun it ends first, or leaves to others. */
  void stop() {
    loop.end(); // or it would read on, and leave to others what it has read
    waiting.end();
  }

  /** Waits a little for what was begun; what is not acknowledged, the next hub takes over. */
  void end() {
    loop.finish(Duration.ofMillis(1_500));
  }
}
