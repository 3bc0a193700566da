package routes.chaos;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.Consumer;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.XTrimArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A reader as {@code docs/formats/events.md} asks for: a consumer group, its own unfinished entries
 * first, ids that it knows dropped, the group made anew when Redis lost it.
 */
final class DedupingConsumer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GROUP = "readers";
  private static final Consumer<String> ME = Consumer.from(GROUP, "one");

  private final RedisClient client;
  private final String stream;
  private final Thread thread = new Thread(this::loop, "chaos-consumer");
  private final Set<UUID> known = new HashSet<>();
  private final Map<String, Integer> last = new HashMap<>();
  private volatile int received;
  private volatile long duplicates;
  private volatile long disorder;
  private volatile long lastAt = System.nanoTime();
  private volatile boolean closed;

  DedupingConsumer(RedisClient client, String stream) {
    this.client = client;
    this.stream = stream;
    thread.setDaemon(true);
    thread.start();
  }

  /** Different events, count. */
  int received() {
    return received;
  }

  long duplicates() {
    return duplicates;
  }

  long disorder() {
    return disorder;
  }

  /** Nothing came for so long. */
  boolean idle(Duration span) {
    return System.nanoTime() - lastAt > span.toNanos();
  }

  private void loop() {
    while (!closed) {
      try (StatefulRedisConnection<String, String> connection = client.connect()) {
        read(connection.sync());
      } catch (RedisException e) {
        // Killed, loading, or without our group: from the beginning.
        await().pollDelay(Duration.ofMillis(50)).until(() -> true);
      }
    }
  }

  private void read(RedisCommands<String, String> redis) {
    try {
      redis.xgroupCreate(
          StreamOffset.from(stream, "0"), GROUP, XGroupCreateArgs.Builder.mkstream());
    } catch (RedisBusyException e) {
      // It is there.
    }
    // What was handed to us and not acknowledged, before anything new.
    boolean more = true;
    while (more && !closed) {
      more = take(redis, "0");
    }
    while (!closed) {
      take(redis, ">");
    }
  }

  @SuppressWarnings("unchecked") // one offset, as an array of a generic type
  private boolean take(RedisCommands<String, String> redis, String from) {
    List<StreamMessage<String, String>> entries =
        redis.xreadgroup(
            ME,
            XReadArgs.Builder.count(500).block(Duration.ofMillis(200)),
            StreamOffset.from(stream, from));
    for (StreamMessage<String, String> entry : entries) {
      // An unfinished entry that Redis no longer has comes without its fields.
      if (entry.getBody() != null && !entry.getBody().isEmpty()) {
        accept(entry.getBody());
      }
    }
    if (!entries.isEmpty()) {
      String[] ids = entries.stream().map(StreamMessage::getId).toArray(String[]::new);
      redis.xack(stream, GROUP, ids);
      // Read by all who are to read it: not kept, so that a million need no gigabyte.
      redis.xtrim(stream, XTrimArgs.Builder.minId(ids[ids.length - 1]).approximateTrimming());
      lastAt = System.nanoTime();
    }
    return !entries.isEmpty();
  }

  private void accept(Map<String, String> fields) {
    if (!known.add(UUID.fromString(fields.get("id")))) {
      duplicates++;
      return;
    }
    try {
      JsonNode event = JSON.readTree(fields.get("event"));
      int n = event.at("/data/n").asInt();
      Integer before = last.put(event.get("subject").asText(), n);
      if (n != (before == null ? 0 : before) + 1) {
        disorder++;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an envelope is not JSON", e);
    }
    received++;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(Duration.ofSeconds(5).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
