package routes.jobs.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import routes.jobs.triggers.TriggerStates;
import routes.web.operations.Accepted;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.security.Caller;
import routes.web.security.Role;

/** What runs when. */
@RestController
record TriggersController(TriggerStates triggers, JobCommands commands) {

  private static final String NAME = "Name of the trigger, the part of its id after the slash";

  /**
   * Every trigger.
   *
   * @param on false: all are paused
   */
  record TriggerList(boolean on, List<TriggerStates.Trigger> items) {}

  @GetMapping("/api/triggers")
  @Needs(Role.VIEWER)
  @Operation(
      operationId = "triggers.list",
      summary = "Lists what runs when, and whether triggers are on at all")
  TriggerList list() {
    return new TriggerList(triggers.switchedOn(), triggers.list());
  }

  @GetMapping("/api/triggers/{job}/{name}")
  @Needs(Role.VIEWER)
  @Operation(operationId = "triggers.get", summary = "Shows one trigger")
  TriggerStates.Trigger trigger(
      @PathVariable @Parameter(description = JobsController.JOB) String job,
      @PathVariable @Parameter(description = NAME) String name) {
    return triggers.get(job + "/" + name);
  }

  @PostMapping("/api/triggers/{job}/{name}/pause")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "triggers.pause",
      summary = "Pauses one trigger; what it misses meanwhile is not made up for")
  @Fails(status = 409, when = "The trigger is broken")
  TriggerStates.Trigger pause(
      @PathVariable @Parameter(description = JobsController.JOB) String job,
      @PathVariable @Parameter(description = NAME) String name,
      Caller caller) {
    return commands.pause(job + "/" + name, true, caller.name());
  }

  @PostMapping("/api/triggers/{job}/{name}/resume")
  @Needs(Role.OPERATOR)
  @Operation(operationId = "triggers.resume", summary = "Resumes one trigger")
  @Fails(status = 409, when = "The trigger is broken")
  TriggerStates.Trigger resume(
      @PathVariable @Parameter(description = JobsController.JOB) String job,
      @PathVariable @Parameter(description = NAME) String name,
      Caller caller) {
    return commands.pause(job + "/" + name, false, caller.name());
  }

  /** Fire times from one instant to another, both included. */
  record Span(
      @NotNull @Schema(description = "The first, such as 2026-01-31T02:00:00Z") Instant from,
      @NotNull @Schema(description = "The last") Instant to) {}

  /**
   * What a backfill did.
   *
   * @param runs new ones, count; of a dry run: how many there would be
   */
  record Backfilled(String trigger, boolean dryRun, int runs) {}

  @PostMapping("/api/triggers/{job}/{name}/backfill")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "triggers.backfill",
      summary =
          "Queues a run for each fire time of a span, once each however often it is asked for")
  @Accepted
  @Fails(status = 409, when = "The trigger is paused or broken, or all are paused")
  ResponseEntity<Backfilled> backfill(
      @PathVariable @Parameter(description = JobsController.JOB) String job,
      @PathVariable @Parameter(description = NAME) String name,
      @RequestParam(defaultValue = "false")
          @Parameter(description = "true: count the runs and queue none")
          boolean dryRun,
      @Valid @RequestBody Span span,
      Caller caller) {
    String trigger = job + "/" + name;
    triggers.requireSound(trigger);
    int written = commands.backfill(trigger, span.from(), span.to(), dryRun, caller.name());
    return ResponseEntity.accepted()
        .location(
            URI.create("/api/runs?trigger=" + URLEncoder.encode(trigger, StandardCharsets.UTF_8)))
        .body(new Backfilled(trigger, dryRun, written));
  }

  @PostMapping("/api/triggers/pause")
  @Needs(Role.ADMIN)
  @Operation(
      operationId = "triggers.pauseAll",
      summary = "Pauses every trigger; what is missed meanwhile is not made up for")
  TriggerList pauseAll(Caller caller) {
    commands.switchAll(false, caller.name());
    return list();
  }

  @PostMapping("/api/triggers/resume")
  @Needs(Role.ADMIN)
  @Operation(
      operationId = "triggers.resumeAll",
      summary = "Resumes triggers, but those that are paused one by one")
  TriggerList resumeAll(Caller caller) {
    commands.switchAll(true, caller.name());
    return list();
  }
}
