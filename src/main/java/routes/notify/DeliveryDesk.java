package routes.notify;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import routes.platform.audit.Audit;
import routes.platform.deadletter.DeadLetters;
import routes.platform.error.ConflictException;
import routes.platform.error.NotFoundException;
import routes.platform.error.PermanentException;
import routes.platform.json.StrictJson;
import routes.platform.sql.SqlFile;

/** Deliveries as people meet them: listed, looked at, sent again. */
@Component
class DeliveryDesk {

  private static final String LIST = SqlFile.load("notify/deliveries");
  private static final String GET = SqlFile.load("notify/delivery");
  private static final String AGAIN = SqlFile.load("notify/again");
  private static final String RESTORE = SqlFile.load("notify/restore");

  private final NotifyProperties properties;
  private final JdbcClient jdbc;
  private final DeadLetters deadLetters;
  private final Audit audit;
  private final PumpSignal signal;

  DeliveryDesk(
      NotifyProperties properties,
      JdbcClient jdbc,
      DeadLetters deadLetters,
      Audit audit,
      PumpSignal signal) {
    this.properties = properties;
    this.jdbc = jdbc;
    this.deadLetters = deadLetters;
    this.audit = audit;
    this.signal = signal;
  }

  /**
   * A delivery as the API shows it; the event itself is not in it.
   *
   * @param nextTry while it waits
   * @param mergedInto the delivery whose message tells of this one
   * @param merges how many others its message tells of
   * @param status of the last attempt's answer
   * @param tookMs the last attempt
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record View(
      UUID id,
      String target,
      String rule,
      String channel,
      String type,
      UUID event,
      String state,
      int attempts,
      Instant createdAt,
      Instant triedAt,
      Instant nextTry,
      Instant endedAt,
      UUID mergedInto,
      int merges,
      Integer status,
      String response,
      String error,
      Long tookMs) {}

  /**
   * Which to list; a null is no filter.
   *
   * @param after id of the last one of the page before
   */
  record Filter(String target, String state, UUID event, UUID after, int limit) {}

  /** Newest first. */
  List<View> list(Filter filter) {
    return jdbc.sql(LIST)
        .param("target", filter.target())
        .param("state", filter.state())
        .param("event", filter.event())
        .param("after", filter.after())
        .param("limit", filter.limit())
        .query(DeliveryDesk::view)
        .list();
  }

  /**
   * @throws NotFoundException when there is none
   */
  View get(UUID id) {
    return jdbc.sql(GET)
        .param("id", id)
        .query(DeliveryDesk::view)
        .optional()
        .orElseThrow(
            () -> new NotFoundException("delivery", id.toString(), "see GET /api/deliveries"));
  }

  /**
   * Sends one again now, under its id: one that is dead or dropped, or that waits for its next try.
   *
   * @throws ConflictException when it is on its way, or arrived
   */
  @Transactional
  public View retry(UUID id, String by) {
    View was = get(id);
    if (jdbc.sql(AGAIN).param("id", id).param("envelope", null, java.sql.Types.VARCHAR).update()
        == 0) {
      throw new ConflictException(
          "delivery "
              + id
              + " cannot be sent again: it is "
              + was.state()
              + (was.mergedInto() == null ? "" : ", told of by " + was.mergedInto()),
          Map.of("delivery", id));
    }
    deadLetters.taken(Deliveries.PORT, id.toString(), by);
    audit.record(by, "delivery.retry", id.toString(), Map.of("target", was.target()));
    signal.wake(was.target());
    return get(id);
  }

  /**
   * Queues a dead letter of this port again, under its id and with its body as it is now, whether
   * its row is there still or not.
   *
   * @throws PermanentException when its target is not configured
   */
  @Transactional
  public Answer replay(DeadLetters.Letter letter) {
    String target = letter.headers().getOrDefault("target", "");
    if (!properties.targets().containsKey(target)) {
      throw new PermanentException("hub.notify.targets names no '" + target + "'");
    }
    UUID id = UUID.fromString(letter.messageId());
    String envelope;
    try {
      envelope = StrictJson.text(letter.body());
      StrictJson.mapper().readTree(envelope);
    } catch (IOException e) {
      throw new PermanentException("its body is no JSON that can be sent: " + e.getMessage(), e);
    }
    int again = jdbc.sql(AGAIN).param("id", id).param("envelope", envelope).update();
    if (again == 0) {
      jdbc.sql(RESTORE)
          .param("id", id)
          .param("target", target)
          .param("rule", letter.headers().getOrDefault("rule", ""))
          .param("channel", letter.headers().getOrDefault("channel", ""))
          .param("type", "replayed")
          .param("event", UUID.fromString(letter.headers().get("event")))
          .param("lane", "key/" + id)
          .param("envelope", envelope)
          .update();
    }
    signal.wake(target);
    return Answer.TAKEN;
  }

  private static View view(ResultSet row, int number) throws SQLException {
    String state = row.getString("state");
    return new View(
        row.getObject("id", UUID.class),
        row.getString("target"),
        row.getString("rule"),
        row.getString("channel"),
        row.getString("type"),
        row.getObject("event_id", UUID.class),
        state,
        row.getInt("attempts"),
        instant(row, "created_at"),
        instant(row, "tried_at"),
        state.equals("waiting") ? instant(row, "not_before") : null,
        instant(row, "ended_at"),
        row.getObject("merged_into", UUID.class),
        row.getInt("merges"),
        row.getObject("last_status", Integer.class),
        row.getString("last_response"),
        row.getString("last_error"),
        row.getObject("last_ms", Long.class));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp at = row.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }
}
