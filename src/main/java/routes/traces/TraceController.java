package routes.traces;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Clock;
import java.time.Instant;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.operations.Page;
import routes.web.security.Role;

/** Traces that Jaeger keeps. */
@RestController
@Fails(status = 503, when = "Jaeger does not answer, or hub.jaeger.url is not set")
record TraceController(Jaeger jaeger, Clock clock) {

  /** The name this hub has in Jaeger. */
  private static final String OWN = "ml-security-hub";

  private static final String NAME = "[\\p{L}\\p{N} ._:/{}*@()-]{1,200}";
  private static final String NAMES =
      "must be 1 to 200 letters, digits, spaces and . _ : / { } * @ ( ) -";

  @GetMapping("/api/traces")
  @Needs(Role.VIEWER)
  @Operation(operationId = "traces.list", summary = "Lists traces that Jaeger keeps, newest first")
  Page<Trace.Summary> list(
      @RequestParam(defaultValue = OWN)
          @Pattern(regexp = NAME, message = NAMES)
          @Parameter(description = "Whose; left out: this hub's")
          String service,
      @RequestParam(required = false)
          @Pattern(regexp = NAME, message = NAMES)
          @Parameter(description = "Only with a span of this name, such as job backup.postgres")
          String operation,
      @RequestParam(required = false)
          @Parameter(
              description =
                  "Begun at this instant or later, such as 2026-01-31T02:00:00Z; left out: an hour"
                      + " before to")
          Instant from,
      @RequestParam(required = false)
          @Parameter(description = "Begun before this instant; left out: now")
          Instant to,
      @RequestParam(required = false)
          @Parameter(
              description =
                  "Only with a span of these, such as hub.run.state=failed; several with commas")
          String tags,
      @RequestParam(defaultValue = "20")
          @Min(1)
          @Max(200)
          @Parameter(description = "Most items of the answer, 1 to 200")
          int limit) {
    Instant end = to == null ? clock.instant() : to;
    return Page.of(jaeger.find(TraceQuery.of(service, operation, from, end, tags, limit)));
  }

  @GetMapping("/api/traces/{id}")
  @Needs(Role.VIEWER)
  @Operation(operationId = "traces.get", summary = "Shows one trace, span by span")
  Trace get(
      @PathVariable
          @Pattern(
              regexp = "[0-9a-f]{32}",
              message = "must be a trace id: 32 digits of 0-9 and a-f")
          @Parameter(description = "Trace id, 32 digits of 0-9 and a-f, such as traceId of a run")
          String id) {
    return jaeger.get(id);
  }
}
