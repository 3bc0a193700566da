package routes.jobs.web;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import routes.jobs.ledger.Run;
import routes.jobs.runs.JobPorts;
import routes.jobs.runs.Runs;
import routes.jobs.triggers.TriggerStates;
import routes.jobs.triggers.Triggers;
import routes.web.security.Audit;

/** What people change about runs and triggers; each change and its line in the audit are one. */
@Component
record JobCommands(
    Runs runs,
    Triggers triggers,
    TriggerStates states,
    Audit audit,
    TransactionTemplate transaction)
    implements JobPorts.Queue {

  @Override
  public Run submit(Runs.Request request) {
    return transaction.execute(
        status -> {
          Runs.Submitted submitted = runs.submitted(request);
          Run run = submitted.run();
          if (!submitted.repeated()) {
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("job", run.job());
            detail.put("params", run.params());
            detail.put("dryRun", run.dryRun());
            audit.record(request.requestedBy(), "run.submit", run.id().toString(), detail);
          }
          return run;
        });
  }

  Run retry(UUID id, String by) {
    return transaction.execute(
        status -> {
          Run run = runs.retry(id, by);
          audit.record(
              by, "run.retry", run.id().toString(), Map.of("job", run.job(), "replayOf", id));
          return run;
        });
  }

  Run cancel(UUID id, String by) {
    return transaction.execute(
        status -> {
          Run run = runs.cancel(id, by);
          audit.record(by, "run.cancel", id.toString(), Map.of("job", run.job()));
          return run;
        });
  }

  /**
   * @param dryRun count them, and ask none
   */
  Runs.Asked cancelAll(Runs.Selection selection, boolean dryRun, String by) {
    return transaction.execute(
        status -> {
          Runs.Asked asked = runs.cancelAll(selection, by);
          if (dryRun) {
            status.setRollbackOnly();
            return asked;
          }
          Map<String, Object> detail = new LinkedHashMap<>();
          detail.put("job", selection.job());
          detail.put("trigger", selection.trigger());
          detail.put("kind", selection.kind());
          detail.put("state", selection.state());
          detail.values().removeIf(Objects::isNull);
          String target = detail.values().iterator().next().toString();
          detail.put("queued", asked.queued());
          detail.put("running", asked.running());
          audit.record(by, "runs.cancel", target, detail);
          return asked;
        });
  }

  TriggerStates.Trigger pause(String trigger, boolean paused, String by) {
    return transaction.execute(
        status -> {
          TriggerStates.Trigger after = states.pause(trigger, paused, by);
          audit.record(by, paused ? "trigger.pause" : "trigger.resume", trigger, Map.of());
          return after;
        });
  }

  /**
   * @param dryRun true: write none
   * @return how many runs were new, or would be
   */
  int backfill(String trigger, Instant from, Instant to, boolean dryRun, String by) {
    Integer written =
        transaction.execute(
            status -> {
              int rows = triggers.backfill(trigger, from, to);
              if (dryRun) {
                status.setRollbackOnly(); // counted by the same statement, which was tried
                return rows;
              }
              audit.record(
                  by,
                  "trigger.backfill",
                  trigger,
                  Map.of("from", from.toString(), "to", to.toString(), "runs", rows));
              return rows;
            });
    return written == null ? 0 : written;
  }

  void switchAll(boolean on, String by) {
    transaction.executeWithoutResult(
        status -> {
          states.switchAll(on, by);
          audit.record(by, on ? "triggers.resume" : "triggers.pause", "all", Map.of());
        });
  }
}
