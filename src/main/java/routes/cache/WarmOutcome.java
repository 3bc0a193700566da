package routes.cache;

import routes.jobs.Outcome;

/**
 * What a run of {@code cache.warm} did.
 *
 * @param inputs that were remembered, most used first
 * @param made predictions that were made and stored
 * @param fresh that were there already
 * @param failed that could not be made
 */
record WarmOutcome(int inputs, int made, int fresh, int failed) implements Outcome {

  @Override
  public String headline() {
    return "%s of %s predictions made, %s were fresh, %s failed"
        .formatted(made, inputs, fresh, failed);
  }
}
