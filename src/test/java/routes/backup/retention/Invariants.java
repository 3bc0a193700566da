package routes.backup.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must be true of the plan of any history, each with the words of a violation. */
public final class Invariants {

  private Invariants() {}

  /**
   * @return what is violated; empty when all is well
   */
  public static List<String> violated(RandomHistory history, long seed) {
    List<String> violated = new ArrayList<>();
    RetentionPlan plan = plan(history.snapshots(), history.policy(), history.now());
    everySnapshotOnceWithAReason(history, plan, violated);
    whatIsNeverRemoved(history, plan, violated);
    asTheModel(history, plan, violated);
    againRemovesNothing(history, plan, violated);
    stricterKeepsMore(history, plan, seed, violated);
    return violated;
  }

  private static RetentionPlan plan(List<SnapshotFacts> snapshots, Policy policy, Instant now) {
    return Planner.plan(snapshots, policy, now);
  }

  private static void everySnapshotOnceWithAReason(
      RandomHistory history, RetentionPlan plan, List<String> violated) {
    List<SnapshotFacts> decided = plan.decisions().stream().map(Decision::snapshot).toList();
    if (decided.size() != history.snapshots().size()
        || !new HashSet<>(decided).equals(new HashSet<>(history.snapshots()))) {
      violated.add("not every snapshot is decided once");
    }
    for (Decision decision : plan.decisions()) {
      if (decision.reasons().isEmpty() || decision.why().isBlank()) {
        violated.add("no reason for " + decision);
      }
      if (decision.keep() == decision.isFor(Rule.NONE)) {
        violated.add("reason and decision differ: " + decision);
      }
    }
  }

  private static void whatIsNeverRemoved(
      RandomHistory history, RetentionPlan plan, List<String> violated) {
    Instant future = history.now().plus(Planner.CLOCK_SKEW);
    Set<SnapshotFacts> kept = kept(plan);
    for (Decision removal : plan.removals()) {
      SnapshotFacts gone = removal.snapshot();
      if (gone.held() || gone.inUse() || gone.takenAt().isAfter(future)) {
        violated.add("removes what is held, in use or from the future: " + gone);
      }
      long newerProven =
          kept.stream()
              .filter(s -> s.proof() == Proof.VERIFIED && !s.takenAt().isAfter(future))
              .filter(s -> !s.takenAt().isBefore(gone.takenAt()))
              .count();
      if (gone.proof() == Proof.VERIFIED && newerProven < history.policy().minVerified()) {
        violated.add("removes one of the floor: " + gone);
      }
    }
    if (!plan.removals().isEmpty() && kept.stream().noneMatch(s -> s.proof() == Proof.VERIFIED)) {
      violated.add("keeps nothing that is proven, and removes");
    }
    if (plan.refusal().isPresent() && !plan.removals().isEmpty()) {
      violated.add("refused, and removes");
    }
  }

  private static void asTheModel(RandomHistory history, RetentionPlan plan, List<String> violated) {
    Model model = new Model(history);
    for (Decision decision : plan.decisions()) {
      if (decision.keep() != model.keeps(decision.snapshot())) {
        violated.add("the model decides otherwise: " + decision);
      }
    }
    if (!history.snapshots().isEmpty() && plan.refusal().isPresent() != model.refuses()) {
      violated.add("the model refuses otherwise: " + plan.refusal());
    }
  }

  /** Also a hundred years later: the passing of time removes nothing that was there before. */
  private static void againRemovesNothing(
      RandomHistory history, RetentionPlan plan, List<String> violated) {
    List<SnapshotFacts> left = List.copyOf(kept(plan));
    if (!plan(left, history.policy(), history.now()).removals().isEmpty()) {
      violated.add("a second plan removes more");
    }
    boolean future =
        left.stream().anyMatch(s -> s.takenAt().isAfter(history.now().plus(Planner.CLOCK_SKEW)));
    Instant muchLater = history.now().plus(Duration.ofDays(36_500));
    if (!future && !plan(left, history.policy(), muchLater).removals().isEmpty()) {
      violated.add("the passing of time removes more");
    }
  }

  private static void stricterKeepsMore(
      RandomHistory history, RetentionPlan plan, long seed, List<String> violated) {
    RetentionPlan more = plan(history.snapshots(), history.stricter(seed), history.now());
    if (!kept(more).containsAll(kept(plan))) {
      violated.add("a policy that keeps more keeps less");
    }
  }

  private static Set<SnapshotFacts> kept(RetentionPlan plan) {
    Set<SnapshotFacts> kept = new HashSet<>();
    plan.decisions().stream().filter(Decision::keep).forEach(d -> kept.add(d.snapshot()));
    return kept;
  }
}
