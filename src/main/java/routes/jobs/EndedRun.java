package routes.jobs;

import java.util.Map;
import java.util.UUID;

/**
 * A run that will not change any more.
 *
 * @param trigger its trigger's id, or null
 * @param state {@code succeeded}, {@code failed} or {@code cancelled}
 * @param outcome what it left; null unless it succeeded
 * @param failure what it failed with; null when it did not, or its hub was gone
 */
public record EndedRun(
    UUID id,
    String job,
    String trigger,
    Map<String, Object> params,
    boolean dryRun,
    int attempt,
    String state,
    Outcome outcome,
    Throwable failure) {}
