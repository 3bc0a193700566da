package routes.backup.retention;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What becomes of one snapshot.
 *
 * @param keep false: it is to be removed
 * @param reasons all of them, ≥ 1
 */
public record Decision(SnapshotFacts snapshot, boolean keep, List<Reason> reasons) {

  /** A rule and what it says about this snapshot, for people. */
  public record Reason(Rule rule, String text) {}

  public Decision {
    reasons = List.copyOf(reasons);
  }

  /** All reasons in one line. */
  public String why() {
    return reasons.stream().map(Reason::text).collect(Collectors.joining("; "));
  }

  boolean isFor(Rule rule) {
    return reasons.stream().anyMatch(reason -> reason.rule() == rule);
  }
}
