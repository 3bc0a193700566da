package routes.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * The declaration of a job, a named unit of work. A feature declares it as a bean, with the methods
 * that do the work or with a route of its own at the port {@code direct:<id>}, whose body in is the
 * request record and whose body out is an {@link Outcome}. Everything else follows from this: the
 * list of jobs, the API and its description, the command line's help, the dry run.
 *
 * @param <R> record whose components are the parameters, see {@link Param}
 */
public final class Job<R extends Record> {

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(\\.[a-z][a-z0-9-]*)+");

  /** A way to do the work. */
  @FunctionalInterface
  public interface Step<R> {

    /**
     * @throws Exception what a failure means is asked of {@link routes.kernel.errors.Failures}
     */
    Outcome apply(R request, RunContext run) throws Exception;
  }

  private final String id;
  private final Class<R> request;
  private final String description;
  private final List<Parameter> parameters;
  private Step<R> plan;
  private Step<R> run;
  private boolean dryRun;
  private List<String> exclusiveOver = List.of();
  private Duration timeout = Duration.ofHours(1);
  private int retries;
  private Duration backoff = Duration.ofSeconds(30);

  private Job(String id, Class<R> request, String description) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("job id '" + id + "' is not of the form feature.verb");
    }
    this.id = id;
    this.request = request;
    this.description = description;
    this.parameters = Parameter.of(request);
  }

  /**
   * A job with a timeout of one hour and no retries, of which one run at a time may run.
   *
   * @param id {@code feature.verb}, also the port's name
   * @param description one sentence for people
   */
  public static <R extends Record> Job<R> job(String id, Class<R> request, String description) {
    return new Job<>(id, request, description);
  }

  /** Answers a dry run with a {@link Plan} or another outcome, and changes nothing. */
  public Job<R> plan(Step<R> planned) {
    plan = planned;
    return dryRun();
  }

  /** Does the work; the port is served by it. */
  public Job<R> run(Step<R> work) {
    run = work;
    return this;
  }

  /** Its own route answers a dry run with its plan. */
  public Job<R> dryRun() {
    dryRun = true;
    return this;
  }

  /** Parameters whose values two running runs may not share. */
  public Job<R> exclusiveOver(String... names) {
    exclusiveOver = List.of(names);
    return this;
  }

  /** Of one attempt, when neither trigger nor caller says otherwise. */
  public Job<R> timeout(Duration longest) {
    timeout = longest;
    return this;
  }

  /**
   * @param count attempts after the first, for failures that may heal
   * @param firstWait before the next attempt; doubled each time by the runner
   */
  public Job<R> retries(int count, Duration firstWait) {
    retries = count;
    backoff = firstWait;
    return this;
  }

  public String id() {
    return id;
  }

  public String description() {
    return description;
  }

  public Class<R> request() {
    return request;
  }

  public List<Parameter> parameters() {
    return parameters;
  }

  public boolean hasPlan() {
    return dryRun;
  }

  public boolean hasRouteOfItsOwn() {
    return run == null;
  }

  public Duration timeout() {
    return timeout;
  }

  public int retries() {
    return retries;
  }

  public Duration backoff() {
    return backoff;
  }

  /** Does what a run asks for: the plan of a dry run, or the work. */
  public Outcome execute(Object body, RunContext context) throws Exception {
    return (context.dryRun() ? plan : run).apply(request.cast(body), context);
  }

  /** What a run with these (read) parameters may not share with another one. */
  public String exclusiveKey(Map<String, Object> read) {
    StringJoiner key = new StringJoiner("|").add(id);
    // A bar within a value is escaped: else two keys could be one.
    exclusiveOver.forEach(
        name -> key.add(String.valueOf(read.get(name)).replace("\\", "\\\\").replace("|", "\\|")));
    return key.toString();
  }
}
