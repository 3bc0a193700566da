package routes.messaging.deadletters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import routes.kernel.SqlFile;
import routes.kernel.errors.Failures;
import routes.kernel.json.JsonParameter;
import routes.telemetry.Spans;

/** Messages that failed for good, kept whole for replay. */
@Component
public class DeadLetters {

  /** Exchange property: the {@link Letter} that it becomes when it fails, as it was received. */
  public static final String LETTER = "letter";

  /** Exchange property: an {@code AtomicInteger}, how many of a run's messages became letters. */
  public static final String LEFT = "lettersLeft";

  private static final int LONGEST_ID = 500;

  private final JdbcClient jdbc;
  private final ObjectMapper json;
  private final MeterRegistry registry;

  public DeadLetters(JdbcClient jdbc, ObjectMapper json, MeterRegistry registry) {
    this.jdbc = jdbc;
    this.json = json;
    this.registry = registry;
  }

  /**
   * A message as it came.
   *
   * @param messageId its own id: recorded once per port, however often it fails; with another body
   *     it is a letter of its own, under that id and the body's SHA-256
   * @param port that could not take it, such as {@code redteam.ingest}
   * @param body as received, byte for byte
   * @param mediaType of the body
   * @param headers as received; Camel's own are left out
   */
  public record Letter(
      String messageId, String port, byte[] body, String mediaType, Map<String, String> headers) {}

  /**
   * Keeps a message and counts it: work that leaves a dead letter has failed, whatever Camel's own
   * counters say. In a transaction of its own, since the caller's is lost.
   *
   * @return the dead letter's id
   */
  @Transactional(propagation = Propagation.REQUIRES_NEW)
  public UUID record(Letter letter, Throwable failure) {
    String messageId = known(letter.messageId());
    Optional<UUID> id = record(messageId, letter, failure);
    while (id.isEmpty()) {
      // Another body of the same id, such as one that was corrected and is still wrong.
      messageId = known(messageId + " " + sha256(letter.body()));
      id = record(messageId, letter, failure);
    }
    Counter.builder("hub.dead.letters")
        .description("Messages that failed permanently")
        .tag("port", letter.port())
        .register(registry)
        .increment();
    return id.get();
  }

  private Optional<UUID> record(String messageId, Letter letter, Throwable failure) {
    return jdbc.sql(SqlFile.load("messaging/dead-letter-record"))
        .param("id", UUID.randomUUID())
        .param("messageId", messageId)
        .param("port", letter.port())
        .param("body", letter.body())
        .param(
            "mediaType",
            letter.mediaType() == null ? "application/octet-stream" : letter.mediaType())
        .param("headers", write(ownHeaders(letter.headers())))
        .param(
            "error",
            write(
                Map.of(
                    "type", failure.getClass().getName(),
                    "detail", Failures.describe(failure))))
        .param("traceId", Spans.currentTraceId())
        .query(UUID.class)
        .optional();
  }

  /**
   * A message was sent again by other means than its dead letter, which waits no more; in the
   * caller's transaction when there is one.
   *
   * @param by who did
   */
  public void taken(String port, String messageId, String by) {
    jdbc.sql(SqlFile.load("messaging/dead-letter-taken"))
        .param("port", port)
        .param("messageId", known(messageId))
        .param("by", by)
        .update();
  }

  /** An id that an index takes: one too long, or with a NUL, is known by its hash. */
  private static String known(String messageId) {
    boolean odd = messageId.length() > LONGEST_ID || messageId.indexOf('\0') >= 0;
    return odd ? sha256(messageId.getBytes(StandardCharsets.UTF_8)) : messageId;
  }

  private static String sha256(byte[] bytes) {
    return "sha256:" + DigestUtils.sha256Hex(bytes);
  }

  /** Those that are none of Camel's, which would be settings to an endpoint. */
  static Map<String, String> ownHeaders(Map<String, String> headers) {
    Map<String, String> own = new TreeMap<>(headers);
    own.keySet().removeIf(name -> name.regionMatches(true, 0, "Camel", 0, "Camel".length()));
    return own;
  }

  private String write(Object value) {
    try {
      return JsonParameter.withoutNul(json.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("headers cannot be written as JSON", e);
    }
  }
}
