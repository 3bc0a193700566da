package routes.messaging.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import routes.kernel.Columns;
import routes.kernel.SqlFile;
import routes.kernel.errors.ConflictException;
import routes.kernel.errors.NotFoundException;
import routes.web.security.Audit;

/** Dead letters as people meet them: listed, looked at, mended, given up. */
@Component
class DeadLetterService {

  private static final String GET = SqlFile.load("messaging/dead-letter");
  private static final String REPLAYED = SqlFile.load("messaging/dead-letter-replayed");

  private final JdbcClient jdbc;
  private final ObjectMapper json;
  private final DeadLetterRows rows;
  private final Audit audit;

  DeadLetterService(JdbcClient jdbc, ObjectMapper json, Audit audit) {
    this.jdbc = jdbc;
    this.json = json;
    this.rows = new DeadLetterRows(json);
    this.audit = audit;
  }

  /** What became of a dead letter. */
  enum State {
    WAITING,
    REPLAYED,
    DISCARDED;

    @JsonValue
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A dead letter without what it holds.
   *
   * @param error class of the last failure
   * @param failures how often it failed
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Line(
      UUID id,
      String messageId,
      String port,
      State state,
      String mediaType,
      long bytes,
      String error,
      String traceId,
      int failures,
      Instant createdAt,
      Instant replayedAt,
      String replayedBy,
      Instant editedAt,
      String editedBy,
      Instant discardedAt,
      String discardedBy,
      String discardReason) {}

  /**
   * What a message holds.
   *
   * @param body when it is text in UTF-8
   * @param bodyBase64 when it is not
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Content(String mediaType, String body, String bodyBase64, Map<String, String> headers) {}

  /**
   * A dead letter, whole.
   *
   * @param error what was said of the last failure
   * @param original as it came, when it was mended since; else null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Whole(Line letter, String error, Content content, Content original) {}

  /**
   * Which to list; a null is no filter.
   *
   * @param after id of the last one of the page before
   */
  record Filter(String port, State state, Instant since, UUID after, int limit) {}

  /**
   * What to make of one; a null changes nothing.
   *
   * @param headers all of them
   */
  record Mending(byte[] body, String mediaType, Map<String, String> headers) {}

  /** Newest first. */
  List<Line> list(Filter filter) {
    return jdbc.sql(SqlFile.load("messaging/dead-letters"))
        .param("port", filter.port())
        .param("state", filter.state() == null ? null : filter.state().text())
        .param("since", filter.since() == null ? null : Timestamp.from(filter.since()))
        .param("after", filter.after())
        .param("limit", filter.limit())
        .query(DeadLetterRows::line)
        .list();
  }

  /** Ids of those of a port that wait, oldest first. */
  List<UUID> waiting(String port, int most) {
    return jdbc.sql(SqlFile.load("messaging/dead-letters-of-port"))
        .param("port", port)
        .param("most", most)
        .query(UUID.class)
        .list();
  }

  /**
   * @throws NotFoundException when there is none
   */
  Whole get(UUID id) {
    return jdbc.sql(GET)
        .param("id", id)
        .query(rows::whole)
        .optional()
        .orElseThrow(() -> unknown(id));
  }

  /**
   * One replay's hold on a letter.
   *
   * @param token ends it
   * @param letter as it was when it was taken
   */
  record Claim(Timestamp token, DeadLetters.Letter letter) {}

  /** Takes a letter for one replay; empty when it does not wait, or another replay has it. */
  Optional<Claim> claim(UUID id) {
    return jdbc.sql(SqlFile.load("messaging/dead-letter-claim"))
        .param("id", id)
        .query(
            (row, number) ->
                new Claim(
                    row.getTimestamp("replaying_until"),
                    new DeadLetters.Letter(
                        row.getString("message_id"),
                        row.getString("port"),
                        row.getBytes("body"),
                        row.getString("media_type"),
                        rows.headers(row, "headers"))))
        .optional();
  }

  /** Its port did not take it: it waits again. */
  void release(UUID id, Claim claim) {
    jdbc.sql(SqlFile.load("messaging/dead-letter-release"))
        .param("id", id)
        .param("claim", claim.token())
        .update();
  }

  /** Its port took it. */
  void replayed(UUID id, Claim claim, String by) {
    jdbc.sql(REPLAYED).param("id", id).param("claim", claim.token()).param("by", by).update();
  }

  /**
   * Mends one that waits; what came is kept. The trail says who did, not what it held.
   *
   * @throws ConflictException when it waits no more, or is being replayed
   */
  @Transactional
  public void edit(UUID id, Mending mending, String by) {
    requireOne(
        id,
        jdbc.sql(SqlFile.load("messaging/dead-letter-edit"))
            .param("id", id)
            .param("body", mending.body())
            .param("mediaType", mending.mediaType())
            .param(
                "headers", mending.headers() == null ? null : Columns.text(json, mending.headers()))
            .param("by", by)
            .update());
    audit.record(
        by,
        "dead-letter.edit",
        id.toString(),
        Map.of("body", mending.body() != null, "headers", mending.headers() != null));
  }

  /**
   * @param reason for those who come later
   * @throws ConflictException when it waits no more, or is being replayed
   */
  @Transactional
  public void discard(UUID id, String reason, String by) {
    requireOne(
        id,
        jdbc.sql(SqlFile.load("messaging/dead-letter-discard"))
            .param("id", id)
            .param("reason", reason)
            .param("by", by)
            .update());
    audit.record(by, "dead-letter.discard", id.toString(), Map.of("reason", reason));
  }

  private void requireOne(UUID id, int changed) {
    if (changed == 0) {
      throw conflict(id, get(id).letter().state());
    }
  }

  /** Why nothing can be done with it now. */
  static ConflictException conflict(UUID id, State state) {
    return new ConflictException(
        state == State.WAITING
            ? "dead letter " + id + " is being replayed; look again in a while"
            : "dead letter " + id + " waits no more: it is " + state.text(),
        Map.of("deadLetter", id));
  }

  private static NotFoundException unknown(UUID id) {
    return new NotFoundException("dead letter", id.toString(), "see GET /api/dead-letters");
  }
}
