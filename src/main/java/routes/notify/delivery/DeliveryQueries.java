package routes.notify.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import routes.kernel.Columns;
import routes.kernel.SqlFile;
import routes.kernel.errors.ConflictException;
import routes.kernel.errors.NotFoundException;
import routes.kernel.errors.PermanentException;
import routes.kernel.json.StrictJson;
import routes.messaging.deadletters.DeadLetters;
import routes.notify.rules.NotifyProperties;
import routes.notify.transport.Answer;
import routes.web.security.Audit;

/** Deliveries as people meet them: listed, looked at, sent again. */
@Component
class DeliveryQueries {

  private static final String GET = SqlFile.load("notify/delivery");

  private final NotifyProperties properties;
  private final JdbcClient jdbc;
  private final DeadLetters deadLetters;
  private final Audit audit;
  private final PumpSignal signal;

  DeliveryQueries(
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

  /** How far a delivery is. */
  enum State {
    WAITING,
    SENDING,
    DELIVERED,
    DEAD,
    MERGED,
    DROPPED;

    @JsonValue
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
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
      State state,
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
  record Filter(String target, State state, UUID event, UUID after, int limit) {}

  /** Newest first. */
  List<View> list(Filter filter) {
    return jdbc.sql(SqlFile.load("notify/deliveries"))
        .param("target", filter.target())
        .param("state", filter.state() == null ? null : filter.state().text())
        .param("event", filter.event())
        .param("after", filter.after())
        .param("limit", filter.limit())
        .query(DeliveryQueries::view)
        .list();
  }

  /**
   * @throws NotFoundException when there is none
   */
  View get(UUID id) {
    return find(id)
        .orElseThrow(
            () -> new NotFoundException("delivery", id.toString(), "see GET /api/deliveries"));
  }

  private Optional<View> find(UUID id) {
    return jdbc.sql(GET).param("id", id).query(DeliveryQueries::view).optional();
  }

  /**
   * Sends one again now, under its id: one that is dead or dropped, or that waits for its next try.
   *
   * @throws ConflictException when it is on its way, or arrived
   */
  @Transactional
  public View retry(UUID id, String by) {
    View was = get(id);
    if (again(id, null, Map.of()) == 0) {
      throw new ConflictException(
          "delivery "
              + id
              + " cannot be sent again: it is "
              + was.state().text()
              + (was.mergedInto() == null ? "" : ", told of by " + was.mergedInto()),
          Map.of("delivery", id));
    }
    deadLetters.taken(Deliveries.PORT, id.toString(), by);
    audit.record(by, "delivery.retry", id.toString(), Map.of("target", was.target()));
    signal.wake(was.target());
    return get(id);
  }

  /**
   * Queues a dead letter of this port again, under its id and with its body and headers as they are
   * now, whether its row is there still or not.
   *
   * @throws PermanentException when its target is not configured, or was told of the event already
   */
  @Transactional
  public Answer replay(DeadLetters.Letter letter) {
    Map<String, String> headers = letter.headers();
    String target = headers.getOrDefault("target", "");
    if (!properties.targets().containsKey(target)) {
      throw new PermanentException("hub.notify.targets names no '" + target + "'");
    }
    // Another body of the same delivery is a letter of its own, with the body's hash after the id.
    UUID id = UUID.fromString(letter.messageId().split(" ")[0]);
    if (headers.containsKey("event")) {
      event(headers);
    }
    String envelope;
    try {
      envelope = StrictJson.text(letter.body());
      StrictJson.mapper().readTree(envelope);
    } catch (IOException e) {
      throw new PermanentException("its body is not JSON that can be sent: " + e.getMessage(), e);
    }
    try {
      if (again(id, envelope, headers) == 0) {
        find(id)
            .ifPresentOrElse(
                was -> requireTarget(was, target), () -> restore(id, envelope, headers));
      }
    } catch (DuplicateKeyException e) {
      throw new PermanentException(
          "target '%s' has another delivery of its event, see GET /api/deliveries?target=%s"
              .formatted(target, target),
          e);
    }
    signal.wake(target);
    return Answer.TAKEN;
  }

  private static UUID event(Map<String, String> headers) {
    try {
      return UUID.fromString(headers.getOrDefault("event", ""));
    } catch (IllegalArgumentException e) {
      throw new PermanentException("its header 'event' must be the id of the event, a UUID", e);
    }
  }

  /** It is on its way, or arrived; but it must not be at another target than it is to go to. */
  private static void requireTarget(View was, String target) {
    if (!was.target().equals(target)) {
      throw new PermanentException(
          "delivery %s cannot go to '%s': it is %s, to '%s'"
              .formatted(was.id(), target, was.state().text(), was.target()));
    }
  }

  /**
   * @param headers where it is to go; what they do not say stays
   */
  private int again(UUID id, String envelope, Map<String, String> headers) {
    return jdbc.sql(SqlFile.load("notify/again"))
        .param("id", id)
        .param("envelope", envelope, Types.VARCHAR)
        .param("target", headers.get("target"), Types.VARCHAR)
        .param("rule", headers.get("rule"), Types.VARCHAR)
        .param("channel", headers.get("channel"), Types.VARCHAR)
        .param("event", headers.get("event"), Types.VARCHAR)
        .update();
  }

  private void restore(UUID id, String envelope, Map<String, String> headers) {
    jdbc.sql(SqlFile.load("notify/restore"))
        .param("id", id)
        .param("target", headers.get("target"))
        .param("rule", headers.getOrDefault("rule", ""))
        .param("channel", headers.getOrDefault("channel", ""))
        .param("type", "replayed")
        .param("event", event(headers))
        .param("lane", "key/" + id)
        .param("envelope", envelope)
        .update();
  }

  private static View view(ResultSet row, int number) throws SQLException {
    State state = State.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
    return new View(
        row.getObject("id", UUID.class),
        row.getString("target"),
        row.getString("rule"),
        row.getString("channel"),
        row.getString("type"),
        row.getObject("event_id", UUID.class),
        state,
        row.getInt("attempts"),
        Columns.instant(row, "created_at"),
        Columns.instant(row, "tried_at"),
        state == State.WAITING ? Columns.instant(row, "not_before") : null,
        Columns.instant(row, "ended_at"),
        row.getObject("merged_into", UUID.class),
        row.getInt("merges"),
        row.getObject("last_status", Integer.class),
        row.getString("last_response"),
        row.getString("last_error"),
        row.getObject("last_ms", Long.class));
  }
}
