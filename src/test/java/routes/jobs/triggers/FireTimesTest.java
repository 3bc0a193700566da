package routes.jobs.triggers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.ParseException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import routes.CommitSeed;

/**
 * Fire times beside what {@code java.time} alone says, where clocks are put forward and back: in a
 * tenth of the zones, which the commit chooses; {@link FireTimesSlowTest} has them all.
 */
class FireTimesTest {

  private static final Instant FROM = Instant.parse("2010-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2030-01-01T00:00:00Z");

  /** Every zone there is, one of those that are alike, and clocks that are never shifted. */
  static final List<String> ZONES = allZones();

  /** The zones of which every shift is looked at. */
  List<String> walked() {
    int first = (int) Math.floorMod(CommitSeed.get(), 10L);
    return IntStream.iterate(first, i -> i < ZONES.size(), i -> i + 10)
        .mapToObj(ZONES::get)
        .toList();
  }

  private static List<String> allZones() {
    Map<ZoneRules, String> one = new HashMap<>();
    new TreeSet<>(ZoneId.getAvailableZoneIds())
        .forEach(zone -> one.putIfAbsent(ZoneId.of(zone).getRules(), zone));
    List<String> all = new ArrayList<>(new TreeSet<>(one.values()));
    all.addAll(List.of("+02:00", "-03:30", "GMT+5", "UTC-01:00", "Z"));
    return all;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          skipped: once, right after the gap       | 0 30 2 * * ?      | Europe/Berlin       | 2026-03-28T12:00:00Z | 2026-03-30T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z
          several skipped: one fire                | 0 0/10 2 * * ?    | Europe/Berlin       | 2026-03-29T00:00:00Z | 2026-03-29T12:00:00Z | 2026-03-29T01:00:00Z
          skipped, and one of the next hour        | 0 30 2,3 * * ?    | Europe/Berlin       | 2026-03-29T00:00:00Z | 2026-03-29T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-29T01:30:00Z
          the first of the next hour stands for it | 0 0 2,3 * * ?     | Europe/Berlin       | 2026-03-29T00:00:00Z | 2026-03-29T12:00:00Z | 2026-03-29T01:00:00Z
          repeated: the first time                 | 0 30 2 * * ?      | Europe/Berlin       | 2026-10-24T12:00:00Z | 2026-10-26T12:00:00Z | 2026-10-25T00:30:00Z 2026-10-26T01:30:00Z
          each of a repeated hour once             | 0 15,45 2 * * ?   | Europe/Berlin       | 2026-10-25T00:00:00Z | 2026-10-25T12:00:00Z | 2026-10-25T00:15:00Z 2026-10-25T00:45:00Z
          every second hour is at fixed hours      | 0 0 */2 * * ?     | Europe/Berlin       | 2026-03-28T22:30:00Z | 2026-03-29T03:00:00Z | 2026-03-28T23:00:00Z 2026-03-29T01:00:00Z 2026-03-29T02:00:00Z
          midnight is skipped                      | 0 0 0 * * ?       | Africa/Cairo        | 2026-04-23T12:00:00Z | 2026-04-25T00:00:00Z | 2026-04-23T22:00:00Z 2026-04-24T21:00:00Z
          midnight was skipped                     | 0 15 0 * * ?      | America/Sao_Paulo   | 2018-11-03T12:00:00Z | 2018-11-05T12:00:00Z | 2018-11-04T03:00:00Z 2018-11-05T02:15:00Z
          midnight comes twice                     | 0 30 23 * * ?     | America/Sao_Paulo   | 2019-02-16T12:00:00Z | 2019-02-18T12:00:00Z | 2019-02-17T01:30:00Z 2019-02-18T02:30:00Z
          a whole day was skipped                  | 0 0 2 * * ?       | Pacific/Apia        | 2011-12-29T00:00:00Z | 2011-12-31T00:00:00Z | 2011-12-29T12:00:00Z 2011-12-30T10:00:00Z 2011-12-30T12:00:00Z
          half an hour is skipped                  | 0 10 2 * * ?      | Australia/Lord_Howe | 2026-10-03T00:00:00Z | 2026-10-05T00:00:00Z | 2026-10-03T15:30:00Z 2026-10-04T15:10:00Z
          half an hour comes twice                 | 0 40 1 * * ?      | Australia/Lord_Howe | 2026-04-04T00:00:00Z | 2026-04-06T00:00:00Z | 2026-04-04T14:40:00Z 2026-04-05T15:10:00Z
          half-hourly, put forward                 | 0 0/30 * * * ?    | Europe/Berlin       | 2026-03-29T00:00:00Z | 2026-03-29T02:00:00Z | 2026-03-29T00:30:00Z 2026-03-29T01:00:00Z 2026-03-29T01:30:00Z 2026-03-29T02:00:00Z
          half-hourly, put back                    | 0 0/30 * * * ?    | Europe/Berlin       | 2026-10-25T00:00:00Z | 2026-10-25T02:00:00Z | 2026-10-25T00:30:00Z 2026-10-25T01:00:00Z 2026-10-25T01:30:00Z 2026-10-25T02:00:00Z
          hourly, put back                         | 0 20 0-23 * * ?   | Europe/Berlin       | 2026-10-24T23:30:00Z | 2026-10-25T03:00:00Z | 2026-10-25T00:20:00Z 2026-10-25T01:20:00Z 2026-10-25T02:20:00Z
          half-hourly, half an hour forward        | 0 0/30 * * * ?    | Australia/Lord_Howe | 2026-10-03T15:00:00Z | 2026-10-03T16:30:00Z | 2026-10-03T15:30:00Z 2026-10-03T16:00:00Z 2026-10-03T16:30:00Z
          half-hourly, half an hour back           | 0 0/30 * * * ?    | Australia/Lord_Howe | 2026-04-04T14:30:00Z | 2026-04-04T16:00:00Z | 2026-04-04T15:00:00Z 2026-04-04T15:30:00Z 2026-04-04T16:00:00Z
          hourly, its minute is skipped            | 0 15 * * * ?      | Australia/Lord_Howe | 2026-10-03T14:45:00Z | 2026-10-03T17:00:00Z | 2026-10-03T15:45:00Z 2026-10-03T16:15:00Z
          hourly, its minute comes twice           | 0 45 * * * ?      | Australia/Lord_Howe | 2026-04-04T14:00:00Z | 2026-04-04T17:00:00Z | 2026-04-04T14:45:00Z 2026-04-04T16:15:00Z
          an offset has no summer                  | 0 30 2 * * ?      | +02:00              | 2026-03-28T12:00:00Z | 2026-03-30T12:00:00Z | 2026-03-29T00:30:00Z 2026-03-30T00:30:00Z
          another spelling of one                  | 0 30 2 * * ?      | GMT-03:30           | 2026-03-28T12:00:00Z | 2026-03-29T12:00:00Z | 2026-03-29T06:00:00Z
          """)
  void whereClocksAreShifted(
      String what, String cron, String zone, Instant from, Instant to, String times) {
    assertThat(times(cron, zone).between(from, to, 1000))
        .extracting(Instant::toString)
        .containsExactly(times.split(" "));
  }

  /** One fire per local time: its own instant, its first, or the end of the gap that skips it. */
  @Property(tries = 5)
  void atFixedHoursEachDayHasItsFire(
      @ForAll("hours") String hours, @ForAll("minutes") String minutes) {
    String cron = "0 " + minutes + " " + hours + " * * ?";
    for (String zone : walked()) {
      FireTimes times = times(cron, zone);
      ZoneRules rules = ZoneId.of(zone).getRules();
      for (ZoneOffsetTransition shift : shifts(rules)) {
        Instant begin = shift.getInstant().minus(2, ChronoUnit.DAYS);
        Instant end = shift.getInstant().plus(2, ChronoUnit.DAYS);
        TreeSet<Instant> expected = new TreeSet<>();
        LocalDate day = LocalDate.ofInstant(begin, rules.getOffset(begin)).minusDays(1);
        for (int days = 0; days < 8; days++, day = day.plusDays(1)) {
          for (LocalTime time : times(hours.split(","), minutes.split(","))) {
            expected.add(first(day.atTime(time), rules));
          }
        }

        assertThat(times.between(begin, end, 10_000))
            .as("%s in %s", cron, zone)
            .containsExactlyElementsOf(expected.subSet(begin, false, end, true));
      }
    }
  }

  private static List<LocalTime> times(String[] hours, String[] minutes) {
    List<LocalTime> all = new ArrayList<>();
    for (String hour : hours) {
      for (String minute : minutes) {
        all.add(LocalTime.of(Integer.parseInt(hour), Integer.parseInt(minute)));
      }
    }
    return all;
  }

  private static Instant first(LocalDateTime time, ZoneRules rules) {
    List<ZoneOffset> offsets = rules.getValidOffsets(time);
    return offsets.isEmpty()
        ? rules.getTransition(time).getInstant()
        : time.toInstant(offsets.get(0));
  }

  /** Where clocks are shifted by whole hours, nothing but elapsed time counts. */
  @Property
  void eachHourFollowsElapsedTime(@ForAll("steps") int minutes) {
    for (String zone : walked()) {
      FireTimes times = times("0 0/" + minutes + " * * * ?", zone);
      for (ZoneOffsetTransition shift : shifts(ZoneId.of(zone).getRules())) {
        Instant begin = shift.getInstant().minus(2, ChronoUnit.HOURS);
        List<Instant> fires = times.between(begin, begin.plus(4, ChronoUnit.HOURS), 10_000);
        boolean whole = shift.getDuration().toMinutes() % 60 == 0;
        for (int i = 1; i < fires.size(); i++) {
          Duration apart = Duration.between(fires.get(i - 1), fires.get(i));
          assertThat(apart)
              .as("%s after %s", zone, fires.get(i - 1))
              .isBetween(
                  Duration.ofMinutes(whole ? minutes : 1),
                  Duration.ofMinutes(whole ? minutes : minutes + 30L));
        }
        assertThat(fires).hasSizeBetween(240 / minutes - 1, 240 / minutes + 1);
      }
    }
  }

  /** A year, in which as much is put forward as back, has as many fires as it has hours. */
  @Property
  void inAYearNoFireIsLostAndNoneDoubled(@ForAll("fiveMinutes") int minute) {
    Instant begin = Instant.parse("2026-01-01T12:00:00Z");
    Instant end = begin.plus(365, ChronoUnit.DAYS);

    assertThat(times("0 " + minute + " * * * ?", "Australia/Lord_Howe").between(begin, end, 10_000))
        .hasSize(365 * 24);
  }

  @Property(tries = 300)
  void theNextFireIsTheSameFromWhereverItIsAsked(
      @ForAll("zones") String zone, @ForAll("crons") String cron, @ForAll("seconds") long second) {
    FireTimes times = times(cron, zone);
    List<ZoneOffsetTransition> shifts = shifts(ZoneId.of(zone).getRules());
    Instant near =
        shifts.isEmpty() ? FROM : shifts.get((int) (second % shifts.size())).getInstant();
    Instant begin = near.minusSeconds(second % 7200);
    List<Instant> fires = times.between(begin, begin.plus(3, ChronoUnit.DAYS), 10_000);

    for (int i = 0; i < fires.size() && i < 200; i++) {
      Instant before = i == 0 ? begin : fires.get(i - 1);
      Instant fire = fires.get(i);
      assertThat(fire).isAfter(before);
      Instant between = before.plusMillis(second % (Duration.between(before, fire).toMillis()));
      assertThat(times.next(between)).as("%s in %s after %s", cron, zone, between).isEqualTo(fire);
      assertThat(times.next(fire.minusNanos(1))).isEqualTo(fire);
      assertThat(times.between(before, fire, 10)).containsExactly(fire);
    }
  }

  /** Every day of the month with a W, its last ones, and several of them, over twenty years. */
  @Property(tries = 400)
  void theNearestWeekdayIsFoundFromEveryDay(
      @ForAll("weekdays") List<String> days, @ForAll("seconds") long second) {
    LocalDate begin = LocalDate.of(2010, 1, 1).plusDays(second % 7000);
    List<LocalDate> expected =
        begin.datesUntil(begin.plusDays(400)).filter(day -> isOneOf(days, day)).toList();
    FireTimes times = times("0 0 2 " + String.join(",", days) + " * ?", "UTC");

    assertThat(times.between(begin.atTime(1, 0).toInstant(ZoneOffset.UTC), at(begin, 400), 1000))
        .as("%s from %s", days, begin)
        .containsExactlyElementsOf(
            expected.stream().map(day -> day.atTime(2, 0).toInstant(ZoneOffset.UTC)).toList());
    // Asked from each of the days themselves: Quartz 2.5.2 then finds none, ever.
    for (LocalDate day : expected) {
      Instant fire = day.atTime(2, 0).toInstant(ZoneOffset.UTC);
      assertThat(times.next(day.atStartOfDay().toInstant(ZoneOffset.UTC))).isEqualTo(fire);
    }
  }

  /** The rest of Quartz's days, since the text is read by Quartz. */
  @Property(tries = 200)
  void daysOfTheWeekAreThoseOfTheCalendar(
      @ForAll("dayOfWeek") int day, @ForAll("nth") int nth, @ForAll("seconds") long second) {
    LocalDate begin = LocalDate.of(2010, 1, 1).plusDays(second % 7000);
    DayOfWeek weekday = DayOfWeek.of(day == 1 ? 7 : day - 1); // Quartz: 1 is Sunday
    String field = nth == 0 ? day + "" : nth == 6 ? day + "L" : day + "#" + nth;

    assertThat(
            times("0 0 2 ? * " + field, "UTC")
                .between(begin.atTime(1, 0).toInstant(ZoneOffset.UTC), at(begin, 400), 1000))
        .as("%s from %s", field, begin)
        .containsExactlyElementsOf(
            begin
                .datesUntil(begin.plusDays(400))
                .filter(date -> isNth(date, weekday, nth))
                .map(date -> date.atTime(2, 0).toInstant(ZoneOffset.UTC))
                .toList());
  }

  private static boolean isNth(LocalDate date, DayOfWeek weekday, int nth) {
    return date.getDayOfWeek() == weekday
        && (nth == 0
            || nth == 6 && date.equals(date.with(TemporalAdjusters.lastInMonth(weekday)))
            || nth == (date.getDayOfMonth() + 6) / 7);
  }

  @Example
  void aNearestWeekdayIsFoundFromItsMonday() {
    // The first of March 2026 is a Sunday; its nearest weekday in the month is Monday the second.
    assertThat(times("0 0 2 1W * ?", "UTC").next(Instant.parse("2026-03-02T00:00:00Z")))
        .isEqualTo("2026-03-02T02:00:00Z");
  }

  @ParameterizedTest(name = "{0} never comes")
  @ValueSource(
      strings = {
        "0 0 2 31 6 ?",
        "0 0 2 30 2 ?",
        "0 0 2 29 2 ? 2027",
        "0 0 2 * * ? 2020",
        "0 0 * 31 6 ?",
        "0 0 2 31W 6 ?",
        "* * * 30W 2 ?",
        "0 0 2 L-30W 2 ?"
      })
  void whatNeverComesIsToldApart(String cron) {
    assertThat(times(cron, "Europe/Berlin").next(Instant.parse("2026-11-30T00:00:00Z"))).isNull();
  }

  @ParameterizedTest(name = "''{0}''")
  @ValueSource(
      strings = {
        "", "* * *", "0 0 2 32W * ?", "0 0 2 0W * ?", "0 0 2 L-31W * ?", "0 0 2 W * ?",
        "0 0 2 WL * ?", "0 0 25 * * ?", "0 0 2 * * *", "0 0 2 ? * ?", "whenever", "@daily",
        ", , , , , ,"
      })
  void whatIsNoCronIsRefused(String cron) {
    assertThatThrownBy(() -> new FireTimes(cron, ZoneOffset.UTC))
        .isInstanceOf(ParseException.class);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 2 ? * 2#2,6    | "2#2,6" in the day of week: # cannot be combined
          0 0 2 ? * 6,MON#2  | "6,MON#2" in the day of week: # cannot be combined
          0 0 2 ? * 2-4#2    | "2-4#2" in the day of week: # cannot be combined
          0 0 2 ? * 6L,2     | "6L,2" in the day of week: L cannot be combined
          0 0 2 ? * L-2      | "L-2" in the day of week: L cannot be combined
          0 0 2 ? * 5L-2     | "5L-2" in the day of week: L cannot be combined
          0 0 2 ? * 8#2      | "8#2" in the day of week: cannot be read
          0 0 2 ? * 2#6      | "2#6" in the day of week: cannot be read
          0 0 2 ? * 2x       | "2x" in the day of week: '2X' cannot be read
          0 0 2 ? * MONDAY   | "MONDAY" in the day of week: 'MONDAY' cannot be read
          0 0 2 ? * 1C       | "1C" in the day of week: '1C' cannot be read
          0 0 2 ? * 2-0      | "2-0" in the day of week: a value is 0 but must lie in 1-7
          0 0 2 1W-5 * ?     | "1W-5" in the day of month: '1W-5' cannot be read
          0 0 2 5C * ?       | "5C" in the day of month: '5C' cannot be read
          0 0 2 L/2 * ?      | "L/2" in the day of month: 'L/2' cannot be read
          0 0 2 ?,5 * MON    | "?,5" in the day of month: ? cannot be combined
          0 0 2,, * * ?      | "2,," in the hour: a part is empty
          0 0 ,2 * * ?       | ",2" in the hour: a part is empty
          0 0/0 * * * ?      | "0/0" in the minute: a step is 0
          0 */0 * * * ?      | "*/0" in the minute: a step is 0
          0 0-30/0 * * * ?   | "0-30/0" in the minute: a step is 0
          0 */60 * * * ?     | "*/60" in the minute: a step is 60
          0 0-30/15x * * * ? | "0-30/15x" in the minute: '0-30/15X' cannot be read
          2x 0 2 * * ?       | "2x" in the second: '2X' cannot be read
          0 0 2 1 JANX ?     | "JANX" in the month: 'JANX' cannot be read
          0 0 2 1 1 ? 2030x  | "2030x" in the year: '2030X' cannot be read
          0 0 2 * *          | has 5 fields
          0 0 2 * * ? * *    | has 8 fields
          """)
  void whatQuartzWouldLeaveOutIsRefused(String cron, String message) {
    assertThatThrownBy(() -> new FireTimes(cron, ZoneOffset.UTC))
        .isInstanceOf(ParseException.class)
        .hasMessageStartingWith(message);
  }

  /** From the first of June 2026, a Monday. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 2 ? * MON/2       | 06-01 06-03 06-05 06-08
          0 0 2 ? * mon-fri/2   | 06-01 06-03 06-05 06-08
          0 0 2 ? * 2/3         | 06-01 06-04 06-08 06-11
          0 0 2 ? * SAT-MON,WED | 06-01 06-03 06-06 06-07
          0 0 2 ? * FRIL        | 06-26 07-31 08-28 09-25
          0 0 2 ? * TUE#2       | 06-09 07-14 08-11 09-08
          0 0 2 ? * L           | 06-06 06-13 06-20 06-27
          0 0 2 L,L-3,15W * ?   | 06-15 06-27 06-30 07-15
          0 0 2 1-31/10 * ?     | 06-01 06-11 06-21 07-01
          0 0 2 1 JUN/2 ?       | 06-01 08-01 10-01 12-01
          0 0 2 1 JUN,AUG-OCT ? | 06-01 08-01 09-01 10-01
          00 00 02 /10 * ? 2026 | 06-01 06-11 06-21 07-01
          """)
  void whatTheGrammarTakesFiresOnAllItsDays(String cron, String days) {
    assertThat(
            times(cron, "UTC")
                .between(
                    Instant.parse("2026-06-01T00:00:00Z"),
                    Instant.parse("2027-01-01T00:00:00Z"),
                    1000))
        .extracting(time -> time.toString().substring(5, 10))
        .startsWith(days.split(" "));
  }

  @Test
  void whatLiesBeforeThereWereComputersIsNotLookedAt() {
    assertThat(
            times("0 0 2 * * ?", "UTC")
                .between(Instant.MIN, Instant.parse("1970-01-03T00:00:00Z"), 9))
        .hasSize(2);
  }

  private static boolean isOneOf(List<String> days, LocalDate day) {
    return days.stream().anyMatch(one -> is(one, day));
  }

  private static boolean is(String field, LocalDate date) {
    String text = field.replace("W", "");
    int length = date.lengthOfMonth();
    int nominal =
        text.equals("L")
            ? length
            : text.startsWith("L-")
                ? length - Integer.parseInt(text.substring(2))
                : Integer.parseInt(text);
    if (nominal < 1 || nominal > length) {
      return false;
    }
    if (!field.endsWith("W")) {
      return date.getDayOfMonth() == nominal;
    }
    // Of the weekdays of the month: the nearest one.
    LocalDate first = date.withDayOfMonth(1);
    LocalDate wanted = date.withDayOfMonth(nominal);
    return first
        .datesUntil(first.plusMonths(1))
        .filter(one -> one.getDayOfWeek().getValue() < 6)
        .min(Comparator.comparingLong(one -> Math.abs(ChronoUnit.DAYS.between(one, wanted))))
        .orElseThrow()
        .equals(date);
  }

  private static Instant at(LocalDate begin, int days) {
    return begin.plusDays(days).atTime(LocalTime.MIDNIGHT).toInstant(ZoneOffset.UTC);
  }

  private static List<ZoneOffsetTransition> shifts(ZoneRules rules) {
    List<ZoneOffsetTransition> shifts = new ArrayList<>();
    for (ZoneOffsetTransition at = rules.nextTransition(FROM);
        at != null && at.getInstant().isBefore(TO);
        at = rules.nextTransition(at.getInstant())) {
      shifts.add(at);
    }
    return shifts;
  }

  static FireTimes times(String cron, String zone) {
    try {
      return new FireTimes(cron, ZoneId.of(zone));
    } catch (ParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Provide
  Arbitrary<String> zones() {
    return Arbitraries.of(ZONES);
  }

  @Provide
  Arbitrary<String> hours() {
    return Arbitraries.integers()
        .between(0, 23)
        .set()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(hours -> String.join(",", hours.stream().map(String::valueOf).toList()));
  }

  @Provide
  Arbitrary<String> minutes() {
    return Arbitraries.integers()
        .between(0, 59)
        .set()
        .ofMinSize(1)
        .ofMaxSize(2)
        .map(minutes -> String.join(",", minutes.stream().map(String::valueOf).toList()));
  }

  @Provide
  Arbitrary<Integer> fiveMinutes() {
    return Arbitraries.integers().between(0, 11).map(five -> five * 5);
  }

  @Provide
  Arbitrary<Integer> steps() {
    return Arbitraries.of(1, 5, 10, 15, 20, 30);
  }

  @Provide
  Arbitrary<Long> seconds() {
    return Arbitraries.longs().between(0, 100_000_000);
  }

  @Provide
  Arbitrary<Integer> dayOfWeek() {
    return Arbitraries.integers().between(1, 7);
  }

  /** 0: every one; 6: the last. */
  @Provide
  Arbitrary<Integer> nth() {
    return Arbitraries.integers().between(0, 6);
  }

  @Provide
  Arbitrary<String> crons() {
    return Arbitraries.of(
        "0 30 2 * * ?",
        "0 0 0 * * ?",
        "0 0/20 * * * ?",
        "0 45 * * * ?",
        "0 15 */3 * * ?",
        "30 0/7 1-3 * * ?",
        "0 5 0 ? * SUN#1",
        "0 0 * ? * SUN",
        "0 0 2 LW * ?",
        "0/50 * 2 * * ?");
  }

  @Provide
  Arbitrary<List<String>> weekdays() {
    List<String> all = new ArrayList<>(List.of("LW", "L-1W", "L-3W", "L-10W", "L-30W"));
    for (int day = 1; day <= 31; day++) {
      all.add(day + "W");
    }
    Arbitrary<String> some = Arbitraries.of(all);
    return Arbitraries.oneOf(
        some.list().ofMinSize(1).ofMaxSize(3).uniqueElements(),
        some.map(one -> List.of(one, "7", "31")));
  }
}
