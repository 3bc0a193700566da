package routes.messaging.outbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import routes.kernel.errors.PermanentException;
import routes.kernel.json.StrictJson;
import routes.messaging.deadletters.DeadLetters;
import routes.messaging.outbox.RelayLanes.Batch;
import routes.messaging.outbox.RelayLanes.Event;
import routes.stores.redis.StreamWriter;

/**
 * What is done with a batch of events: written to Redis, then marked. Whoever dies between the two
 * leaves events that are relayed twice, and none that is not relayed.
 */
@Component
class Relay {

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  /** Port that takes a dead letter again, one that Redis refused. */
  static final String PORT = "outbox.republish";

  private final StreamWriter writer;
  private final RelayLanes lanes;
  private final DeadLetters deadLetters;
  private final EventProperties properties;
  private final Clock clock;
  private final Counter relayed;
  private final Counter refused;

  Relay(
      StreamWriter writer,
      RelayLanes lanes,
      DeadLetters deadLetters,
      EventProperties properties,
      Clock clock,
      MeterRegistry registry) {
    this.writer = writer;
    this.lanes = lanes;
    this.deadLetters = deadLetters;
    this.properties = properties;
    this.clock = clock;
    this.relayed =
        Counter.builder("hub.outbox.relayed")
            .description(
                "Events that this hub wrote to Redis, those again that it had lost included")
            .register(registry);
    this.refused =
        Counter.builder("hub.outbox.refused")
            .description(
                "Events that Redis refused permanently, or that are too large; they are dead letters")
            .register(registry);
  }

  /**
   * A batch as Redis answered it.
   *
   * @param written what became of its events
   */
  record Sent(Batch batch, StreamWriter.Written written) {}

  /**
   * How a batch ended.
   *
   * @param held false: the lane is another's, and nothing was marked
   * @param halt why the rest of the batch has to wait; null: there is no rest
   * @param refused events that became dead letters, count
   */
  record Outcome(boolean held, String halt, int refused) {}

  /** What cannot be relayed is passed over as if Redis had refused it: the others do not wait. */
  Sent write(Batch batch) {
    List<Event> events = batch.events();
    List<Integer> places =
        IntStream.range(0, events.size())
            .filter(i -> events.get(i).trouble() == null)
            .boxed()
            .toList();
    List<StreamWriter.Entry> entries =
        places.stream()
            .map(events::get)
            .map(
                event ->
                    new StreamWriter.Entry(
                        properties.stream(event.channel()),
                        event.id().toString(),
                        event.type(),
                        event.envelope()))
            .toList();
    StreamWriter.Written written =
        entries.isEmpty()
            ? new StreamWriter.Written(0, Map.of(), null)
            : writer.write(batch.life(), entries, oldest());
    int settled =
        written.settled() == entries.size() ? events.size() : places.get(written.settled());
    Map<Integer, String> refused = new TreeMap<>();
    written
        .refused()
        .forEach((place, why) -> refused.put(places.get(place), "Redis refused it: " + why));
    for (int i = 0; i < settled; i++) {
      if (events.get(i).trouble() != null) {
        refused.put(i, "it " + events.get(i).trouble());
      }
    }
    return new Sent(batch, new StreamWriter.Written(settled, refused, written.halt()));
  }

  private Instant oldest() {
    return clock.instant().minus(properties.retain());
  }

  /** Dead letters first: an event that is marked and was neither written nor kept would be lost. */
  Outcome settle(Sent sent) {
    StreamWriter.Written written = sent.written();
    written.refused().forEach((place, reason) -> bury(sent.batch().events().get(place), reason));
    boolean held = written.settled() == 0 || lanes.settle(sent.batch(), written.settled());
    if (held) {
      relayed.increment(written.settled() - written.refused().size());
      refused.increment(written.refused().size());
    }
    return new Outcome(held, written.halt(), written.refused().size());
  }

  private void bury(Event event, String reason) {
    LOG.warn(
        "event {} of channel {} becomes a dead letter: {}", event.id(), event.channel(), reason);
    deadLetters.record(
        new DeadLetters.Letter(
            event.id().toString(),
            PORT,
            body(event).getBytes(StandardCharsets.UTF_8),
            "application/json",
            Map.of(
                "id", event.id().toString(),
                "channel", event.channel(),
                "key", event.key(),
                "type", event.type())),
        new PermanentException(reason));
  }

  /** Of one whose envelope cannot even be read in part, what its row says beside it. */
  private static String body(Event event) {
    if (event.envelope() != null) {
      return event.envelope();
    }
    return JsonNodeFactory.instance
        .objectNode()
        .put("specversion", "1.0")
        .put("id", event.id().toString())
        .put("type", event.type())
        .put("subject", event.key())
        .toString();
  }

  /**
   * Writes one event that was refused, past the outbox: later ones of its key went before it.
   *
   * @throws PermanentException when Redis refuses it once more
   * @throws IllegalStateException when Redis takes nothing now
   */
  void republish(String channel, String id, String type, byte[] envelope) {
    if (channel == null || id == null || type == null) {
      throw new PermanentException("its headers must hold channel, id and type");
    }
    String text;
    try {
      text = StrictJson.text(envelope);
      StrictJson.mapper().readTree(text);
    } catch (IOException e) {
      throw new PermanentException(
          "its body is not JSON that can be relayed: " + e.getMessage(), e);
    }
    StreamWriter.Written written =
        writer.write(
            writer.life(),
            List.of(new StreamWriter.Entry(properties.stream(channel), id, type, text)),
            oldest());
    if (written.halt() != null) {
      throw new IllegalStateException("Redis takes no events now: " + written.halt());
    }
    if (!written.refused().isEmpty()) {
      throw new PermanentException("Redis refused it: " + written.refused().get(0));
    }
    relayed.increment();
  }
}
