package routes.jobs.triggers;

import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The grammar of a cron, checked before Quartz reads it: Quartz 2.5.2 leaves out what it does not
 * expect, such as the Fridays of {@code 2#2,6} or the step of {@code MON/2}, without a word.
 *
 * <p>A field is {@code ?}, or a list with commas of {@code *}, values and ranges, each with an
 * optional {@code /step}. The day of month also takes {@code L}, {@code L-3}, {@code 15W}, {@code
 * LW} and {@code L-3W}; the day of week also takes one {@code L}, {@code 6L} or {@code 6#3} that
 * stands alone.
 */
final class CronFields {

  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  private static final List<Field> FIELDS =
      List.of(
          new Field("second", 0, 59, List.of()),
          new Field("minute", 0, 59, List.of()),
          new Field("hour", 0, 23, List.of()),
          new Field("day of month", 1, 31, List.of()),
          new Field("month", 1, 12, MONTHS),
          new Field("day of week", 1, 7, DAYS),
          new Field("year", 1970, 2299, List.of()));

  private static final Pattern NAME = Pattern.compile("(?<![A-Z])[A-Z]{3}(?![A-KM-Z])");
  private static final Pattern PART =
      Pattern.compile("(?:\\*?|(?<from>\\d+)(?:-(?<to>\\d+))?)(?:/(?<step>\\d+))?");
  private static final Pattern DAY_OF_MONTH = Pattern.compile("L(?:-\\d+)?W?|\\d+W");
  private static final Pattern DAY_OF_WEEK = Pattern.compile("L|[1-7]L|[1-7]#[1-5]");

  private CronFields() {}

  /**
   * A cron as Quartz reads it right: in capitals, with numbers for names.
   *
   * @throws ParseException when a part of it is not in the grammar; the message names part and
   *     field
   */
  static String checked(String cron) throws ParseException {
    String[] fields = cron.strip().split("[ \t]+");
    if (fields.length < 6 || fields.length > FIELDS.size()) {
      throw new ParseException(
          "has " + fields.length + " fields; a cron has six or seven, seconds first", 0);
    }
    List<String> checked = new ArrayList<>();
    for (int i = 0; i < fields.length; i++) {
      checked.add(FIELDS.get(i).checked(fields[i]));
    }
    return String.join(" ", checked);
  }

  private record Field(String name, int least, int most, List<String> names) {

    String checked(String given) throws ParseException {
      String text = numbers(given.toUpperCase(Locale.ROOT));
      if (text.equals("?") || names == DAYS && DAY_OF_WEEK.matcher(text).matches()) {
        return text;
      }
      for (String special : names == DAYS ? List.of("?", "#", "L") : List.of("?")) {
        if (text.contains(special)) {
          throw refused(
              given,
              text.matches(".*[,/-].*")
                  ? special + " cannot be combined with others"
                  : "cannot be read; it may be " + (names == DAYS ? "?, L, 6L or 6#3" : "?"));
        }
      }
      for (String part : text.split(",", -1)) {
        if (!(name.equals("day of month") && DAY_OF_MONTH.matcher(part).matches())) {
          requirePlain(part, given);
        }
      }
      return text;
    }

    private String numbers(String text) {
      return NAME.matcher(text)
          .replaceAll(
              found -> {
                int index = names.indexOf(found.group());
                return index < 0 ? found.group() : String.valueOf(index + 1);
              });
    }

    private void requirePlain(String part, String given) throws ParseException {
      Matcher matcher = PART.matcher(part);
      if (part.isEmpty() || !matcher.matches()) {
        throw refused(
            given,
            (part.isEmpty() ? "a part is empty" : "'" + part + "' cannot be read")
                + "; a part is *, a value, a range such as 1-5, or one of these with a step such"
                + " as 0/15");
      }
      requireWithin(matcher.group("from"), least, "a value", given);
      requireWithin(matcher.group("to"), least, "a value", given);
      requireWithin(matcher.group("step"), 1, "a step", given);
    }

    private void requireWithin(String digits, int from, String what, String given)
        throws ParseException {
      if (digits == null) {
        return;
      }
      int number = digits.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(digits);
      if (number < from || number > most) {
        throw refused(given, what + " is " + digits + " but must lie in " + from + "-" + most);
      }
    }

    private ParseException refused(String given, String reason) {
      return new ParseException("\"" + given + "\" in the " + name + ": " + reason, 0);
    }
  }
}
