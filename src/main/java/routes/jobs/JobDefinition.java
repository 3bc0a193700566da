package routes.jobs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import routes.platform.error.InvalidInputException;

/**
 * A named unit of work. A feature declares it as a bean and serves the port {@code direct:<id>}
 * with a route whose body in is {@code input} and whose body out is an {@link Outcome} (or, on a
 * dry run, a {@link Plan}).
 *
 * @param id {@code feature.verb}, also the port's name
 * @param description one sentence for people
 * @param input record the parameters are read into, by name
 * @param parameters what it takes
 * @param exclusiveOver parameters whose values two running runs may not share; empty: one run of
 *     the job at a time
 * @param dryRun whether it can tell its plan without changing anything
 * @param timeout of one attempt, when neither trigger nor caller says otherwise
 * @param retries attempts after the first, for failures that may heal
 * @param backoff wait before the next attempt; doubled each time by the runner
 */
public record JobDefinition(
    String id,
    String description,
    Class<? extends Record> input,
    List<Parameter> parameters,
    List<String> exclusiveOver,
    boolean dryRun,
    Duration timeout,
    int retries,
    Duration backoff) {

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(\\.[a-z][a-z0-9-]*)+");

  public JobDefinition {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("job id '" + id + "' is not of the form feature.verb");
    }
    parameters = List.copyOf(parameters);
    exclusiveOver = List.copyOf(exclusiveOver);
  }

  /** A job with no parameters yet, a timeout of one hour and no retries. */
  public static JobDefinition of(String id, Class<? extends Record> input, String description) {
    return new JobDefinition(
        id,
        description,
        input,
        List.of(),
        List.of(),
        false,
        Duration.ofHours(1),
        0,
        Duration.ofSeconds(30));
  }

  public JobDefinition taking(Parameter... more) {
    List<Parameter> all = new ArrayList<>(parameters);
    all.addAll(List.of(more));
    return new JobDefinition(
        id, description, input, all, exclusiveOver, dryRun, timeout, retries, backoff);
  }

  public JobDefinition exclusiveOver(String... names) {
    return new JobDefinition(
        id, description, input, parameters, List.of(names), dryRun, timeout, retries, backoff);
  }

  public JobDefinition withDryRun() {
    return new JobDefinition(
        id, description, input, parameters, exclusiveOver, true, timeout, retries, backoff);
  }

  public JobDefinition timeout(Duration longest) {
    return new JobDefinition(
        id, description, input, parameters, exclusiveOver, dryRun, longest, retries, backoff);
  }

  public JobDefinition retries(int count, Duration firstWait) {
    return new JobDefinition(
        id, description, input, parameters, exclusiveOver, dryRun, timeout, count, firstWait);
  }

  /**
   * Checks what a caller gave and fills in what was left out.
   *
   * @return every parameter by name, typed
   * @throws InvalidInputException naming the first parameter that is unknown, missing or wrong
   */
  public Map<String, Object> read(Map<String, ?> given) {
    for (String name : given.keySet()) {
      if (parameters.stream().noneMatch(p -> p.name().equals(name))) {
        throw new InvalidInputException("params." + name, "is no parameter of " + id + takes());
      }
    }
    Map<String, Object> read = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      read.put(parameter.name(), parameter.read(given.get(parameter.name())));
    }
    return read;
  }

  /** What a run with these (read) parameters may not share with another one. */
  public String exclusiveKey(Map<String, Object> read) {
    StringJoiner key = new StringJoiner("|").add(id);
    // A bar within a value is escaped: else two keys could be one.
    exclusiveOver.forEach(
        name -> key.add(String.valueOf(read.get(name)).replace("\\", "\\\\").replace("|", "\\|")));
    return key.toString();
  }

  private String takes() {
    return parameters.isEmpty()
        ? ", which takes none"
        : "; it takes " + String.join(", ", parameters.stream().map(Parameter::name).toList());
  }
}
