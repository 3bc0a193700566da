package routes.buckets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import routes.buckets.BucketProperties.Bucket;

/**
 * What is to be done so that a bucket is as configured. An existing bucket's content is somebody's:
 * no step deletes, overwrites or shortens the life of what lies in it, and no setting that somebody
 * made is replaced by another one.
 */
final class BucketSteps {

  /** What a step does; {@link #TELL} and {@link #REFUSE} change nothing. */
  enum Action {
    /** Makes the bucket, with object lock when that is wanted. */
    MAKE,
    /** Keeps older versions from now on. */
    VERSION,
    /** Locks each version that is written from now on. */
    LOCK,
    /** Lets older versions go after a while. */
    EXPIRE,
    /** Something is not as configured, and stays so. */
    TELL,
    /** Somebody must mend it: the run fails, after everything else was done. */
    REFUSE
  }

  /**
   * @param why for people
   */
  record Step(Action action, String why) {

    boolean changes() {
      return action != Action.TELL && action != Action.REFUSE;
    }
  }

  private BucketSteps() {}

  /**
   * @return in the order they are to be done; none when all is as it should be
   */
  static List<Step> of(Bucket wanted, BucketState seen) {
    List<Step> steps = new ArrayList<>();
    if (!seen.exists()) {
      steps.add(new Step(Action.MAKE, wanted.locked() ? "with object lock" : "it is not there"));
    }
    version(wanted, seen, steps);
    lock(wanted, seen, steps);
    expire(wanted, seen, steps);
    for (String whom : seen.openTo()) {
      steps.add(new Step(Action.REFUSE, "it is open to " + whom));
    }
    return steps;
  }

  private static void version(Bucket wanted, BucketState seen, List<Step> steps) {
    if (!wanted.versioned()) {
      return;
    }
    if (seen.versioned().isEmpty()) {
      steps.add(new Step(Action.TELL, "the server has no versioning, or does not say"));
    } else if (!seen.versioned().get()) {
      steps.add(new Step(Action.VERSION, "what is overwritten or deleted from now on is kept"));
    }
  }

  private static void lock(Bucket wanted, BucketState seen, List<Step> steps) {
    if (!wanted.locked()) {
      return;
    }
    if (seen.locked().isEmpty()) {
      steps.add(new Step(Action.TELL, "the server has no object lock, or does not say"));
      return;
    }
    if (seen.exists() && !seen.locked().get()) {
      steps.add(
          new Step(
              Action.TELL,
              "it was made without object lock, which most servers give a new bucket only"));
      return;
    }
    int days = seen.lockDays().orElse(0);
    if (wanted.lockDays() > 0 && days == 0) {
      steps.add(new Step(Action.LOCK, "new versions stay for " + days(wanted.lockDays())));
    } else if (wanted.lockDays() != days) {
      steps.add(
          new Step(
              Action.TELL,
              "its versions are locked for %s, not %s: somebody chose so"
                  .formatted(days(days), days(wanted.lockDays()))));
    }
  }

  private static void expire(Bucket wanted, BucketState seen, List<Step> steps) {
    Optional<Integer> is = seen.keepDays();
    if (wanted.keepDays() == 0 || is.equals(Optional.of(wanted.keepDays()))) {
      return;
    }
    String after = "older versions go after " + days(wanted.keepDays());
    if (is.isEmpty()) {
      steps.add(new Step(Action.TELL, "the server has no lifecycle rules, or does not say"));
    } else if (is.get() != 0) {
      steps.add(
          new Step(
              Action.TELL, "older versions go after " + days(is.get()) + ": somebody chose so"));
    } else if (seen.empty()) {
      steps.add(new Step(Action.EXPIRE, after));
    } else {
      steps.add(
          new Step(
              Action.TELL,
              "it has no rule that " + after + "; it holds objects, so none is added"));
    }
  }

  private static String days(int count) {
    return count == 1 ? "1 day" : count + " days";
  }
}
