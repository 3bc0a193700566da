package routes.jobs.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A run this hub owns until it ends it, hands it back, or loses its lease.
 *
 * @param fence grows with every claim; the ledger refuses an older one
 * @param attempt 1 for the first
 * @param lost hubs that stopped without a word while they owned it
 * @param traceparent of what asked for it, which its work goes on from; null: a trace of its own
 */
public record ClaimedRun(
    UUID id,
    String job,
    String triggerKind,
    String triggerId,
    Instant fireTime,
    Map<String, Object> params,
    boolean dryRun,
    int attempt,
    int retriesLeft,
    Duration backoff,
    Duration timeout,
    long fence,
    int lost,
    String requestedBy,
    String traceparent) {}
