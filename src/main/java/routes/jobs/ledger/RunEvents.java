package routes.jobs.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.springframework.stereotype.Component;
import routes.jobs.EndedRun;
import routes.jobs.RunEndListener;
import routes.messaging.outbox.HubEvent.Severity;
import routes.messaging.outbox.Outbox;

/**
 * The event {@code run.failed}: one for each run that failed for good, whatever its job, and none
 * for an attempt that is followed by another. Why it failed is not told: a message of a database
 * may hold a row.
 */
@Component
record RunEvents(Outbox outbox) implements RunEndListener {

  private static final String FAILED = "run.failed";

  /** What is told. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Failed(UUID run, String job, String trigger, int attempts) {}

  @Override
  public void ended(EndedRun run) {
    if (run.state().equals("failed") && !run.dryRun()) {
      outbox.append(
          new Outbox.Draft(
              UUID.nameUUIDFromBytes((FAILED + run.id()).getBytes(StandardCharsets.UTF_8)),
              "jobs",
              run.job(),
              FAILED,
              Severity.ERROR,
              new Failed(run.id(), run.job(), run.trigger(), run.attempt())));
    }
  }
}
