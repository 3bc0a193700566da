package routes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Follows a run to its end, by its event stream where the hub offers one, else by asking again. */
final class Follower {

  /** Eight of the hub's heartbeats: a stream that is silent for so long is a broken connection. */
  private static final Duration SILENCE = Duration.ofSeconds(40);

  private static final long FIRST_PAUSE_MILLIS = 300;
  private static final long LATER_PAUSE_MILLIS = 1_000;
  private static final int LOG_PAGE = 500;

  private final Console console;
  private final String id;
  private final String path;
  private final boolean withLog;
  private final Progress progress;

  private JsonNode run = MissingNode.getInstance();
  private long seen;

  /**
   * @param withLog print its log as it is written
   */
  Follower(Console console, String id, boolean withLog) {
    this.console = console;
    this.id = id;
    this.path = Hub.path("/runs/%s", id);
    this.withLog = withLog;
    this.progress = new Progress(console.err, console.columns);
  }

  /** The run as it ended; a hub that restarts meanwhile is waited for. */
  Hub.Answer toEnd() {
    Thread onInterrupt =
        new Thread(
            () -> {
              progress.clear();
              console.say(
                  "the run goes on; ./hub run %s -f follows it, ./hub cancel %s stops it"
                      .formatted(id, id));
            });
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    try {
      return follow();
    } finally {
      progress.clear();
      try {
        Runtime.getRuntime().removeShutdownHook(onInterrupt);
      } catch (IllegalStateException e) {
        // The process is ending, which the hook has told.
      }
    }
  }

  private Hub.Answer follow() {
    boolean streams = true;
    int asked = 0;
    while (true) {
      // The stream only feeds the display; how the run ended is read from the run itself.
      streams = streams && stream();
      Hub.Answer answer = console.hub.patiently(path);
      run = answer.json();
      String state = run.path("state").asText();
      if (withLog) {
        log();
      }
      if (state.isEmpty()) {
        throw console.hub.noHub();
      }
      if (!state.equals("queued") && !state.equals("running")) {
        return answer;
      }
      progress.show(run, run.path("progress"));
      Hub.sleep(asked++ < 50 ? FIRST_PAUSE_MILLIS : LATER_PAUSE_MILLIS);
    }
  }

  /** Whether the hub offers events. */
  private boolean stream() {
    boolean offered = false;
    try (BufferedReader events =
        new BufferedReader(
            new InputStreamReader(
                console.hub.events(path + "/events?after=" + seen, SILENCE),
                StandardCharsets.UTF_8))) {
      String event = "";
      for (String line = events.readLine(); line != null; line = events.readLine()) {
        if (line.startsWith("event: ")) {
          event = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          offered = true;
          happened(event, Hub.JSON.readTree(line.substring("data: ".length())));
        }
      }
    } catch (IOException e) {
      // Whether the run goes on is asked for next.
    }
    return offered;
  }

  private void happened(String event, JsonNode data) {
    switch (event) {
      case "log" -> print(data);
      case "state" -> {
        run = data;
        display(run.path("progress"));
      }
      case "progress" -> display(data);
      default -> {
        // of a newer hub
      }
    }
  }

  private void display(JsonNode now) {
    if (!run.hasNonNull("finishedAt")) { // its end is printed once, by the caller
      progress.show(run, now);
    }
  }

  /** Log lines that no event brought. */
  private void log() {
    JsonNode page;
    do {
      page = console.hub.get(path + "/log", "after", seen, "limit", LOG_PAGE).json();
      page.path("items").forEach(this::print);
    } while (page.path("items").size() == LOG_PAGE);
  }

  private void print(JsonNode line) {
    if (line.path("seq").asLong() > seen) {
      seen = line.path("seq").asLong();
      if (withLog) {
        progress.clear();
        console.out.println(logLine(line));
        console.out.flush();
      }
    }
  }

  static String logLine(JsonNode line) {
    return Table.clean(
        Table.when(line.path("at"))
            + "  "
            + line.path("level").asText()
            + "  "
            + line.path("message").asText());
  }
}
