package routes.backup.retention;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import routes.backup.retention.Decision.Reason;

/**
 * Decides which snapshots of one source stay.
 *
 * <p>The calendar rules are the well-known ones of restic and borg: of the newest <i>n</i> hours
 * (days, …) that have a snapshot, one snapshot each; periods without one are not counted. They
 * differ in two points. Which one stays: a proven one before an unproven one before a damaged one,
 * then the newest; else a second, undrilled backup in the evening would push the night's proven one
 * out. And what is counted: a period that has only damaged ones keeps its newest one and takes no
 * place, so that damage never pushes a sound snapshot out.
 *
 * <p>Ages are counted from the newest snapshot and not from now. So the passing of time removes
 * nothing: when backups stop, so does expiry.
 */
public final class Planner {

  /** How far clocks may be apart before a snapshot counts as one from the future. */
  static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  /** How many predecessors the size of the newest snapshot is compared with. */
  public static final int COMPARED = 7;

  static final Comparator<SnapshotFacts> NEWEST_FIRST =
      Comparator.comparing(SnapshotFacts::takenAt).thenComparing(SnapshotFacts::id).reversed();

  private final List<SnapshotFacts> present = new ArrayList<>();
  private final Map<SnapshotFacts, List<Reason>> reasons = new LinkedHashMap<>();
  private final Policy policy;

  private Planner(Collection<SnapshotFacts> snapshots, Policy policy, Instant now) {
    this.policy = policy;
    for (SnapshotFacts snapshot : snapshots.stream().sorted(NEWEST_FIRST).toList()) {
      reasons.put(snapshot, new ArrayList<>());
      if (snapshot.takenAt().isAfter(now.plus(CLOCK_SKEW))) {
        keep(snapshot, Rule.FUTURE, "from the future: look at the clocks");
      } else {
        present.add(snapshot);
      }
    }
  }

  /**
   * Decides.
   *
   * @param snapshots all of one source, in any order, each id once
   * @param now only tells which snapshots are from the future
   */
  public static RetentionPlan plan(
      Collection<SnapshotFacts> snapshots, Policy policy, Instant now) {
    return new Planner(snapshots, policy, now).decide();
  }

  private RetentionPlan decide() {
    Optional<String> refusal = refusal();
    for (SnapshotFacts snapshot : reasons.keySet()) {
      refusal.ifPresent(why -> keep(snapshot, Rule.REFUSED, "refused: " + why));
      if (snapshot.held()) {
        keep(snapshot, Rule.HELD, "held");
      }
      if (snapshot.inUse()) {
        keep(snapshot, Rule.IN_USE, "in use");
      }
    }
    newestProven();
    within();
    last();
    perPeriod(Rule.HOURLY, policy.hourly(), Planner::hour);
    perPeriod(Rule.DAILY, policy.daily(), taken -> taken.toLocalDate().toEpochDay());
    perPeriod(Rule.WEEKLY, policy.weekly(), Planner::monday);
    perPeriod(Rule.MONTHLY, policy.monthly(), t -> t.getYear() * 12L + t.getMonthValue() - 1);
    perPeriod(Rule.YEARLY, policy.yearly(), ZonedDateTime::getYear);
    List<Decision> decisions = new ArrayList<>();
    reasons.forEach(
        (snapshot, why) ->
            decisions.add(
                why.isEmpty()
                    ? new Decision(snapshot, false, List.of(unneeded(snapshot)))
                    : new Decision(snapshot, true, why)));
    return new RetentionPlan(decisions, refusal);
  }

  private static Reason unneeded(SnapshotFacts snapshot) {
    return new Reason(
        Rule.NONE,
        (snapshot.proof().isSound() ? "" : "damaged, and ") + "no rule has a place for it");
  }

  /** Why nothing may go. */
  private Optional<String> refusal() {
    if (reasons.isEmpty()) {
      return Optional.empty();
    }
    if (present.stream().noneMatch(snapshot -> snapshot.proof() == Proof.VERIFIED)) {
      return Optional.of("no drill has proven any snapshot");
    }
    SnapshotFacts judged =
        present.stream().filter(s -> s.proof() != Proof.UNPROVEN).findFirst().orElseThrow();
    if (judged.proof() == Proof.DAMAGED) {
      return Optional.of("the newest drilled snapshot, " + judged.id() + ", is damaged");
    }
    return shrunk();
  }

  /** A database that was emptied is backed up and proven as well as any other. */
  private Optional<String> shrunk() {
    List<Long> before =
        present.stream()
            .skip(1)
            .filter(snapshot -> snapshot.proof().isSound())
            .limit(COMPARED)
            .filter(snapshot -> snapshot.plainBytes().isPresent())
            .map(snapshot -> snapshot.plainBytes().getAsLong())
            .sorted()
            .toList();
    SnapshotFacts newest = present.get(0);
    if (before.isEmpty() || newest.plainBytes().isEmpty()) {
      return Optional.empty();
    }
    long usual = before.get(before.size() / 2);
    return newest.plainBytes().getAsLong() < policy.shrinkLimit() * usual
        ? Optional.of(
            "the newest snapshot holds %s bytes, those before it about %s"
                .formatted(newest.plainBytes().getAsLong(), usual))
        : Optional.empty();
  }

  private void newestProven() {
    int proven = 0;
    for (SnapshotFacts snapshot : present) {
      if (snapshot.proof() == Proof.VERIFIED && proven < policy.minVerified()) {
        proven++;
        keep(snapshot, Rule.VERIFIED, "proven " + proven + " of " + policy.minVerified());
      }
    }
  }

  private void within() {
    if (policy.within().isZero()) {
      return;
    }
    for (SnapshotFacts snapshot : present) {
      Duration older = Duration.between(snapshot.takenAt(), present.get(0).takenAt());
      if (older.compareTo(policy.within()) <= 0) {
        keep(snapshot, Rule.WITHIN, "within " + words(policy.within()) + " of the newest");
      }
    }
  }

  private void last() {
    int sound = 0;
    for (SnapshotFacts snapshot : present) {
      if (sound == policy.last()) {
        return;
      }
      keep(snapshot, Rule.LAST, "last " + place(snapshot, sound + 1, policy.last()));
      sound += snapshot.proof().isSound() ? 1 : 0;
    }
  }

  private void perPeriod(Rule rule, int count, ToLongFunction<ZonedDateTime> period) {
    // Keyed, not in a row: where clocks go back at midnight, a day may come twice.
    TreeMap<Long, SnapshotFacts> best = new TreeMap<>(Comparator.reverseOrder());
    for (SnapshotFacts snapshot : present) {
      best.merge(
          period.applyAsLong(snapshot.takenAt().atZone(policy.zone())),
          snapshot,
          (newer, older) -> older.proof().compareTo(newer.proof()) < 0 ? older : newer);
    }
    int sound = 0;
    for (SnapshotFacts snapshot : best.values()) {
      if (sound == count) {
        return;
      }
      keep(snapshot, rule, name(rule) + " " + place(snapshot, sound + 1, count));
      sound += snapshot.proof().isSound() ? 1 : 0;
    }
  }

  private static String place(SnapshotFacts snapshot, int place, int of) {
    return snapshot.proof().isSound() ? place + " of " + of : "(damaged, not counted)";
  }

  private static String name(Rule rule) {
    return rule.name().toLowerCase(Locale.ROOT);
  }

  /** With its offset: where clocks go back, one hour on the wall is two. */
  private static long hour(ZonedDateTime taken) {
    return taken.toOffsetDateTime().truncatedTo(ChronoUnit.HOURS).toEpochSecond();
  }

  private static long monday(ZonedDateTime taken) {
    return taken
        .toLocalDate()
        .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
        .toEpochDay();
  }

  private static String words(Duration duration) {
    boolean days = duration.toSeconds() % 86_400 == 0;
    return days ? duration.toDays() + "d" : duration.toString();
  }

  private void keep(SnapshotFacts snapshot, Rule rule, String text) {
    reasons.get(snapshot).add(new Reason(rule, text));
  }
}
