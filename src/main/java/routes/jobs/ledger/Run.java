package routes.jobs.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * A run as the API shows it. Fields that do not apply are left out.
 *
 * @param triggerKind {@code schedule}, {@code api}, {@code event}, {@code backfill} or {@code
 *     replay}
 * @param state {@code queued}, {@code running}, {@code succeeded}, {@code failed}, {@code
 *     cancelled} or {@code skipped}
 * @param hub the replica that works on it
 * @param headline one line on how it ended
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Run(
    UUID id,
    String job,
    String triggerKind,
    String trigger,
    JsonNode params,
    boolean dryRun,
    String state,
    String headline,
    Instant fireTime,
    Instant queuedAt,
    Instant notBefore,
    Instant startedAt,
    Instant finishedAt,
    int attempt,
    int retriesLeft,
    String requestedBy,
    String cancelAskedBy,
    String hub,
    JsonNode progress,
    JsonNode summary,
    JsonNode error,
    String traceId,
    UUID replayOf) {

  /** Where its trace is, or null. */
  @JsonProperty("trace")
  String trace() {
    return traceId == null ? null : "/api/traces/" + traceId;
  }

  /** Whether it will not change any more. */
  public boolean ended() {
    return !state.equals("queued") && !state.equals("running");
  }
}
