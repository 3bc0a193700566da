package routes.jobs.triggers;

import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.springframework.boot.convert.DurationStyle;

/**
 * A named schedule of a job, as {@code camel/schedules.camel.yaml} declares it.
 *
 * @param id {@code <job>/<name>}
 * @param job what it runs
 * @param cron Quartz syntax, six or seven fields, seconds first
 * @param zone whose clock the cron follows
 * @param params given to each run
 * @param overlap what happens when the run before has not ended
 * @param misfire what happens to fires that no hub was there for
 * @param timeout of one attempt
 * @param retries attempts after the first
 * @param backoff wait before the second attempt; doubled after each
 * @param maxAge how old the last success may be before it alarms; null: never
 * @param description for people
 */
public record TriggerDefinition(
    String id,
    String job,
    String cron,
    ZoneId zone,
    Map<String, Object> params,
    Overlap overlap,
    Misfire misfire,
    Duration timeout,
    int retries,
    Duration backoff,
    Duration maxAge,
    String description) {

  /** A fire while the run before it is queued or running. */
  public enum Overlap {
    /** is written as skipped. */
    FORBID,
    /** waits its turn. */
    QUEUE,
    /** runs beside it. */
    ALLOW
  }

  /** Fires that no hub was there for. */
  public enum Misfire {
    /** are all made up for, one after the other, the newest thousand at most. */
    ALL,
    /** are made up for by one run, for the latest that is due by then. */
    LAST,
    /** are let go. */
    NONE
  }

  /** Most fire times one look-back computes: a trigger each second, stopped for a night. */
  static final int MOST_MISSED = 1_000;

  /** Longest duration of a declaration: a leap year. Larger ones overflow as milliseconds. */
  static final Duration LONGEST = Duration.ofDays(366);

  /** Identifies the schedule: a change starts the count of missed fires anew. */
  String schedule() {
    return cron + " " + zone;
  }

  /**
   * Fire times after {@code from}, up to and including {@code to}, oldest first.
   *
   * @return the newest {@link #MOST_MISSED} of them at most
   */
  List<Instant> fireTimes(Instant from, Instant to) {
    return times(id, cron, zone).between(from, to, MOST_MISSED);
  }

  /** The next fire time after an instant, or null when there is none. */
  Instant next(Instant after) {
    return times(id, cron, zone).next(after);
  }

  /**
   * What the policy makes of fires of which at least one is late.
   *
   * @param open fires without a run, oldest first
   * @param late whether one of them counts as missed
   */
  List<Instant> madeUpFor(List<Instant> open, Predicate<Instant> late) {
    if (open.isEmpty()) {
      return open;
    }
    List<Instant> newest = open.subList(open.size() - 1, open.size());
    return switch (misfire) {
      case ALL -> open;
      case LAST -> newest;
      case NONE -> late.test(newest.get(0)) ? List.of() : newest;
    };
  }

  /** A cron as Camel takes it: a plus may stand for a space. */
  static String cron(String text) {
    return text.replace('+', ' ').strip();
  }

  static FireTimes times(String id, String cron, ZoneId zone) {
    try {
      return new FireTimes(cron, zone);
    } catch (ParseException e) {
      throw bad(id, "cron", cron, "a Quartz cron such as '0 0 2 * * ?': " + e.getMessage());
    }
  }

  static ZoneId zone(String id, String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw bad(id, "zone", text, "a zone such as UTC or Europe/Berlin, or an offset as +02:00");
    }
  }

  static Duration duration(String id, String key, String text) {
    Duration duration;
    try {
      duration = DurationStyle.detectAndParse(text);
    } catch (IllegalArgumentException e) {
      throw bad(id, key, text, "a duration such as 30s, 15m or 26h");
    }
    if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
      throw bad(id, key, text, "from 0s to " + LONGEST.toDays() + "d");
    }
    return duration;
  }

  static int count(String id, String key, String text) {
    try {
      int count = Integer.parseInt(text);
      if (count >= 0 && count <= 100) {
        return count;
      }
    } catch (NumberFormatException e) {
      // told below, with the range
    }
    throw bad(id, key, text, "a whole number from 0 to 100");
  }

  static <E extends Enum<E>> E oneOf(String id, String key, String text, Class<E> type) {
    try {
      return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      String all = List.of(type.getEnumConstants()).toString().toLowerCase(Locale.ROOT);
      throw bad(id, key, text, "one of " + all);
    }
  }

  static IllegalArgumentException bad(String id, String key, String text, String right) {
    return new IllegalArgumentException(
        "trigger " + id + ": " + key + " is '" + text + "' but must be " + right);
  }
}
