package routes.backup.retention;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import routes.jobs.Outcome;
import routes.jobs.Plan;
import routes.kernel.Amounts;

/** What retention and the sweep leave in the ledger. */
final class RetentionOutcomes {

  private RetentionOutcomes() {}

  /**
   * What became, or would become, of every snapshot of a source.
   *
   * @param copy where; null: in the repository itself
   * @param plan digest of what the plan removes; a run given it does that and nothing else
   * @param refused why nothing may go; null: the policy decided
   * @param kept snapshots that stay, count
   * @param removed snapshots that went, or would go, count
   * @param skipped of those kept, how many the plan had removed: held or read since; count
   * @param dryRun whether nothing was done
   * @param items every snapshot, newest first
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Retained(
      String source,
      String copy,
      String plan,
      String refused,
      int kept,
      int removed,
      int skipped,
      boolean dryRun,
      List<Plan.Item> items)
      implements Outcome {
    @Override
    public String headline() {
      if (refused != null) {
        return "refused: " + refused + "; all " + kept + " stay";
      }
      String left =
          kept + " stay" + (skipped > 0 ? ", " + skipped + " of them held or in use" : "");
      return dryRun
          ? removed + " would go, " + left + "; plan " + plan
          : removed + " removed, " + left;
    }
  }

  /**
   * A sweep.
   *
   * @param chunks deleted
   * @param bytes of these
   * @param folders of removed snapshots, deleted with what was left in them
   * @param marked chunks that are marked since this sweep
   * @param waitingBytes of all that is marked and goes when its time has come
   * @param incomplete snapshots that lack chunks
   * @param stopped why it ended early; empty: it did not
   */
  public record Swept(
      int chunks,
      long bytes,
      int folders,
      int marked,
      long waitingBytes,
      int incomplete,
      String stopped,
      Duration grace)
      implements Outcome {
    @Override
    public String headline() {
      return "%s chunks deleted, %s freed; %s marked, to go after %s%s%s"
          .formatted(
              chunks,
              Amounts.bytes(bytes),
              Amounts.bytes(waitingBytes),
              grace.toHours() > 0 ? grace.toHours() + " h" : Amounts.seconds(grace),
              stopped.isEmpty() ? "" : "; ended early: " + stopped,
              incomplete > 0 ? "; " + incomplete + " snapshots LACK CHUNKS" : "");
    }
  }
}
