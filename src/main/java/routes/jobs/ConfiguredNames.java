package routes.jobs;

import java.util.List;
import java.util.function.Supplier;

/**
 * Names of the configuration that parameters may have as their values; a bean of the feature that
 * reads them.
 *
 * @param key that they stand under, such as {@code hub.sources}
 * @param what each of them names, such as {@code source}
 * @param names read each time
 */
public record ConfiguredNames(String key, String what, Supplier<List<String>> names) {

  /** Says that there is no such name, and which there are. */
  String missing(String name) {
    return "there is no " + what + " '" + name + "'" + (all().isEmpty() ? ": " : "; ") + choice();
  }

  /** Says which there are. */
  String choice() {
    return all().isEmpty()
        ? "no " + key + ".<name> is configured"
        : key + " has " + String.join(", ", all());
  }

  List<String> all() {
    return names.get();
  }
}
