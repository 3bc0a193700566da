package routes.platform.outbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
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
    String datacontenttype,
    String traceparent,
    Object data) {}
