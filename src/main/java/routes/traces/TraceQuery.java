package routes.traces;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import routes.kernel.errors.InvalidInputException;

/**
 * Which traces to list.
 *
 * @param operation null: any
 * @param tags that one span must all have
 * @param limit 1 or more
 */
record TraceQuery(
    String service,
    String operation,
    Instant from,
    Instant to,
    Map<String, String> tags,
    int limit) {

  private static final Duration LONGEST = Duration.ofDays(31);
  private static final int MOST_TAGS = 10;
  private static final Pattern TAG =
      Pattern.compile("([A-Za-z0-9_.-]{1,100})=([^\\p{Cntrl},]{1,200})");

  /**
   * @param from null: an hour before {@code to}
   * @param tags {@code name=value} with commas between, or null
   * @throws InvalidInputException naming the first that is wrong
   */
  static TraceQuery of(
      String service, String operation, Instant from, Instant to, String tags, int limit) {
    Instant begin = from == null ? to.minus(Duration.ofHours(1)) : from;
    requireMicros("to", to);
    requireMicros("from", begin);
    if (!begin.isBefore(to) || begin.plus(LONGEST).isBefore(to)) {
      throw new InvalidInputException("from", "must lie before 'to', by 31 days at most");
    }
    return new TraceQuery(service, operation, begin, to, tags(tags), limit);
  }

  private static void requireMicros(String parameter, Instant at) {
    if (at.getEpochSecond() < 0) {
      throw new InvalidInputException(
          parameter, "must be 1970 or later: Jaeger counts microseconds from then on");
    }
  }

  private static Map<String, String> tags(String text) {
    Map<String, String> tags = new TreeMap<>();
    if (text == null) {
      return tags;
    }
    for (String each : text.split(",", -1)) {
      var tag = TAG.matcher(each);
      if (!tag.matches() || tags.size() == MOST_TAGS) {
        throw new InvalidInputException(
            "tags", "must be up to ten name=value with commas, such as hub.run.state=failed");
      }
      tags.put(tag.group(1), tag.group(2));
    }
    return tags;
  }
}
