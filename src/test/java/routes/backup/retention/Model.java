package routes.backup.retention;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * The rules once more, each as the sentence in {@code docs/operations.md} has it, asked of one
 * snapshot at a time and with arithmetic instead of a calendar: slow, and written to be read beside
 * the page and not beside the planner.
 */
final class Model {

  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("uuuuMM").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter YEAR =
      DateTimeFormatter.ofPattern("uuuu").withZone(ZoneOffset.UTC);

  private final RandomHistory history;
  private final List<SnapshotFacts> present;

  Model(RandomHistory history) {
    this.history = history;
    this.present =
        history.snapshots().stream()
            .filter(s -> s.takenAt().getEpochSecond() <= history.now().getEpochSecond() + 300)
            .toList();
  }

  boolean keeps(SnapshotFacts s) {
    Policy policy = history.policy();
    return !present.contains(s)
        || refuses()
        || s.held()
        || s.inUse()
        || s.proof() == Proof.VERIFIED
            && newer(s).filter(t -> t.proof() == Proof.VERIFIED).count() < policy.minVerified()
        || !policy.within().isZero()
            && !newest().takenAt().minus(policy.within()).isAfter(s.takenAt())
        || newer(s).filter(t -> t.proof() != Proof.DAMAGED).count() < policy.last()
        || represents(s, policy.hourly(), at -> wall(at) / 3600 * 3600 - offset(at))
        || represents(s, policy.daily(), this::day)
        || represents(s, policy.weekly(), at -> Math.floorDiv(day(at) + 3, 7))
        || represents(s, policy.monthly(), at -> number(MONTH, at))
        || represents(s, policy.yearly(), at -> number(YEAR, at));
  }

  boolean refuses() {
    if (present.stream().noneMatch(s -> s.proof() == Proof.VERIFIED)) {
      return true;
    }
    Optional<SnapshotFacts> judged =
        present.stream()
            .filter(s -> s.proof() != Proof.UNPROVEN)
            .filter(s -> newer(s).allMatch(t -> t.proof() == Proof.UNPROVEN))
            .findAny();
    return judged.orElseThrow().proof() == Proof.DAMAGED || shrunk();
  }

  private boolean shrunk() {
    SnapshotFacts newest = newest();
    List<Long> sizes =
        present.stream()
            .filter(s -> s != newest && s.proof() != Proof.DAMAGED)
            .sorted(Comparator.comparingLong(s -> newer(s).count()))
            .limit(7)
            .flatMap(s -> s.plainBytes().stream().boxed())
            .sorted()
            .toList();
    return !sizes.isEmpty()
        && newest.plainBytes().isPresent()
        && newest.plainBytes().getAsLong()
            < history.policy().shrinkLimit() * sizes.get(sizes.size() / 2);
  }

  private SnapshotFacts newest() {
    return present.stream().filter(s -> newer(s).findAny().isEmpty()).findAny().orElseThrow();
  }

  private java.util.stream.Stream<SnapshotFacts> newer(SnapshotFacts s) {
    return present.stream().filter(t -> isNewer(t, s));
  }

  private static boolean isNewer(SnapshotFacts t, SnapshotFacts s) {
    int order = t.takenAt().compareTo(s.takenAt());
    return order > 0 || order == 0 && t.id().compareTo(s.id()) > 0;
  }

  private boolean represents(SnapshotFacts s, int count, ToLongFunction<Instant> period) {
    long mine = period.applyAsLong(s.takenAt());
    TreeSet<Long> later = new TreeSet<>();
    for (SnapshotFacts t : present) {
      long theirs = period.applyAsLong(t.takenAt());
      boolean better =
          t.proof() == s.proof() ? isNewer(t, s) : t.proof().ordinal() < s.proof().ordinal();
      if (theirs == mine && better) {
        return false;
      }
      if (theirs > mine && t.proof() != Proof.DAMAGED) {
        later.add(theirs);
      }
    }
    return later.size() < count;
  }

  private long offset(Instant at) {
    return history.policy().zone().getRules().getOffset(at).getTotalSeconds();
  }

  private long wall(Instant at) {
    return at.getEpochSecond() + offset(at);
  }

  private long day(Instant at) {
    return Math.floorDiv(wall(at), 86_400);
  }

  private long number(DateTimeFormatter form, Instant at) {
    return Long.parseLong(form.format(Instant.ofEpochSecond(wall(at))));
  }
}
