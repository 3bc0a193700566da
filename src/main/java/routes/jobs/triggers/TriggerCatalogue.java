package routes.jobs.triggers;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.util.StringHelper;
import org.springframework.stereotype.Component;
import routes.jobs.Job;
import routes.jobs.JobCatalogue;
import routes.kernel.errors.NotFoundException;
import routes.kernel.json.StrictJson;
import routes.kernel.routefiles.TemplateCheck;

/**
 * Every trigger, read from the routes that were made from the template {@value #TEMPLATE}: the YAML
 * is the only place that says what runs when. A bad one is refused before its route is made, and
 * keeps no other from running.
 *
 * <p>A schedule with {@code each: <parameter>} is one trigger per value that parameter may have, so
 * that a new source is backed up from the day it is configured; {@code {value}} in its name is
 * replaced. {@code each: copy, source} is one for each source in each copy, named {@code
 * <copy>-<source>}.
 */
@Component
public class TriggerCatalogue implements CamelContextConfiguration, TemplateCheck {

  static final String TEMPLATE = "job";

  /** What the template takes. */
  static final Set<String> PARAMETERS =
      new LinkedHashSet<>(
          List.of(
              "job", "name", "cron", "zone", "params", "each", "overlap", "misfire", "timeout",
              "retries", "backoff", "maxAge", "what"));

  /** As in the template; what has none here may be left empty. */
  private static final Map<String, Object> DEFAULTS =
      Map.of("zone", "UTC", "overlap", "forbid", "misfire", "last");

  private final JobCatalogue jobs;

  /** Which route has a schedule, by {@code <job>/<name>}; of those that were checked. */
  private final Map<String, String> schedules = new ConcurrentHashMap<>();

  /** Which route has a trigger, by the trigger's id; of those that were checked. */
  private final Map<String, String> declared = new ConcurrentHashMap<>();

  private volatile Map<String, List<TriggerDefinition>> bySchedule = Map.of();

  TriggerCatalogue(JobCatalogue jobs) {
    this.jobs = jobs;
  }

  @Override
  public void beforeApplicationStart(CamelContext context) {
    load(context);
  }

  @Override
  public void afterApplicationStart(CamelContext context) {
    load(context);
  }

  private void load(CamelContext context) {
    Map<String, List<TriggerDefinition>> read = new TreeMap<>();
    for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
      if (route.getTemplateParameters() == null
          || !route.getTemplateParameters().keySet().containsAll(List.of("cron", "job"))) {
        continue;
      }
      Map<String, Object> values = resolved(context, route.getTemplateParameters());
      read.put(schedule(values), read(values));
    }
    bySchedule = read;
  }

  @Override
  public String template() {
    return TEMPLATE;
  }

  @Override
  public void check(String route, Map<String, Object> parameters) {
    List<TriggerDefinition> triggers = read(parameters);
    for (TriggerDefinition trigger : triggers) {
      if (trigger.next(Instant.EPOCH) == null) {
        throw TriggerDefinition.bad(
            trigger.id(), "cron", trigger.cron(), "one that fires some time: there is no such day");
      }
      if (declared.containsKey(trigger.id())) {
        throw new IllegalArgumentException(
            "trigger " + trigger.id() + " is there already, made by " + declared.get(trigger.id()));
      }
    }
    String schedule = schedule(parameters);
    // Also one without a trigger yet: once it has one, only one of the two would be woken.
    if (schedules.containsKey(schedule)) {
      throw new IllegalArgumentException(
          "schedule %s is there already, made by %s: give this one another name"
              .formatted(schedule, schedules.get(schedule)));
    }
    schedules.put(schedule, "route " + route);
    triggers.forEach(trigger -> declared.put(trigger.id(), "route " + route));
  }

  /** How many triggers were found to be sound by {@link #check}. */
  int declared() {
    return declared.size();
  }

  /** A parameter may itself be a {@code {{property}}}: the template hands it on as it stands. */
  private static Map<String, Object> resolved(CamelContext context, Map<String, Object> values) {
    Map<String, Object> all = new LinkedHashMap<>(values);
    all.replaceAll(
        (key, value) ->
            value instanceof String text ? context.resolvePropertyPlaceholders(text) : value);
    return all;
  }

  /** Reads one declaration; pure but for the choices that {@code each} goes over. */
  List<TriggerDefinition> read(Map<String, Object> given) {
    Map<String, Object> values = new LinkedHashMap<>(DEFAULTS);
    values.putAll(given);
    String name = text(values, "name");
    String id = schedule(values);
    for (String key : given.keySet()) {
      if (!PARAMETERS.contains(StringHelper.dashToCamelCase(key))) {
        throw new IllegalArgumentException(
            "trigger %s: %s is not a parameter of a schedule; it takes %s"
                .formatted(id, key, PARAMETERS));
      }
    }
    if (!name.matches("[a-z0-9{}][a-z0-9{}-]{0,98}")) {
      throw TriggerDefinition.bad(id, "name", name, "lower-case letters, digits and hyphens");
    }
    if (!jobs.has(text(values, "job"))) {
      throw TriggerDefinition.bad(
          id, "job", text(values, "job"), "one of " + jobs.all().stream().map(Job::id).toList());
    }
    Job<?> job = jobs.get(text(values, "job"));
    String each = text(values, "each");
    if (each.isEmpty()) {
      return List.of(trigger(values, job, id, params(values, id)));
    }
    List<Map<String, Object>> combinations = List.of(Map.of());
    for (String over : each.split("\\s*,\\s*")) {
      combinations = with(combinations, choices(job, over, id, each), over);
    }
    if (!name.contains("{value}")) {
      throw TriggerDefinition.bad(id, "name", name, "one that holds {value}, as 'each' is given");
    }
    Map<String, TriggerDefinition> all = new LinkedHashMap<>();
    for (Map<String, Object> combination : combinations) {
      Map<String, Object> params = params(values, id);
      params.putAll(combination);
      String value =
          combination.values().stream().map(String::valueOf).collect(Collectors.joining("-"));
      TriggerDefinition trigger = trigger(values, job, id.replace("{value}", value), params);
      TriggerDefinition other = all.putIfAbsent(trigger.id(), trigger);
      if (other != null) {
        throw new IllegalArgumentException(
            "trigger %s: two of 'each' have this id, %s and %s: rename a value of theirs"
                .formatted(trigger.id(), chosen(other, combination), combination));
      }
    }
    return List.copyOf(all.values());
  }

  private static Map<String, Object> chosen(TriggerDefinition trigger, Map<String, Object> like) {
    Map<String, Object> chosen = new LinkedHashMap<>(like);
    chosen.replaceAll((parameter, value) -> trigger.params().get(parameter));
    return chosen;
  }

  private static String schedule(Map<String, Object> values) {
    return text(values, "job") + "/" + text(values, "name");
  }

  private List<String> choices(Job<?> job, String over, String id, String each) {
    return job.parameters().stream()
        .filter(p -> p.name().equals(over))
        .findFirst()
        .map(jobs::choices)
        .orElseThrow(() -> TriggerDefinition.bad(id, "each", each, "a parameter of " + job.id()));
  }

  private static List<Map<String, Object>> with(
      List<Map<String, Object>> combinations, List<String> choices, String over) {
    List<Map<String, Object>> more = new ArrayList<>();
    for (Map<String, Object> combination : combinations) {
      for (String choice : choices) {
        Map<String, Object> one = new LinkedHashMap<>(combination);
        one.put(over, choice);
        more.add(one);
      }
    }
    return more;
  }

  private TriggerDefinition trigger(
      Map<String, Object> values, Job<?> job, String id, Map<String, Object> params) {
    ZoneId zone = TriggerDefinition.zone(id, String.valueOf(values.get("zone")));
    String cron = TriggerDefinition.cron(text(values, "cron"));
    TriggerDefinition.times(id, cron, zone);
    String retries = text(values, "retries");
    Duration timeout = duration(id, "timeout", values, job.timeout());
    if (timeout.isZero()) {
      throw TriggerDefinition.bad(id, "timeout", text(values, "timeout"), "longer than nothing");
    }
    Map<String, Object> read;
    try {
      read = jobs.read(job, params);
    } catch (routes.kernel.errors.InvalidInputException e) {
      throw new IllegalArgumentException("trigger " + id + ": " + e.getMessage(), e);
    }
    return new TriggerDefinition(
        id,
        job.id(),
        cron,
        zone,
        read,
        TriggerDefinition.oneOf(
            id, "overlap", text(values, "overlap"), TriggerDefinition.Overlap.class),
        TriggerDefinition.oneOf(
            id, "misfire", text(values, "misfire"), TriggerDefinition.Misfire.class),
        timeout,
        retries.isEmpty() ? job.retries() : TriggerDefinition.count(id, "retries", retries),
        duration(id, "backoff", values, job.backoff()),
        duration(id, "maxAge", values, null),
        text(values, "what"));
  }

  private static Duration duration(
      String id, String key, Map<String, Object> values, Duration fallback) {
    String text = text(values, key);
    return text.isEmpty() ? fallback : TriggerDefinition.duration(id, key, text);
  }

  private Map<String, Object> params(Map<String, Object> values, String id) {
    String text = text(values, "params");
    if (text.isEmpty()) {
      return new LinkedHashMap<>();
    }
    try {
      return StrictJson.object(text);
    } catch (JsonProcessingException e) {
      throw TriggerDefinition.bad(
          id,
          "params",
          text,
          "a JSON object such as {\"source\": \"main\"}: " + e.getOriginalMessage());
    }
  }

  private static String text(Map<String, Object> values, String key) {
    Object value = values.get(key);
    return value == null ? "" : value.toString().strip();
  }

  /** The triggers of one schedule route; none when {@code each} has no value yet. */
  List<TriggerDefinition> of(String schedule) {
    return bySchedule.getOrDefault(schedule, List.of());
  }

  public Collection<TriggerDefinition> all() {
    return bySchedule.values().stream().flatMap(List::stream).toList();
  }

  /**
   * @throws NotFoundException when there is none
   */
  TriggerDefinition get(String id) {
    return all().stream()
        .filter(t -> t.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new NotFoundException("trigger", id, "see GET /api/triggers"));
  }
}
