package routes.buckets;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import routes.buckets.BucketProperties.Bucket;
import routes.buckets.BucketSteps.Action;
import routes.buckets.BucketSteps.Step;
import routes.jobs.Plan;
import routes.jobs.RunContext;
import routes.kernel.errors.PermanentException;

/** {@code buckets.apply}: a repeat finds everything done and changes nothing. */
@Component
record BucketsApply(BucketProperties properties, Buckets buckets) {

  Plan plan(BucketRequest request) {
    List<Plan.Item> items = new ArrayList<>();
    wanted(request)
        .forEach(
            (name, wanted) -> {
              List<Step> steps = BucketSteps.of(wanted, buckets.look(name, wanted));
              for (Step step : steps) {
                items.add(new Plan.Item(word(step.action()), name, step.why()));
              }
              if (steps.isEmpty()) {
                items.add(new Plan.Item("leave", name, "it is as configured"));
              }
            });
    return new Plan(items);
  }

  /**
   * @throws PermanentException when a bucket is open to everybody, after everything else was done
   */
  BucketsOutcome run(BucketRequest request, RunContext run) {
    Map<String, Bucket> wanted = wanted(request);
    Done done = new Done(run);
    wanted.forEach(
        (name, bucket) -> {
          run.checkpoint();
          run.progress(done.count++, wanted.size(), "buckets", name);
          apply(name, bucket, done);
        });
    if (!done.open.isEmpty()) {
      throw new PermanentException(String.join("; ", done.open));
    }
    return new BucketsOutcome(wanted.size(), done.made, done.changed, done.told);
  }

  private void apply(String name, Bucket wanted, Done done) {
    BucketState seen = buckets.look(name, wanted);
    boolean changed = false;
    for (Step step : BucketSteps.of(wanted, seen)) {
      String words = name + ": " + word(step.action()) + ", " + step.why();
      if (!step.changes()) {
        (step.action() == Action.REFUSE ? done.open : done.told).add(name + ": " + step.why());
        done.run.warn(name + ": " + step.why());
      } else if (buckets.does(step.action(), name, wanted)) {
        changed = true;
        done.run.info(words);
      } else {
        String lacks = name + ": the server does not " + word(step.action());
        done.told.add(lacks);
        done.run.warn(lacks);
      }
    }
    done.made += seen.exists() ? 0 : 1;
    done.changed += seen.exists() && changed ? 1 : 0;
  }

  private Map<String, Bucket> wanted(BucketRequest request) {
    if (request.bucket().isEmpty()) {
      return properties.buckets();
    }
    return new TreeMap<>(Map.of(request.bucket(), properties.buckets().get(request.bucket())));
  }

  private static String word(Action action) {
    return switch (action) {
      case MAKE -> "make";
      case VERSION -> "keep older versions";
      case LOCK -> "lock versions";
      case EXPIRE -> "let older versions go";
      case TELL -> "leave";
      case REFUSE -> "refuse";
    };
  }

  /** What a run has done so far. */
  private static final class Done {
    final RunContext run;
    final List<String> told = new ArrayList<>();
    final List<String> open = new ArrayList<>();
    int count;
    int made;
    int changed;

    Done(RunContext run) {
      this.run = run;
    }
  }
}
