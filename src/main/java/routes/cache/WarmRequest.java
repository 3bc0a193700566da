package routes.cache;

/**
 * What {@code cache.warm} takes.
 *
 * @param model one that has a loader
 * @param version whose predictions are made
 * @param inputsOf version whose most used inputs are taken; empty: the same
 * @param most how many, ≥ 1
 */
public record WarmRequest(String model, String version, String inputsOf, long most) {}
