package routes.backup.retention;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * What becomes of every snapshot of a source.
 *
 * @param decisions newest first, one for each snapshot
 * @param refusal why nothing may go, for people; empty: the rules decide
 */
public record RetentionPlan(List<Decision> decisions, Optional<String> refusal) {

  public RetentionPlan {
    decisions = List.copyOf(decisions);
  }

  /** What is to go, oldest first: whoever stops half way leaves the newer ones. */
  public List<Decision> removals() {
    List<Decision> removals = new ArrayList<>(decisions);
    removals.removeIf(Decision::keep);
    Collections.reverse(removals);
    return removals;
  }

  /** The proven ones that may not go, which make the others' removal safe. */
  public List<SnapshotFacts> floor() {
    return decisions.stream()
        .filter(decision -> decision.isFor(Rule.VERIFIED))
        .map(Decision::snapshot)
        .toList();
  }

  /**
   * Names what would go: two plans with the same removals have the same digest, whatever else was
   * backed up meanwhile.
   *
   * @return 16 hex digits of the SHA-256 of the source and the removed ids, one a line, oldest
   *     first
   */
  public String digest(String source) {
    StringBuilder text = new StringBuilder(source).append('\n');
    removals().forEach(removal -> text.append(removal.snapshot().id()).append('\n'));
    return DigestUtils.sha256Hex(text.toString()).substring(0, 16);
  }
}
