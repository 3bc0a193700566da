package routes.jobs.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import routes.jobs.Job;
import routes.jobs.JobCatalogue;
import routes.jobs.Parameter;
import routes.jobs.triggers.TriggerStates;

/**
 * A job as the API shows it.
 *
 * @param dryRun whether it can tell its plan without changing anything
 * @param timeout of one attempt, ISO-8601
 * @param retries attempts after the first
 * @param triggers ids of what starts it by itself
 */
record JobView(
    String id,
    String description,
    List<ParameterView> parameters,
    boolean dryRun,
    String timeout,
    int retries,
    List<String> triggers) {

  /**
   * A parameter.
   *
   * @param fallback what is taken when it is left out; JSON: {@code default}
   * @param choices the values it may have; left out: any
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record ParameterView(
      String name,
      String type,
      boolean required,
      @com.fasterxml.jackson.annotation.JsonProperty("default") Object fallback,
      List<String> choices,
      String description) {}

  static JobView of(Job<?> job, JobCatalogue jobs, List<TriggerStates.Trigger> triggers) {
    return new JobView(
        job.id(),
        job.description(),
        job.parameters().stream().map(one -> view(one, jobs.choices(one))).toList(),
        job.hasPlan(),
        job.timeout().toString(),
        job.retries(),
        triggers.stream()
            .filter(trigger -> job.id().equals(trigger.job()))
            .map(TriggerStates.Trigger::id)
            .toList());
  }

  private static ParameterView view(Parameter parameter, List<String> choices) {
    return new ParameterView(
        parameter.name(),
        parameter.typeName(),
        parameter.required(),
        parameter.fallback(),
        choices,
        parameter.description());
  }
}
