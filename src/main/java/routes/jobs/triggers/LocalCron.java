package routes.jobs.triggers;

import java.text.ParseException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.quartz.CronExpression;

/**
 * The times of a Quartz cron on a clock that nobody puts forward or back. Quartz reads the text and
 * finds the times, in UTC; only weekdays nearest to a day ({@code 15W}, {@code LW}, {@code L-3W})
 * are found here: Quartz 2.5.2 overlooks them when it is asked from the weekday itself, and then
 * finds no time at all.
 */
final class LocalCron {

  private static final int DAY_OF_MONTH = 3;
  private static final Pattern NEAREST_WEEKDAY = Pattern.compile("(?:(L)(?:-(\\d+))?|(\\d+))W");

  /**
   * The weekday nearest to a day of the month, within that month; none where it has no such day.
   */
  private record NearestWeekday(boolean fromTheEnd, int days) {

    static NearestWeekday parse(String text) throws ParseException {
      Matcher parts = NEAREST_WEEKDAY.matcher(text);
      if (!parts.matches()) {
        throw new ParseException("'" + text + "' is not a day of the month", DAY_OF_MONTH);
      }
      boolean fromTheEnd = parts.group(1) != null;
      String number = fromTheEnd ? parts.group(2) : parts.group(3);
      NearestWeekday read = new NearestWeekday(fromTheEnd, number == null ? 0 : toInt(number));
      if (read.days > (fromTheEnd ? 30 : 31) || !fromTheEnd && read.days < 1) {
        throw new ParseException("'" + text + "' is not a day of any month", DAY_OF_MONTH);
      }
      return read;
    }

    private static int toInt(String digits) {
      return digits.length() > 2 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }

    boolean is(LocalDate day) {
      int length = day.lengthOfMonth();
      int nominal = fromTheEnd ? length - days : days;
      return nominal >= 1
          && nominal <= length
          && day.equals(nearest(day.withDayOfMonth(nominal), length));
    }

    private static LocalDate nearest(LocalDate day, int length) {
      if (day.getDayOfWeek() == DayOfWeek.SATURDAY) {
        return day.getDayOfMonth() == 1 ? day.plusDays(2) : day.minusDays(1);
      }
      if (day.getDayOfWeek() == DayOfWeek.SUNDAY) {
        return day.getDayOfMonth() == length ? day.minusDays(2) : day.plusDays(1);
      }
      return day;
    }
  }

  /** The cron but for its nearest weekdays; null when it has no other days. */
  private final CronExpression plain;

  /** The same times on every day, of which {@link #weekdays} choose; null without them. */
  private final CronExpression everyDay;

  private final List<NearestWeekday> weekdays = new ArrayList<>();

  /**
   * @param cron six or seven fields, seconds first
   * @throws ParseException when it is no Quartz cron, or holds what Quartz would leave out
   */
  LocalCron(String cron) throws ParseException {
    String checked = CronFields.checked(cron);
    CronExpression whole = expression(checked);
    String[] fields = checked.split(" ");
    List<String> others = new ArrayList<>();
    for (String day : fields[DAY_OF_MONTH].split(",")) {
      if (day.endsWith("W")) {
        weekdays.add(NearestWeekday.parse(day));
      } else {
        others.add(day);
      }
    }
    if (weekdays.isEmpty()) {
      plain = whole;
      everyDay = null;
      return;
    }
    plain = others.isEmpty() ? null : withDays(fields, String.join(",", others));
    everyDay = withDays(fields, "*");
  }

  private static CronExpression withDays(String[] fields, String days) throws ParseException {
    String[] changed = fields.clone();
    changed[DAY_OF_MONTH] = days;
    return expression(String.join(" ", changed));
  }

  private static CronExpression expression(String cron) throws ParseException {
    CronExpression expression;
    try {
      expression = new CronExpression(cron);
    } catch (RuntimeException e) { // Quartz has no other word for some of them, such as ","
      throw new ParseException("cannot be read: " + e.getMessage(), 0);
    }
    expression.setTimeZone(TimeZone.getTimeZone(ZoneOffset.UTC));
    return expression;
  }

  /**
   * The first time after another one, in whole seconds; null when there is none in the next hundred
   * years.
   */
  LocalDateTime next(LocalDateTime after) {
    return Stream.of(next(plain, after), nextWeekday(after))
        .filter(time -> time != null)
        .min(LocalDateTime::compareTo)
        .orElse(null);
  }

  private static LocalDateTime next(CronExpression expression, LocalDateTime after) {
    Date next =
        expression == null
            ? null
            : expression.getNextValidTimeAfter(Date.from(after.toInstant(ZoneOffset.UTC)));
    return next == null ? null : LocalDateTime.ofInstant(next.toInstant(), ZoneOffset.UTC);
  }

  private LocalDateTime nextWeekday(LocalDateTime after) {
    LocalDateTime at = after;
    while ((at = next(everyDay, at)) != null) {
      LocalDate day = at.toLocalDate();
      if (weekdays.stream().anyMatch(weekday -> weekday.is(day))) {
        return at;
      }
      at = day.atTime(23, 59, 59); // the next day is the next that may be one
    }
    return null;
  }
}
