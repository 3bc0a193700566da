package routes.backup.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import routes.backup.retention.Decision.Reason;

/**
 * What holds for a copy beside the rules that hold everywhere: it is there for the day the
 * repository is gone, so it never holds less than the repository, and nothing goes from it while
 * the repository lacks the source, or while the copy is behind or unproven.
 */
public final class CopyLimits {

  /** How long a snapshot may be missing from the copy: it is sent each night. */
  static final Duration BEHIND = Duration.ofHours(26);

  private CopyLimits() {}

  /**
   * Narrows a plan; never removes what it keeps.
   *
   * @param plan of the copy's snapshots
   * @param originals the source's snapshots in the repository itself: when each was taken, by id
   */
  public static RetentionPlan narrowed(
      RetentionPlan plan, Map<String, Instant> originals, Instant now) {
    Optional<String> refusal =
        plan.decisions().isEmpty() ? Optional.empty() : refusal(plan, originals, now);
    if (plan.refusal().isEmpty() && refusal.isPresent()) {
      Reason why = new Reason(Rule.REFUSED, "refused: " + refusal.get());
      return new RetentionPlan(
          plan.decisions().stream().map(decision -> kept(decision, why)).toList(), refusal);
    }
    Reason there = new Reason(Rule.IN_USE, "the repository has it");
    return new RetentionPlan(
        plan.decisions().stream()
            .map(d -> originals.containsKey(d.snapshot().id()) ? kept(d, there) : d)
            .toList(),
        plan.refusal());
  }

  private static Decision kept(Decision decision, Reason why) {
    List<Reason> reasons = new ArrayList<>(List.of(why));
    if (decision.keep()) {
      reasons.addAll(decision.reasons());
    }
    return new Decision(decision.snapshot(), true, reasons);
  }

  private static Optional<String> refusal(
      RetentionPlan plan, Map<String, Instant> originals, Instant now) {
    if (originals.isEmpty()) {
      return Optional.of("the repository itself has no snapshot of the source");
    }
    Optional<String> missing = missing(plan.decisions(), originals, now);
    if (missing.isPresent()) {
      return Optional.of("snapshot " + missing.get() + " of the repository is not in the copy");
    }
    SnapshotFacts newest = plan.decisions().get(0).snapshot();
    return newest.proof() == Proof.VERIFIED
        ? Optional.empty()
        : Optional.of("the newest snapshot in the copy, " + newest.id() + ", is not proven there");
  }

  /** The newest of the repository's that had its night to be sent and is not there. */
  private static Optional<String> missing(
      Collection<Decision> decisions, Map<String, Instant> originals, Instant now) {
    Set<String> there =
        decisions.stream().map(decision -> decision.snapshot().id()).collect(Collectors.toSet());
    return originals.entrySet().stream()
        .filter(original -> !original.getValue().isAfter(now.minus(BEHIND)))
        .max(Map.Entry.<String, Instant>comparingByValue().thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .filter(newest -> !there.contains(newest));
  }
}
