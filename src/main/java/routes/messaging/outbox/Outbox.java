package routes.messaging.outbox;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import routes.kernel.HubProperties;
import routes.kernel.SqlFile;
import routes.kernel.json.JsonParameter;
import routes.messaging.outbox.HubEvent.Severity;
import routes.telemetry.Spans;

/**
 * Events that must not be lost are written here, in the transaction of the change they tell of:
 * both or neither. A pump relays them to Redis.
 */
@Component
public class Outbox {

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  /**
   * Most bytes of an event. As jsonb it may have half as many again, for blanks: less than a relay
   * takes.
   */
  static final int MOST_BYTES = 2 << 20;

  private final JdbcClient jdbc;
  private final ObjectMapper json;
  private final HubProperties hub;
  private final Clock clock;
  private final List<EventFanout> fanouts;
  private final RelaySignal relay;

  Outbox(
      JdbcClient jdbc,
      ObjectMapper json,
      HubProperties hub,
      Clock clock,
      List<EventFanout> fanouts,
      RelaySignal relay) {
    this.jdbc = jdbc;
    this.json = json;
    this.hub = hub;
    this.clock = clock;
    this.fanouts = List.copyOf(fanouts);
    this.relay = relay;
  }

  /**
   * What to tell.
   *
   * @param id of the event; the same id again writes nothing
   * @param channel Redis stream and channel, such as {@code backup}
   * @param key events of one key keep their order
   * @param type such as {@code backup.published}
   * @param severity how much it matters
   * @param data anything that Jackson writes
   */
  public record Draft(
      UUID id, String channel, String key, String type, Severity severity, Object data) {

    /** What nobody needs to be woken for. */
    public Draft(UUID id, String channel, String key, String type, Object data) {
      this(id, channel, key, type, Severity.INFO, data);
    }
  }

  /**
   * Appends an event.
   *
   * @throws org.springframework.transaction.IllegalTransactionStateException outside of a
   *     transaction: the event could then tell of a change that never was
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void append(Draft draft) {
    appendAll(List.of(draft));
  }

  /**
   * Appends events in one statement. They are relayed in this order.
   *
   * @throws org.springframework.transaction.IllegalTransactionStateException outside of a
   *     transaction
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void appendAll(List<Draft> drafts) {
    if (drafts.isEmpty()) {
      return;
    }
    List<Told> events = drafts.stream().map(this::event).map(this::bounded).toList();
    Set<UUID> written =
        new HashSet<>(
            jdbc.sql(SqlFile.load("messaging/outbox-append-all"))
                .param("ids", texts(drafts, draft -> draft.id().toString()))
                .param("channels", texts(drafts, Draft::channel))
                .param("keys", texts(drafts, Draft::key))
                .param("types", texts(drafts, Draft::type))
                .param("envelopes", texts(events, Told::text))
                .query(UUID.class)
                .list());
    for (int i = 0; i < drafts.size(); i++) {
      // Of two with one id the first is the one that is there.
      if (written.remove(drafts.get(i).id())) {
        String channel = drafts.get(i).channel();
        HubEvent event = events.get(i).event();
        fanouts.forEach(fanout -> fanout.appended(channel, event));
      }
    }
    relay.wake();
  }

  private static <T> String[] texts(List<T> all, Function<T, String> text) {
    return all.stream().map(text).toArray(String[]::new);
  }

  private HubEvent event(Draft draft) {
    return new HubEvent(
        "1.0",
        draft.id(),
        "/hub/" + hub.id(),
        draft.type(),
        draft.key(),
        clock.instant(),
        draft.severity(),
        "application/json",
        Spans.currentTraceparent(),
        draft.data());
  }

  /** An event and its text. */
  private record Told(HubEvent event, String text) {}

  /** One that is too large is told of without its data: the change that it tells of stays. */
  private Told bounded(HubEvent event) {
    String text = write(event);
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes <= MOST_BYTES) {
      return new Told(event, text);
    }
    String omitted = "the event has " + bytes + " bytes, but may have " + MOST_BYTES;
    LOG.warn("event {} {} is sent without its data: {}", event.type(), event.id(), omitted);
    HubEvent bare =
        new HubEvent(
            event.specversion(),
            event.id(),
            event.source(),
            event.type(),
            event.subject(),
            event.time(),
            event.severity(),
            event.datacontenttype(),
            event.traceparent(),
            Map.of("omitted", omitted));
    return new Told(bare, write(bare));
  }

  /** As jsonb has it, so that its size is known: numbers without exponents. */
  private String write(HubEvent event) {
    try {
      return JsonParameter.withoutNul(
          json.writer()
              .with(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
              .writeValueAsString(event));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("event " + event.type() + " cannot be written as JSON", e);
    }
  }
}
