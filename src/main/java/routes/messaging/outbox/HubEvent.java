package routes.messaging.outbox;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * An event as it leaves the hub.
 *
 * @param specversion {@code 1.0}
 * @param id receivers drop ids they know
 * @param source {@code /hub/<hub id>}
 * @param type such as {@code backup.published}
 * @param subject what it is about, such as {@code main}; may be null
 * @param time when it happened
 * @param severity how much it matters; an extension attribute
 * @param datacontenttype {@code application/json}
 * @param traceparent W3C trace context of what made it; may be null
 * @param data anything that Jackson writes; no personal data, no secrets
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md">CloudEvents
 *     1.0</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "specversion",
  "id",
  "source",
  "type",
  "subject",
  "time",
  "severity",
  "datacontenttype",
  "traceparent",
  "data"
})
public record HubEvent(
    String specversion,
    UUID id,
    String source,
    String type,
    String subject,
    Instant time,
    Severity severity,
    String datacontenttype,
    String traceparent,
    Object data) {

  /** How much an event matters, least first. */
  public enum Severity {
    INFO,
    WARNING,
    ERROR,
    CRITICAL;

    /** As written in JSON and in rules. */
    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws IllegalArgumentException when there is no such severity
     */
    @JsonCreator
    public static Severity of(String text) {
      for (Severity severity : values()) {
        if (severity.text().equals(text)) {
          return severity;
        }
      }
      throw new IllegalArgumentException(
          "no severity is called '" + text + "'; there are info, warning, error and critical");
    }
  }
}
