package routes.jobs;

import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;
import routes.platform.error.InvalidInputException;
import routes.platform.http.ApiAnswer;
import routes.platform.http.ApiRequest;
import routes.platform.http.ApiRoutes;
import routes.platform.http.Page;

/** Ports {@code api.jobs.*}, {@code api.triggers.*} and {@code api.runs.*}. */
@Component
class JobRoutes extends ApiRoutes {

  private static final List<String> KINDS =
      List.of("schedule", "api", "event", "backfill", "replay");

  private final JobCatalogue jobs;
  private final Runs runs;
  private final TriggerStates triggers;
  private final JobCommands commands;

  JobRoutes(JobCatalogue jobs, Runs runs, TriggerStates triggers, JobCommands commands) {
    this.jobs = jobs;
    this.runs = runs;
    this.triggers = triggers;
    this.commands = commands;
  }

  @Override
  public void configure() {
    port("api.jobs.list", "Lists what this hub can do", this::jobs);
    port(
        "api.jobs.get", "Shows one job", r -> JobView.of(jobs.get(r.path("job")), triggers.list()));
    port("api.jobs.run", "Queues a run of a job", this::run);

    port("api.triggers.list", "Lists what runs when", this::triggers);
    port("api.triggers.get", "Shows one trigger", r -> triggers.get(trigger(r)));
    port("api.triggers.pause", "Holds one trigger", r -> pause(r, true));
    port("api.triggers.resume", "Lets one trigger go on", r -> pause(r, false));
    port("api.triggers.backfill", "Queues a run per fire time of a span", this::backfill);
    port("api.triggers.pauseAll", "Holds every trigger", r -> switchAll(r, false));
    port("api.triggers.resumeAll", "Lets triggers go on", r -> switchAll(r, true));

    port("api.runs.list", "Lists runs, newest first", this::runs);
    port("api.runs.get", "Shows one run", r -> runs.get(r.pathUuid("id")));
    port("api.runs.log", "Shows a run's log from a line on", this::log);
    port("api.runs.cancel", "Asks a run to stop", this::cancel);
    port("api.runs.cancelAll", "Asks all runs that a filter names to stop", this::cancelAll);
    port("api.runs.retry", "Queues a run that did not succeed again", this::retry);
  }

  private Page<JobView> jobs(ApiRequest request) {
    List<TriggerStates.Trigger> all = triggers.list();
    return Page.of(jobs.all().stream().map(job -> JobView.of(job, all)).toList());
  }

  private ApiAnswer run(ApiRequest request) {
    boolean queue =
        request.queryOneOf("overlap", List.of("forbid", "queue"), "forbid").equals("queue");
    Run run =
        commands.submit(
            new Runs.Request(
                request.path("job"),
                request.body(),
                request.queryFlag("dryRun"),
                queue,
                request.actor(),
                request.idempotencyKey()));
    return accepted(run);
  }

  /**
   * Every trigger.
   *
   * @param on false: all are held
   */
  record TriggerList(boolean on, List<TriggerStates.Trigger> items) {}

  private TriggerList triggers(ApiRequest request) {
    return new TriggerList(triggers.switchedOn(), triggers.list());
  }

  private static String trigger(ApiRequest request) {
    return request.path("job") + "/" + request.path("name");
  }

  private TriggerStates.Trigger pause(ApiRequest request, boolean paused) {
    return commands.pause(trigger(request), paused, request.actor());
  }

  /**
   * What a backfill did.
   *
   * @param runs new ones, count
   */
  record Backfilled(String trigger, int runs) {}

  private ApiAnswer backfill(ApiRequest request) {
    request.takesOnly("from", "to");
    String trigger = trigger(request);
    triggers.requireSound(trigger);
    int written =
        commands.backfill(
            trigger, request.bodyInstant("from"), request.bodyInstant("to"), request.actor());
    return ApiAnswer.accepted(
        "/api/runs?trigger="
            + java.net.URLEncoder.encode(trigger, java.nio.charset.StandardCharsets.UTF_8),
        new Backfilled(trigger, written));
  }

  private TriggerList switchAll(ApiRequest request, boolean on) {
    commands.switchAll(on, request.actor());
    return triggers(request);
  }

  private Page<Run> runs(ApiRequest request) {
    int limit = limit(request);
    UUID after = request.queryUuid("after");
    if (after != null && runs.find(after).isEmpty()) {
      throw new InvalidInputException("after", "must be the id of a run: the last of a page");
    }
    List<Run> found =
        runs.list(
            new Runs.Filter(
                request.query("job"),
                request.queryOneOf("state", Runs.STATES, null),
                request.query("trigger"),
                after,
                limit + 1));
    boolean more = found.size() > limit;
    List<Run> page = more ? found.subList(0, limit) : found;
    return new Page<>(page, more ? page.get(limit - 1).id().toString() : null);
  }

  /**
   * A part of a run's log.
   *
   * @param next what to give as {@code after} to go on
   * @param ended true: the run has ended and these are its last lines
   */
  record LogPage(List<Runs.LogLine> items, long next, boolean ended) {}

  private LogPage log(ApiRequest request) {
    UUID id = request.pathUuid("id");
    long after = request.queryNumber("after", 0, Long.MAX_VALUE, 0);
    int limit = limit(request);
    // Asked before the lines: else a run that ends in between would lose its last ones.
    boolean ended = runs.get(id).ended();
    List<Runs.LogLine> lines = runs.log(id, after, limit);
    long next = lines.isEmpty() ? after : lines.get(lines.size() - 1).seq();
    return new LogPage(lines, next, ended && lines.size() < limit);
  }

  private ApiAnswer cancel(ApiRequest request) {
    return accepted(commands.cancel(request.pathUuid("id"), request.actor()));
  }

  /**
   * What a cancel of several did, or would do.
   *
   * @param queued how many that had not begun
   * @param running how many that had
   */
  record Cancelled(boolean dryRun, long queued, long running) {}

  private Cancelled cancelAll(ApiRequest request) {
    request.takesOnly("job", "trigger", "kind", "state");
    Runs.Selection selection =
        new Runs.Selection(
            name(request, "job"),
            name(request, "trigger"),
            oneOf(request, "kind", KINDS),
            oneOf(request, "state", List.of("queued", "running")));
    if (request.body().isEmpty()) {
      throw new InvalidInputException(
          "trigger", "must be given, or job, kind or state: which runs to cancel");
    }
    boolean dryRun = request.queryFlag("dryRun");
    Runs.Asked asked = commands.cancelAll(selection, dryRun, request.actor());
    return new Cancelled(dryRun, asked.queued(), asked.running());
  }

  /** A null would be no filter, which nobody asked for. */
  private static String name(ApiRequest request, String member) {
    String name = request.bodyText(member);
    if (request.body().containsKey(member)
        && (name == null || !name.matches("\\P{Cntrl}{1,300}"))) {
      throw new InvalidInputException(
          member, "must be the id of a " + member + ", as GET /api/" + member + "s lists it");
    }
    return name;
  }

  private static String oneOf(ApiRequest request, String member, List<String> values) {
    String value = request.bodyText(member);
    if (request.body().containsKey(member) && (value == null || !values.contains(value))) {
      throw new InvalidInputException(member, "must be one of " + String.join(", ", values));
    }
    return value;
  }

  private ApiAnswer retry(ApiRequest request) {
    return accepted(commands.retry(request.pathUuid("id"), request.actor()));
  }

  private static ApiAnswer accepted(Run run) {
    return ApiAnswer.accepted("/api/runs/" + run.id(), run);
  }

  private static int limit(ApiRequest request) {
    return (int) request.queryNumber("limit", 1, Runs.MOST_PER_PAGE, 50);
  }
}
