package routes.events;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import routes.platform.error.InvalidInputException;
import routes.platform.http.ApiIngress;
import routes.platform.http.ApiRequest;
import routes.platform.http.EventStream;
import routes.platform.outbox.HubEvent.Severity;

/**
 * {@code GET /api/events}, which Camel cannot serve, since it gathers a whole answer first. Its
 * contract stands in {@code camel/rest.camel.yaml} like any other's.
 */
@RestController
class EventsController {

  private static final Pattern CHANNEL = Pattern.compile(Position.CHANNEL);
  private static final Pattern TYPES = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  /** Channels that one client may name. */
  private static final int MOST = 64;

  private final ApiIngress ingress;
  private final Channels channels;
  private final EventStreams streams;

  EventsController(ApiIngress ingress, Channels channels, EventStreams streams) {
    this.ingress = ingress;
    this.channels = channels;
    this.streams = streams;
  }

  @GetMapping("/api/events")
  void events(HttpServletRequest request, HttpServletResponse response)
      throws IOException, HttpRequestMethodNotSupportedException {
    if (!request.getMethod().equals("GET")) {
      throw new HttpRequestMethodNotSupportedException(request.getMethod());
    }
    ApiRequest asked = ingress.read(request);
    Filter filter = filter(asked);
    Position after = after(ingress.header(request, "Last-Event-ID"), asked.query("after"));
    if (!channels.add(filter.channels())) {
      throw new InvalidInputException(
          "channels", "there are " + Channels.MOST + " channels, and no more are looked at");
    }
    streams.open(filter, after, onClosed -> EventStream.open(request, response, onClosed));
  }

  private static Filter filter(ApiRequest asked) {
    String severity =
        asked.queryOneOf(
            "severity", Arrays.stream(Severity.values()).map(Severity::text).toList(), "info");
    String types = asked.query("types");
    if (types != null && !TYPES.matcher(types).matches()) {
      throw new InvalidInputException(
          "types", "must be how types begin, such as backup. (letters, digits, dots, 100 at most)");
    }
    return new Filter(
        channels(asked.query("channels")), Severity.of(severity), types == null ? "" : types);
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
  private static Position after(String header, String parameter) {
    String text = header != null ? header : parameter;
    // What a browser sends that has seen no id yet.
    if (text == null || text.isEmpty()) {
      return null;
    }
    return Position.parse(text)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    header != null ? "Last-Event-ID" : "after",
                    "must be an id of this stream, such as 1700000000000-0.backup"));
  }
}
