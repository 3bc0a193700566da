package routes.traces;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import routes.platform.error.InvalidInputException;
import routes.platform.http.ApiRequest;

/**
 * Which traces to list.
 *
 * @param operation null: any
 * @param tags that one span must all have
 * @param limit 1 to {@value #MOST}
 */
record TraceQuery(
    String service,
    String operation,
    Instant from,
    Instant to,
    Map<String, String> tags,
    int limit) {

  static final int MOST = 200;

  private static final Duration LONGEST = Duration.ofDays(31);
  private static final int MOST_TAGS = 10;
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N} ._:/{}*@()-]{1,200}");
  private static final Pattern TAG =
      Pattern.compile("([A-Za-z0-9_.-]{1,100})=([^\\p{Cntrl},]{1,200})");

  /**
   * @param own the service to look for when none is named
   * @throws InvalidInputException naming the first parameter that is wrong
   */
  static TraceQuery of(ApiRequest request, String own, Instant now) {
    Instant to = instant(request, "to", now);
    Instant from = instant(request, "from", to.minus(Duration.ofHours(1)));
    if (!from.isBefore(to) || from.plus(LONGEST).isBefore(to)) {
      throw new InvalidInputException("from", "must lie before 'to', by 31 days at most");
    }
    return new TraceQuery(
        name(request, "service", own),
        name(request, "operation", null),
        from,
        to,
        tags(request.query("tags")),
        (int) request.queryNumber("limit", 1, MOST, 20));
  }

  /**
   * @throws InvalidInputException when it is none
   */
  static String id(String text) {
    if (!ID.matcher(text).matches()) {
      throw new InvalidInputException("id", "must be a trace id: 32 digits of 0-9 and a-f");
    }
    return text;
  }

  private static String name(ApiRequest request, String parameter, String fallback) {
    String text = request.query(parameter);
    if (text != null && !NAME.matcher(text).matches()) {
      throw new InvalidInputException(
          parameter, "must be 1 to 200 letters, digits, spaces and . _ : / { } * @ ( ) -");
    }
    return text == null ? fallback : text;
  }

  private static Instant instant(ApiRequest request, String parameter, Instant fallback) {
    String text = request.query(parameter);
    try {
      Instant read = text == null ? fallback : Instant.parse(text);
      // Jaeger counts microseconds from 1970 on.
      if (read.getEpochSecond() >= 0 && read.getEpochSecond() < 253_402_300_800L) {
        return read;
      }
    } catch (DateTimeParseException e) {
      // told below, with an example
    }
    throw new InvalidInputException(parameter, "must be an instant such as 2026-01-31T02:00:00Z");
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
