package routes.jobs.triggers;

import java.text.ParseException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/**
 * When a cron fires in a zone: the one answer for what is shown, for what Quartz wakes, and for
 * what was missed. Pure, and safe for use by several threads.
 *
 * <p>Where clocks are put forward or back, there are two kinds:
 *
 * <ul>
 *   <li><b>At fixed hours</b>: each of its local times fires once. What lies in hours that are
 *       skipped fires once, at the instant that ends the gap; an hour that comes twice fires the
 *       first time.
 *   <li><b>Each hour</b> (the hour field names all 24, such as {@code *}): it follows elapsed time.
 *       An hour that comes twice fires twice, one that is skipped is not made up for. Where clocks
 *       are shifted by a part of an hour (Australia/Lord_Howe) a fire that would be skipped comes
 *       when it would have come without the shift, unless another one comes by then; one that would
 *       be repeated sooner than without the shift is left out.
 * </ul>
 */
final class FireTimes {

  private static final int HOURS = 2;

  private final LocalCron cron;
  private final ZoneRules rules;

  /** Minutes and seconds of one that fires each hour; null: at fixed hours. */
  private final LocalCron eachHour;

  /**
   * @param cron six or seven fields, seconds first
   * @throws ParseException when it is no Quartz cron
   */
  FireTimes(String cron, ZoneId zone) throws ParseException {
    this.cron = new LocalCron(cron);
    this.rules = zone.getRules();
    String[] fields = cron.strip().split("[ \t]+");
    this.eachHour =
        namesAllHours(fields[HOURS])
            ? new LocalCron(fields[0] + " " + fields[1] + " * * * ?")
            : null;
  }

  private static boolean namesAllHours(String hours) throws ParseException {
    LocalCron hourly = new LocalCron("0 0 " + hours + " * * ?");
    LocalDateTime begin = LocalDateTime.of(2000, 1, 1, 0, 0);
    LocalDateTime at = begin;
    for (int hour = 1; hour <= 24; hour++) {
      at = hourly.next(at);
      if (!at.equals(begin.plusHours(hour))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The first fire after an instant; null when there is none in the next hundred years. Always
   * later than {@code after}, and the same for every {@code after} since the fire before.
   */
  Instant next(Instant after) {
    return eachHour == null ? atFixedHours(after) : eachHour(after);
  }

  /**
   * Fires after an instant (1970 at the earliest), up to and including another, oldest first.
   *
   * @param most the newest so many of them
   */
  List<Instant> between(Instant after, Instant to, int most) {
    Instant from = after.isBefore(Instant.EPOCH) ? Instant.EPOCH : after;
    // Looks back in widening steps: a trigger each second, stopped for a month, would else be
    // counted through second by second.
    long back = 3600;
    while (true) {
      Instant start = to.minusSeconds(back).isBefore(from) ? from : to.minusSeconds(back);
      List<Instant> times = new ArrayList<>();
      for (Instant at = next(start); at != null && !at.isAfter(to); at = next(at)) {
        times.add(at);
      }
      if (start.equals(from) || times.size() >= most) {
        return List.copyOf(times.subList(Math.max(0, times.size() - most), times.size()));
      }
      back *= 8;
    }
  }

  private Instant atFixedHours(Instant after) {
    LocalDateTime at = LocalDateTime.ofInstant(after, rules.getOffset(after));
    ZoneOffsetTransition shift = rules.getTransition(at);
    if (shift != null && !after.isBefore(shift.getInstant())) {
      // The second time of an hour that comes twice: all of it has fired.
      at = shift.getDateTimeBefore().minusSeconds(1);
    }
    while ((at = cron.next(at)) != null) {
      Instant fire = first(at);
      if (fire.isAfter(after)) {
        return fire;
      }
    }
    return null;
  }

  /** When a local time comes first, or when the gap that skips it ends. */
  private Instant first(LocalDateTime time) {
    ZoneOffsetTransition shift = rules.getTransition(time);
    return shift != null && shift.isGap()
        ? shift.getInstant()
        : time.toInstant(rules.getValidOffsets(time).get(0));
  }

  private Instant eachHour(Instant after) {
    ZoneOffsetTransition begun = rules.previousTransition(after.plusNanos(1));
    ZoneOffset offset = rules.getOffset(after);
    Instant at = after;
    Instant seen = after;
    while (true) {
      Instant fire = onOneClock(begun, offset, at);
      ZoneOffsetTransition next = rules.nextTransition(seen);
      if (fire == null || next == null || fire.isBefore(next.getInstant())) {
        return fire;
      }
      begun = next;
      offset = next.getOffsetAfter();
      seen = next.getInstant();
      at = seen.minusSeconds(1); // the shift itself may be a fire
    }
  }

  /** The first fire after an instant, between one shift of the clock and the next. */
  private Instant onOneClock(ZoneOffsetTransition begun, ZoneOffset offset, Instant after) {
    if (begun == null || begun.getDuration().toSeconds() % 3600 == 0) {
      return onClock(cron, offset, after);
    }
    Instant before = begun.getInstant().minusSeconds(1);
    if (begun.isOverlap()) {
      Instant due = onClock(eachHour, begun.getOffsetBefore(), before).minusSeconds(1);
      return onClock(cron, offset, due.isAfter(after) ? due : after);
    }
    Instant due = onClock(cron, begun.getOffsetBefore(), before);
    Instant first = onClock(cron, offset, before);
    boolean lost = due != null && (first == null || due.isBefore(first));
    return lost && due.isAfter(after) ? due : onClock(cron, offset, after);
  }

  private static Instant onClock(LocalCron cron, ZoneOffset offset, Instant after) {
    LocalDateTime next = cron.next(LocalDateTime.ofInstant(after, offset));
    return next == null ? null : next.toInstant(offset);
  }
}
