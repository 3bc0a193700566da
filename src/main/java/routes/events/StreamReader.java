package routes.events;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the streams of many channels as one sequence. Of one thread; closed by its owner. */
final class StreamReader implements AutoCloseable {

  /** A key that holds no stream is looked at again after this. */
  private static final long LOOK_AGAIN_NS = 5_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);

  /**
   * What was read.
   *
   * @param events in the order of their positions
   * @param end all before this was read
   * @param full whether a stream has more than was asked for, so that {@code end} lies before what
   *     was asked for
   * @param unreadable entries that are no events
   */
  record Page(List<EventRecord> events, StreamPosition end, boolean full, int unreadable) {}

  private final StatefulRedisConnection<String, String> connection;
  private final RedisCommands<String, String> redis;
  private final String prefix;
  private final Map<String, Long> noStreams = new HashMap<>();

  StreamReader(StatefulRedisConnection<String, String> connection, String prefix) {
    this.connection = connection;
    this.redis = connection.sync();
    this.prefix = prefix;
  }

  /** Milliseconds since 1970 by the clock that makes the ids. */
  long now() {
    List<String> time = redis.time();
    return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
  }

  /** Waits until there is something after the offsets, or for so long. */
  void await(Map<String, String> offsets, Duration longest) {
    ask(offsets, XReadArgs.Builder.count(1).block(longest.toMillis()));
  }

  /**
   * Reads what lies after the offsets and moves them behind it.
   *
   * @param offsets last id taken, by channel; changed
   * @param until entries from here on are left for later …
   * @param ahead … but for those whose id lies this many milliseconds or more after it
   * @param count most entries of one stream
   */
  Page read(Map<String, String> offsets, StreamPosition until, long ahead, int count) {
    Map<String, List<StreamMessage<String, String>>> byChannel = new HashMap<>();
    for (var entry : ask(offsets, XReadArgs.Builder.count(count))) {
      String channel = entry.getStream().substring(prefix.length());
      byChannel.computeIfAbsent(channel, name -> new ArrayList<>()).add(entry);
    }
    StreamPosition end = until;
    boolean full = false;
    for (var each : byChannel.entrySet()) {
      if (each.getValue().size() == count) {
        // It may have more, which others' entries must not overtake.
        StreamPosition last =
            StreamPosition.of(each.getValue().get(count - 1).getId(), each.getKey());
        end = last.compareTo(end) < 0 ? last : end;
        full = true;
      }
    }
    List<EventRecord> events = new ArrayList<>();
    int unreadable = 0;
    for (var each : byChannel.entrySet()) {
      for (StreamMessage<String, String> entry : each.getValue()) {
        StreamPosition at = StreamPosition.of(entry.getId(), each.getKey());
        boolean early = at.compareTo(end) < 0 || full && at.equals(end);
        if (!early && (full || at.ms() < until.ms() + ahead)) {
          break;
        }
        offsets.put(each.getKey(), entry.getId());
        EventRecord event = EventRecord.of(at, entry.getBody());
        if (event != null) {
          events.add(event);
        } else {
          unreadable++;
        }
      }
    }
    events.sort(Comparator.comparing(EventRecord::at));
    return new Page(events, end, full, unreadable);
  }

  /**
   * Reads what lies between two positions, without the second.
   *
   * @param count most entries of one stream
   */
  Page between(StreamPosition after, StreamPosition until, Collection<String> channels, int count) {
    Map<String, String> offsets = new HashMap<>();
    channels.forEach(channel -> offsets.put(channel, after.offset(channel)));
    return read(offsets, until, Long.MAX_VALUE / 2, count);
  }

  /** One key that holds something else would hide all streams: it is left out for a while. */
  private List<StreamMessage<String, String>> ask(Map<String, String> offsets, XReadArgs args) {
    noStreams.values().removeIf(since -> System.nanoTime() - since > LOOK_AGAIN_NS);
    try {
      return askUsable(offsets, args);
    } catch (RedisCommandExecutionException e) {
      if (!isNoStream(e)) {
        throw e;
      }
      for (String channel : offsets.keySet()) {
        String type = redis.type(prefix + channel);
        if (!type.equals("stream") && !type.equals("none")) {
          LOG.warn("key {}{} is a {}, not the stream of a channel", prefix, channel, type);
          noStreams.put(channel, System.nanoTime());
        }
      }
      return askUsable(offsets, args);
    }
  }

  private static boolean isNoStream(RedisCommandExecutionException e) {
    return e.getMessage() != null && e.getMessage().startsWith("WRONGTYPE");
  }

  private List<StreamMessage<String, String>> askUsable(
      Map<String, String> offsets, XReadArgs args) {
    Map<String, String> usable = new HashMap<>(offsets);
    usable.keySet().removeAll(noStreams.keySet());
    return usable.isEmpty() ? List.of() : redis.xread(args, from(usable));
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  private StreamOffset<String>[] from(Map<String, String> offsets) {
    return offsets.entrySet().stream()
        .map(each -> StreamOffset.from(prefix + each.getKey(), each.getValue()))
        .toArray(StreamOffset[]::new);
  }

  /**
   * Whether entries after a position are gone: its own, which was told once, or later ones as Redis
   * 7 remembers.
   */
  boolean lost(StreamPosition after, Collection<String> channels) {
    if (after.isEntry() && !exists(after)) {
      return true;
    }
    return channels.stream().anyMatch(channel -> deleted(channel).compareTo(after) > 0);
  }

  private boolean exists(StreamPosition entry) {
    try {
      Range<String> id = Range.create(entry.id(), entry.id());
      return !redis.xrange(prefix + entry.channel(), id, Limit.from(1)).isEmpty();
    } catch (RedisCommandExecutionException e) {
      if (isNoStream(e)) {
        return false; // it was named by a client, for which nobody else is to wait
      }
      throw e; // Redis loads, or the like: a later look finds it
    }
  }

  /** The last entry that was deleted from a channel's stream; position 0 when nobody knows. */
  private StreamPosition deleted(String channel) {
    List<Object> facts;
    try {
      facts = redis.xinfoStream(prefix + channel);
    } catch (RedisCommandExecutionException e) {
      return StreamPosition.before(0); // there is none
    }
    int at = facts.indexOf("max-deleted-entry-id");
    return at < 0
        ? StreamPosition.before(0)
        : StreamPosition.of((String) facts.get(at + 1), channel);
  }

  @Override
  public void close() {
    connection.closeAsync();
  }
}
