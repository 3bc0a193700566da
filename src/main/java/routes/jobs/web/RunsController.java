package routes.jobs.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import routes.jobs.JobCatalogue;
import routes.jobs.ledger.Run;
import routes.jobs.runs.Runs;
import routes.jobs.triggers.TriggerStates;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.NotFoundException;
import routes.web.operations.Accepted;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.operations.Page;
import routes.web.operations.PageLimit;
import routes.web.operations.TextValues;
import routes.web.security.Caller;
import routes.web.security.Role;

/** Runs: what was done, is being done and waits. */
@RestController
record RunsController(JobCatalogue jobs, TriggerStates triggers, Runs runs, JobCommands commands) {

  private static final String RUN = "Id of the run";

  enum State {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    SKIPPED
  }

  @GetMapping("/api/runs")
  @Needs(Role.VIEWER)
  @Operation(operationId = "runs.list", summary = "Lists runs, newest first")
  Page<Run> runs(
      @RequestParam(required = false) @Parameter(description = "Only runs of this job") String job,
      @RequestParam(required = false) @Parameter(description = "Only runs in this state")
          State state,
      @RequestParam(required = false)
          @Parameter(description = "Only runs of this trigger, such as backup.postgres/nightly")
          String trigger,
      @RequestParam(required = false) @Parameter(description = "Only runs that this started")
          Kind kind,
      @RequestParam(required = false) @Parameter(description = "Only runs asked for since then")
          Instant since,
      @RequestParam(defaultValue = "50") @PageLimit int limit,
      @RequestParam(required = false)
          @Parameter(description = "next of the page before: the id of its last run")
          UUID after) {
    if (after != null && runs.find(after).isEmpty()) {
      throw new InvalidInputException("after", "must be the id of a run: the last of a page");
    }
    List<Run> found =
        runs.list(
            new Runs.Filter(
                job,
                state == null ? null : TextValues.text(state),
                trigger,
                kind == null ? null : TextValues.text(kind),
                since,
                after,
                limit + 1));
    if (found.isEmpty()) {
      requireKnown(job, trigger);
    }
    return Page.of(found, limit, run -> run.id().toString());
  }

  /** Nothing was found by these names; runs of a job that was taken away are found by its name. */
  private void requireKnown(String job, String trigger) {
    if (job != null && !jobs.has(job)) {
      throw new NotFoundException("job", job, "see GET /api/jobs");
    }
    if (trigger != null) {
      triggers.get(trigger);
    }
  }

  @GetMapping("/api/runs/{id}")
  @Needs(Role.VIEWER)
  @Operation(operationId = "runs.get", summary = "Shows one run")
  Run run(@PathVariable @Parameter(description = RUN) UUID id) {
    return runs.get(id);
  }

  /**
   * A part of a run's log.
   *
   * @param next what to give as {@code after} to go on
   * @param ended true: the run has ended and these are its last lines
   */
  record LogPage(List<Runs.LogLine> items, long next, boolean ended) {}

  @GetMapping("/api/runs/{id}/log")
  @Needs(Role.VIEWER)
  @Operation(operationId = "runs.log", summary = "Shows the log of a run from a line on")
  LogPage log(
      @PathVariable @Parameter(description = RUN) UUID id,
      @RequestParam(defaultValue = "0")
          @Min(0)
          @Parameter(description = "next of the answer before")
          long after,
      @RequestParam(defaultValue = "50") @PageLimit int limit) {
    // Asked before the lines: else a run that ends in between would lose its last ones.
    boolean ended = runs.get(id).ended();
    List<Runs.LogLine> lines = runs.log(id, after, limit);
    long next = lines.isEmpty() ? after : lines.get(lines.size() - 1).seq();
    return new LogPage(lines, next, ended && lines.size() < limit);
  }

  @PostMapping("/api/runs/{id}/cancel")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "runs.cancel",
      summary = "Asks a run to stop, which it does within two seconds")
  @Accepted
  @Fails(status = 409, when = "It has ended already")
  ResponseEntity<Run> cancel(@PathVariable @Parameter(description = RUN) UUID id, Caller caller) {
    return accepted(commands.cancel(id, caller.name()));
  }

  /** What started a run. */
  enum Kind {
    SCHEDULE,
    API,
    EVENT,
    BACKFILL,
    REPLAY
  }

  /** Of a run that can be cancelled. */
  enum OpenState {
    QUEUED,
    RUNNING
  }

  /** Runs that are all of what is given. */
  record Selection(
      @Parameter(description = "Of this job") Optional<String> job,
      @Parameter(description = "Of this trigger") Optional<String> trigger,
      Optional<Kind> kind,
      Optional<OpenState> state) {

    Selection {
      check("job", job, "must be the id of a job, as GET /api/jobs lists it");
      check("trigger", trigger, "must be the id of a trigger, as GET /api/triggers lists it");
      check("kind", kind, "must not be null");
      check("state", state, "must not be null");
      if (job == null && trigger == null && kind == null && state == null) {
        throw new InvalidInputException(
            "trigger", "must be given, or job, kind or state: which runs to cancel");
      }
    }

    /** A null would be no filter, which nobody asked for. */
    private static void check(String name, Optional<?> value, String message) {
      if (value != null
          && (value.isEmpty()
              || value.get() instanceof String text && !text.matches("\\P{Cntrl}{1,300}"))) {
        throw new InvalidInputException(name, message);
      }
    }

    Runs.Selection selection() {
      return new Runs.Selection(
          job == null ? null : job.get(),
          trigger == null ? null : trigger.get(),
          kind == null ? null : TextValues.text(kind.get()),
          state == null ? null : TextValues.text(state.get()));
    }
  }

  /**
   * What a cancel of several did, or would do.
   *
   * @param queued how many that had not begun
   * @param running how many that had
   */
  record Cancelled(boolean dryRun, long queued, long running) {}

  @PostMapping("/api/runs/cancel")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "runs.cancelAll",
      summary =
          "Asks all runs to stop that have not ended and that the body names; those that were asked"
              + " before are not counted")
  Cancelled cancelAll(
      @RequestParam(defaultValue = "false")
          @Parameter(description = "true: count them and ask none")
          boolean dryRun,
      @RequestBody Selection which,
      Caller caller) {
    Runs.Selection selection = which.selection();
    Runs.Asked asked = commands.cancelAll(selection, dryRun, caller.name());
    if (asked.queued() + asked.running() == 0) {
      requireKnown(selection.job(), selection.trigger());
    }
    return new Cancelled(dryRun, asked.queued(), asked.running());
  }

  @PostMapping("/api/runs/{id}/retry")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "runs.retry",
      summary = "Queues a run that did not succeed again, as a new run")
  @Accepted
  @Fails(status = 409, when = "It has not ended, or it succeeded")
  ResponseEntity<Run> retry(@PathVariable @Parameter(description = RUN) UUID id, Caller caller) {
    return accepted(commands.retry(id, caller.name()));
  }

  static ResponseEntity<Run> accepted(Run run) {
    return ResponseEntity.accepted().location(URI.create("/api/runs/" + run.id())).body(run);
  }
}
