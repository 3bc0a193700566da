package routes.backup.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules one by one; {@link PlannerPropertiesTest} asks for what holds always. */
class PlannerTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  /**
   * Snapshots as {@code <hours old><marks>}: v proven, d damaged, h held, u in use; else unproven.
   */
  private static List<SnapshotFacts> snapshots(String text) {
    List<SnapshotFacts> all = new ArrayList<>();
    for (String word : text.strip().split(" +")) {
      String hours = word.replaceAll("[a-z]", "");
      all.add(
          new SnapshotFacts(
              word,
              NOW.minus(Duration.ofMinutes(Math.round(Double.parseDouble(hours) * 60))),
              word.contains("v")
                  ? Proof.VERIFIED
                  : word.contains("d") ? Proof.DAMAGED : Proof.UNPROVEN,
              word.contains("h"),
              word.contains("u"),
              OptionalLong.empty()));
    }
    return all;
  }

  /** {@code last=2 daily=7 …}; what is not named keeps as little as may be. */
  private static Policy policy(String text) {
    return policy(text, ZoneOffset.UTC);
  }

  private static Policy policy(String text, ZoneId zone) {
    return new Policy(
        Duration.ofHours(number(text, "within", 0)),
        number(text, "last", 1),
        number(text, "hourly", 0),
        number(text, "daily", 0),
        number(text, "weekly", 0),
        number(text, "monthly", 0),
        number(text, "yearly", 0),
        number(text, "verified", 1),
        number(text, "shrink", 0) / 100.0,
        zone);
  }

  private static int number(String text, String name, int fallback) {
    return Arrays.stream(text.split(" "))
        .filter(word -> word.startsWith(name + "="))
        .map(word -> Integer.parseInt(word.substring(name.length() + 1)))
        .findAny()
        .orElse(fallback);
  }

  private static String removed(List<SnapshotFacts> snapshots, Policy policy) {
    return Planner.plan(snapshots, policy, NOW).removals().stream()
        .map(decision -> decision.snapshot().id())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          the newest stays                              | last=1                   | 1v 2v 3v           | 3v 2v
          last counts                                   | last=2                   | 1v 2v 3v           | 3v
          the newest proven stays, however old          | last=1                   | 1 2 3 900v 901v    | 901v 3 2
          a floor of proven ones                        | last=1 verified=2        | 1 2 3 900v 901v    | 3 2
          nothing proven, nothing goes                  | last=1                   | 1 2 3 4 900        |
          a held one stays                              | last=1                   | 1v 2v 3vh 4v       | 4v 2v
          one in use stays                              | last=1                   | 1v 2v 3vu 4v       | 4v 2v
          the newest drilled is damaged: nothing goes   | last=1                   | 1 2d 3v 4v 5v      |
          proven again after damage: it goes on         | last=1                   | 1v 2d 3v 4v        | 4v 3v 2d
          one from the future neither goes nor counts   | last=1                   | -1 1v 2v           | 2v
          one proven in the future proves nothing       | last=1                   | -1v 1 2 3          |
          a clock five minutes off is not a future         | last=1                   | -0.05v 1v          | 1v
          within is counted from the newest, not now    | within=24                | 900v 923v 925v     | 925v
          within keeps damaged ones too                 | within=24                | 1v 5d 6v 40v       | 40v
          one a day, the newest of it                   | daily=2                  | 1v 2v 14v 20v 60v  | 60v 20v 2v
          a proven one before a newer unproven one      | daily=1                  | 1 2 3v 4v          | 4v 2
          an unproven one before a newer damaged one    | daily=2                  | 1v 14d 15 16       | 16 14d
          days without one are not counted              | daily=3                  | 1v 100v 900v 990v  | 990v
          only damaged: kept, and takes no place        | daily=2                  | 1v 30d 60v 90v     | 90v
          damaged beyond the last place goes            | daily=2                  | 1v 30v 60d 90v     | 90v 60d
          damaged ones take no place among the last     | last=2                   | 1v 2d 3v 4v        | 4v
          rules add up                                  | last=1 daily=2 monthly=2 | 1v 5v 30v 60v 600v | 60v 5v
          hours                                         | hourly=2                 | 0.1v 0.2v 1v 1.1v  | 1v 0.2v
          weeks begin on Monday (NOW is a Sunday)       | weekly=2                 | 1v 120v 157v 200v  | 200v 120v
          years                                         | yearly=2                 | 1v 7000v 9000v     | 7000v
          """)
  void rules(String name, String policy, String snapshots, String removed) {
    assertThat(removed(snapshots(snapshots), policy(policy)))
        .isEqualTo(removed == null ? "" : removed);
  }

  @ParameterizedTest(name = "{0}: the newest has {1} bytes, the others {2}")
  @CsvSource({
    "emptied,                            0,    1000 1000 1000, true",
    "less than half,                     499,  1000 1000 1000, true",
    "half,                               500,  1000 1000 1000, false",
    "grown,                              9000, 1000 1000 1000, false",
    "one great one among them,           500,  900 90000 1000, false",
    "not known,                          -1,   1000 1000 1000, false",
    "small for most of a week by now,    10,   10 10 10 10 1000 1000 1000 1000 1000, false",
    "small for three days,               10,   10 10 10 1000 1000 1000 1000 1000 1000, true",
  })
  void nothingGoesWhileTheNewestHasLostMostOfItsContent(
      String name, long newest, String others, boolean refused) {
    List<SnapshotFacts> all = new ArrayList<>();
    long[] sizes =
        (newest + " " + others)
            .lines()
            .flatMap(l -> Arrays.stream(l.split(" +")))
            .mapToLong(Long::parseLong)
            .toArray();
    for (int i = 0; i < sizes.length; i++) {
      all.add(
          new SnapshotFacts(
              "s" + i,
              NOW.minus(Duration.ofDays(i)),
              Proof.VERIFIED,
              false,
              false,
              sizes[i] < 0 ? OptionalLong.empty() : OptionalLong.of(sizes[i])));
    }

    RetentionPlan plan = Planner.plan(all, policy("last=1 shrink=50"), NOW);

    assertThat(plan.refusal().isPresent()).isEqualTo(refused);
    assertThat(plan.removals()).hasSize(refused ? 0 : all.size() - 1);
    assertThat(Planner.plan(all, policy("last=1 shrink=0"), NOW).refusal()).isEmpty();
  }

  @ParameterizedTest(name = "{0} of {1}: {2} are in {3} different ones")
  @CsvSource({
    // Clocks go back at 03:00 in Berlin: 02:30 comes twice, an hour apart.
    "hourly,  Europe/Berlin,    2026-10-25T00:30 2026-10-25T01:30,                  2",
    "daily,   Europe/Berlin,    2026-10-24T22:30 2026-10-25T22:30,                  1",
    "daily,   UTC,              2026-10-24T22:30 2026-10-25T22:30,                  2",
    "daily,   Europe/Berlin,    2026-03-28T23:30 2026-03-29T21:30,                  1",
    // Went back at 00:01: 7 November has a minute before the last hour of the 6th comes again.
    "daily,   America/St_Johns, 2010-11-07T02:30:30 2010-11-07T02:31:30 2010-11-07T04:00, 2",
    "weekly,  UTC,              2026-12-28T00:00 2027-01-03T23:59,                  1",
    "weekly,  UTC,              2027-01-03T23:59 2027-01-04T00:00,                  2",
    "monthly, Asia/Tokyo,       2026-10-31T15:00 2026-11-30T14:59,                  1",
    "yearly,  Asia/Tokyo,       2026-12-31T14:59 2026-12-31T15:00,                  2",
  })
  void periodsAreThoseOfTheWall(String rule, String zone, String times, int different) {
    List<SnapshotFacts> all = new ArrayList<>();
    for (String time : times.split(" ")) {
      all.add(
          new SnapshotFacts(
              time,
              LocalDateTime.parse(time).toInstant(ZoneOffset.UTC),
              Proof.VERIFIED,
              false,
              false,
              OptionalLong.empty()));
    }
    Instant later = Instant.parse("2030-01-01T00:00:00Z");

    RetentionPlan plan = Planner.plan(all, policy(rule + "=9", ZoneId.of(zone)), later);

    assertThat(plan.decisions().stream().filter(Decision::keep)).hasSize(different);
  }

  @Test
  void twoOfOneSecondAreOrderedByTheirNames() {
    SnapshotFacts a =
        new SnapshotFacts("a", NOW, Proof.VERIFIED, false, false, OptionalLong.empty());
    SnapshotFacts b =
        new SnapshotFacts("b", NOW, Proof.VERIFIED, false, false, OptionalLong.empty());

    assertThat(removed(List.of(a, b), policy("last=1"))).isEqualTo("a");
    assertThat(removed(List.of(b, a), policy("last=1"))).isEqualTo("a");
  }

  @Test
  void everyReasonIsTold() {
    RetentionPlan plan =
        Planner.plan(snapshots("1vh 30v 90v"), policy("last=1 within=2 daily=2 monthly=1"), NOW);

    assertThat(plan.decisions().get(0).why())
        .isEqualTo(
            "held; proven 1 of 1; within PT2H of the newest; last 1 of 1; daily 1 of 2;"
                + " monthly 1 of 1");
    assertThat(plan.decisions().get(1).why()).isEqualTo("daily 2 of 2");
    assertThat(plan.decisions().get(2).why()).isEqualTo("no rule has a place for it");
  }

  @Test
  void theDigestNamesWhatGoesAndNothingElse() {
    RetentionPlan seen = Planner.plan(snapshots("2v 30v 31v"), policy("daily=2"), NOW);
    RetentionPlan withANewer = Planner.plan(snapshots("1v 2v 30v 31v"), policy("daily=2"), NOW);
    RetentionPlan same = Planner.plan(snapshots("2v 30v 31v"), policy("daily=2 last=2"), NOW);

    assertThat(seen.digest("main")).hasSize(16).isEqualTo(same.digest("main"));
    assertThat(seen.digest("main")).isNotEqualTo(seen.digest("other"));
    assertThat(seen.digest("main")).isNotEqualTo(withANewer.digest("main"));
  }

  @Test
  void aPolicyThatCouldKeepNothingIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> policy("last=0"));
    assertThatIllegalArgumentException().isThrownBy(() -> policy("verified=0"));
    assertThatIllegalArgumentException().isThrownBy(() -> policy("daily=-1"));
    assertThatIllegalArgumentException().isThrownBy(() -> policy("within=-1"));
    assertThatIllegalArgumentException().isThrownBy(() -> policy("shrink=101"));
  }
}
