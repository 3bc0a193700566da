package routes.jobs.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import routes.jobs.runs.Runs;
import routes.kernel.errors.InvalidInputException;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.security.Caller;
import routes.web.security.Role;
import routes.web.streams.EventStream;
import routes.web.streams.OpenStreams;

/** What happens to a run, while it happens. */
@RestController
record RunEventsController(Runs runs, RunStreams streams, OpenStreams open) {

  @GetMapping("/api/runs/{id}/events")
  @Needs(Role.VIEWER)
  @Operation(
      operationId = "runs.events",
      summary =
          "Streams what happens to a run until it ends: events log (with an id), progress and"
              + " state (the run)")
  @ApiResponse(
      responseCode = "200",
      description = "Server-sent events",
      content = @Content(mediaType = "text/event-stream"))
  @Fails(status = 429, when = "The key has as many streams open as it may")
  @Fails(status = 503, when = "Too many streams are open; Retry-After says when to ask again")
  void events(
      @PathVariable @Parameter(description = "Id of the run") UUID id,
      @RequestParam(required = false) @Parameter(description = EventStream.TICKET) String ticket,
      @RequestParam(defaultValue = "0")
          @Min(0)
          @Parameter(description = "Go on after this line of the log")
          long after,
      @RequestHeader(name = "Last-Event-ID", required = false)
          @Parameter(description = EventStream.LAST_EVENT_ID)
          String lastEventId,
      Caller caller,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    UUID run = runs.get(id).id();
    streams.open(
        run,
        lastEventId == null ? after : lastSeen(lastEventId),
        onClosed -> open.open(caller, request, response, onClosed));
  }

  /** The header is a browser's own; a client that reconnects by hand may use the parameter. */
  private static long lastSeen(String header) {
    try {
      long seen = Long.parseLong(header);
      if (seen >= 0) {
        return seen;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new InvalidInputException("Last-Event-ID", "must be the id of an event of this stream");
  }
}
