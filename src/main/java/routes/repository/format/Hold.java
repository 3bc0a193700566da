package routes.repository.format;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;

/**
 * A pin: while it is there, no retention removes the snapshot.
 *
 * @param by who placed it
 * @param reason for people
 * @param at when it was placed
 * @param until when it ends by itself; null: never
 */
@JsonPropertyOrder({"by", "reason", "at", "until"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Hold(String by, String reason, Instant at, Instant until) {

  /** Whether it still pins. */
  public boolean isActive(Instant now) {
    return until == null || now.isBefore(until);
  }
}
