package routes.backup.copy;

import java.time.Duration;
import routes.jobs.Outcome;
import routes.kernel.Amounts;

/**
 * A copy.
 *
 * @param snapshots that are in the second place now, of those asked for, count
 * @param copied of these, by this run
 * @param chunks sent
 * @param sentBytes of these
 * @param checked whether the content of what was sent was checked on its way
 */
record CopyOutcome(
    String copy,
    int snapshots,
    int copied,
    long chunks,
    long sentBytes,
    boolean checked,
    Duration took)
    implements Outcome {

  @Override
  public String headline() {
    return "%s of %s %s copied to %s, %s sent%s, in %s"
        .formatted(
            copied,
            snapshots,
            snapshots == 1 ? "snapshot" : "snapshots",
            copy,
            Amounts.bytes(sentBytes),
            checked || chunks == 0 ? "" : ", unread: no identity is here",
            Amounts.seconds(took));
  }
}
