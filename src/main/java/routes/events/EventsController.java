package routes.events;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import routes.kernel.errors.InvalidInputException;
import routes.messaging.outbox.HubEvent.Severity;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.security.Caller;
import routes.web.security.Role;
import routes.web.streams.EventStream;
import routes.web.streams.OpenStreams;

/** What happens in the hub and on the platform, while it happens. */
@RestController
record EventsController(Channels channels, EventStreams streams, OpenStreams open) {

  private static final Pattern CHANNEL = Pattern.compile(StreamPosition.CHANNEL);

  /** Channels that one client may name. */
  private static final int MOST = 64;

  @GetMapping("/api/events")
  @Needs(Role.VIEWER)
  @Operation(
      operationId = "events",
      summary =
          "Streams what happens: one message per event, its id to go on from, its data the"
              + " envelope")
  @ApiResponse(
      responseCode = "200",
      description = "Server-sent events; an event gap says that some between were not kept",
      content = @Content(mediaType = "text/event-stream"))
  @Fails(status = 429, when = "The key has as many streams open as it may")
  @Fails(status = 503, when = "Too many streams are open; Retry-After says when to ask again")
  void events(
      @RequestParam(name = "channels", required = false)
          @Parameter(description = "Only these channels, with commas; left out: all")
          String names,
      @RequestParam(defaultValue = "info")
          @Parameter(description = "Only events that matter so much, or more")
          Severity severity,
      @RequestParam(defaultValue = "")
          @jakarta.validation.constraints.Pattern(
              regexp = "[A-Za-z0-9._-]{0,100}",
              message =
                  "must be how types begin, such as backup. (letters, digits, dots, 100 at most)")
          @Parameter(description = "Only events whose type begins so, such as backup.")
          String types,
      @RequestParam(defaultValue = "false")
          @Parameter(
              description =
                  "true: also an event position where the id moves on without one, for pages that"
                      + " come back with after")
          boolean positions,
      @RequestParam(required = false) @Parameter(description = EventStream.TICKET) String ticket,
      @RequestParam(required = false) @Parameter(description = "Go on after the event of this id")
          String after,
      @RequestHeader(name = "Last-Event-ID", required = false)
          @Parameter(description = EventStream.LAST_EVENT_ID)
          String lastEventId,
      Caller caller,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    EventFilter filter = new EventFilter(channels(names), severity, types, positions);
    StreamPosition position = after(lastEventId, after);
    if (!channels.add(filter.channels())) {
      throw new InvalidInputException(
          "channels", "there are " + Channels.MOST + " channels, and no more are followed");
    }
    streams.open(filter, position, onClosed -> open.open(caller, request, response, onClosed));
  }

  private static Set<String> channels(String text) {
    if (text == null) {
      return Set.of();
    }
    List<String> names = List.of(text.split(",", -1));
    if (names.size() > MOST || !names.stream().allMatch(n -> CHANNEL.matcher(n).matches())) {
      throw new InvalidInputException(
          "channels",
          "must be at most "
              + MOST
              + " names with commas between them, such as backup,jobs: small letters, digits and"
              + " dashes");
    }
    return new TreeSet<>(names);
  }

  /** The header is a browser's own; a client that reconnects by hand may use the parameter. */
  private static StreamPosition after(String header, String parameter) {
    String text = header != null ? header : parameter;
    // What a browser sends that has seen no id yet.
    if (text == null || text.isEmpty()) {
      return null;
    }
    return StreamPosition.parse(text)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    header != null ? "Last-Event-ID" : "after",
                    "must be an id of this stream, such as 1700000000000-0.backup"));
  }
}
