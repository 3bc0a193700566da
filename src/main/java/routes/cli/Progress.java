package routes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * Tells on standard error how a run goes: a bar on a terminal, else a line when its state changes,
 * at each tenth, and when there is news after five seconds.
 */
final class Progress {

  private static final double NEWS_AFTER_SECONDS = 5;

  /** Seconds over which a rate is smoothed. */
  private static final double SMOOTHED_OVER = 10;

  private static final int BAR = 20;
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter err;
  private final int columns;

  private double metAt = Double.NaN;
  private double metDone;
  private double rate = Double.NaN;
  private String shownMark = "";
  private String shownLine = "";
  private double shownAt;

  /**
   * @param columns width of the terminal; 0: there is none
   */
  Progress(PrintWriter err, int columns) {
    this.err = err;
    this.columns = columns;
  }

  /**
   * @param progress what the run says of it, which may be newer than the run's own
   */
  void show(JsonNode run, JsonNode progress) {
    double now = System.nanoTime() / 1e9;
    boolean counts = progress.hasNonNull("done");
    double done = progress.path("done").asDouble();
    double total = progress.path("total").asDouble();
    if (columns > 0) {
      if (counts) {
        meter(now, done);
      }
      String line = counts ? bar(progress, done, total) : state(run);
      int fits = Math.min(line.length(), columns - 1);
      err.print(CLEAR + Table.clean(line).substring(0, fits));
      err.flush();
      return;
    }
    String line = state(run) + (counts ? amounts(progress, done, total) : "");
    long tenth = counts && total > 0 ? (long) (done * 10 / total) : 0;
    String mark = run.path("state").asText() + run.path("attempt").asText() + " " + tenth;
    if (!mark.equals(shownMark) || !line.equals(shownLine) && now - shownAt >= NEWS_AFTER_SECONDS) {
      err.println("hub: " + Table.clean(line));
      err.flush();
      shownMark = mark;
      shownLine = line;
      shownAt = now;
    }
  }

  /** Takes the bar away, for a line in its place. */
  void clear() {
    if (columns > 0) {
      err.print(CLEAR);
      err.flush();
    }
  }

  private void meter(double now, double done) {
    if (Double.isNaN(metAt) || done < metDone) {
      rate = Double.NaN;
    } else if (done == metDone && now - metAt < NEWS_AFTER_SECONDS) {
      return;
    } else {
      double took = Math.max(now - metAt, 0.001);
      double current = (done - metDone) / took;
      rate =
          Double.isNaN(rate)
              ? current
              : rate + (1 - Math.exp(-took / SMOOTHED_OVER)) * (current - rate);
    }
    metAt = now;
    metDone = done;
  }

  private String bar(JsonNode progress, double done, double total) {
    String unit = progress.path("unit").asText();
    double share = total > 0 ? Math.min(done / total, 1) : 0;
    int full = (int) (share * BAR);
    return (total > 0
            ? "[%s%s] %d %%  %s of %s"
                .formatted(
                    "#".repeat(full),
                    "-".repeat(BAR - full),
                    (int) (share * 100),
                    amount(done, unit),
                    amount(total, unit))
            : amount(done, unit))
        + (rate > 0 ? "  " + amount(rate, unit) + "/s" : "")
        + (rate > 0 && total > 0 ? "  ETA " + clock((long) (Math.max(total - done, 0) / rate)) : "")
        + (progress.hasNonNull("detail") ? "  " + progress.get("detail").asText() : "");
  }

  private static String state(JsonNode run) {
    boolean waits = run.path("state").asText().equals("queued") && run.hasNonNull("headline");
    return run.path("job").asText()
        + "  "
        + run.path("state").asText()
        + (run.path("attempt").asInt() > 1 ? ", attempt " + run.path("attempt").asInt() : "")
        + (waits ? "  " + run.path("headline").asText() : "");
  }

  private static String amounts(JsonNode progress, double done, double total) {
    return "  "
        + amount(done, progress.path("unit").asText())
        + (total > 0 ? " (" + (long) (done * 100 / total) + " %)" : "")
        + (progress.hasNonNull("detail") ? "  " + progress.path("detail").asText() : "");
  }

  private static String amount(double count, String unit) {
    return unit.equals("bytes") ? Table.bytes(count) : (long) count + " " + unit;
  }

  private static String clock(long seconds) {
    Duration time = Duration.ofSeconds(seconds);
    String minutes = "%02d:%02d".formatted(time.toMinutesPart(), time.toSecondsPart());
    return time.toHours() > 0 ? "%02d:".formatted(time.toHours()) + minutes : minutes;
  }
}
