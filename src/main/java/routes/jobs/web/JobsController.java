package routes.jobs.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import java.util.List;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import routes.jobs.JobCatalogue;
import routes.jobs.ledger.Run;
import routes.jobs.runs.Runs;
import routes.jobs.triggers.TriggerStates;
import routes.web.operations.Accepted;
import routes.web.operations.Fails;
import routes.web.operations.IdempotencyKey;
import routes.web.operations.Needs;
import routes.web.operations.Page;
import routes.web.security.Caller;
import routes.web.security.Role;

/** What this hub can do, and asking for it. */
@RestController
record JobsController(JobCatalogue jobs, TriggerStates triggers, JobCommands commands) {

  static final String JOB = "Id of the job, such as backup.postgres";

  @GetMapping("/api/jobs")
  @Needs(Role.VIEWER)
  @Operation(
      operationId = "jobs.list",
      summary = "Lists what this hub can do, with parameters and triggers")
  Page<JobView> list() {
    List<TriggerStates.Trigger> all = triggers.list();
    return Page.of(jobs.all().stream().map(job -> JobView.of(job, jobs, all)).toList());
  }

  @GetMapping("/api/jobs/{job}")
  @Needs(Role.VIEWER)
  @Operation(operationId = "jobs.get", summary = "Shows one job")
  JobView job(@PathVariable @Parameter(description = JOB) String job) {
    return JobView.of(jobs.get(job), jobs, triggers.list());
  }

  /** What to do when a run of the same job and target has not ended. */
  enum Overlap {
    FORBID,
    QUEUE
  }

  @PostMapping("/api/jobs/{job}/runs")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "jobs.run",
      summary = "Queues a run of a job; the body holds its parameters by name")
  @Accepted
  @Fails(status = 409, when = "A run of the same job and target has not ended")
  ResponseEntity<Run> run(
      @PathVariable @Parameter(description = JOB) String job,
      @RequestParam(defaultValue = "false")
          @Parameter(description = "true: return the plan and change nothing")
          boolean dryRun,
      @RequestParam(defaultValue = "forbid")
          @Parameter(
              description =
                  "When a run of the same job and target has not ended: forbid answers 409, queue"
                      + " waits behind it")
          Overlap overlap,
      @RequestHeader(name = IdempotencyKey.HEADER, required = false)
          @Parameter(description = "A repeat with the same key is answered with the first run")
          IdempotencyKey key,
      @RequestBody(required = false) Map<String, Object> params,
      Caller caller) {
    Run run =
        commands.submit(
            new Runs.Request(
                job,
                params == null ? Map.of() : params,
                dryRun,
                overlap == Overlap.QUEUE,
                caller.name(),
                IdempotencyKey.text(key)));
    return RunsController.accepted(run);
  }
}
