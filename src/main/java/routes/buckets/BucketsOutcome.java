package routes.buckets;

import java.util.List;
import routes.jobs.Outcome;

/**
 * @param buckets that are there now, of those asked for, count
 * @param made of these, by this run
 * @param changed of those that were there before
 * @param told what is not as configured and stays so, each beginning with its bucket's name
 */
record BucketsOutcome(int buckets, int made, int changed, List<String> told) implements Outcome {

  BucketsOutcome {
    told = List.copyOf(told);
  }

  @Override
  public String headline() {
    return buckets
        + (buckets == 1 ? " bucket, " : " buckets, ")
        + made
        + " made, "
        + changed
        + " changed"
        + (told.isEmpty() ? "" : "; not as configured: " + String.join("; ", told));
  }
}
