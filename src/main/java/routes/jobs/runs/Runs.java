package routes.jobs.runs;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.jobs.JobCatalogue;
import routes.jobs.ledger.Run;
import routes.jobs.ledger.RunRows;
import routes.jobs.ledger.RunnerSignal;
import routes.jobs.triggers.TriggerCatalogue;
import routes.kernel.SqlFile;
import routes.kernel.errors.ConflictException;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.NotFoundException;

/** Runs as people and programs meet them: asked for, looked at, cancelled, tried again. */
@Component
public class Runs {

  /** Most rows of one page. */
  public static final int MOST_PER_PAGE = 500;

  /** States of runs. */
  static final List<String> STATES =
      List.of("queued", "running", "succeeded", "failed", "cancelled", "skipped");

  private static final String ALL_STATES = "{" + String.join(",", STATES) + "}";

  static final String RUNS = SqlFile.load("jobs/runs");

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final RunRows rows;
  private final RunSubmission submission;

  public Runs(
      JobCatalogue jobs,
      TriggerCatalogue triggers,
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      ObjectMapper json,
      RunnerSignal signal) {
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
    this.rows = new RunRows(json);
    this.submission = new RunSubmission(jobs, triggers, jdbc, transaction, json, signal);
  }

  /**
   * What is asked for.
   *
   * @param job id
   * @param params by name, unread
   * @param dryRun tell the plan only
   * @param queue true: queue behind a run with the same exclusive key instead of being refused
   * @param requestedBy who asks
   * @param idempotencyKey a repeat with the same key is answered with the first one's run; may be
   *     null
   */
  public record Request(
      String job,
      Map<String, ?> params,
      boolean dryRun,
      boolean queue,
      String requestedBy,
      String idempotencyKey) {}

  /**
   * Queues a run.
   *
   * @return the run; for a repeat, the one that exists
   * @throws NotFoundException unknown job
   * @throws InvalidInputException a parameter, or a reused idempotency key with another request
   * @throws ConflictException a run with the same exclusive key is queued or running
   */
  public Run submit(Request request) {
    return submitted(request).run();
  }

  /**
   * What became of a request.
   *
   * @param repeated true: the run was there, by its idempotency key
   */
  public record Submitted(Run run, boolean repeated) {}

  public Submitted submitted(Request request) {
    RunSubmission.Queued queued = submission.submit(request);
    return new Submitted(get(queued.run()), queued.repeated());
  }

  /**
   * Queues a failed, cancelled or skipped run again, with its parameters, as a new run that is
   * tried as its trigger says: with the same time-out, retries, backoff and overlap.
   *
   * @throws ConflictException when it has not ended, or succeeded, or is tried again already
   */
  public Run retry(UUID id, String requestedBy) {
    return transaction.execute(
        status -> {
          // Whoever asks at the same time waits here, and then finds the run that was made.
          jdbc.sql(SqlFile.load("jobs/lock")).param("id", id).query(UUID.class).list();
          List<UUID> under =
              jdbc.sql(SqlFile.load("jobs/retried")).param("id", id).query(UUID.class).list();
          if (!under.isEmpty()) {
            throw new ConflictException(
                "run " + id + " is tried again already: run " + under.get(0) + " has not ended",
                Map.of("run", under.get(0)));
          }
          return tryAgain(id, requestedBy);
        });
  }

  private Run tryAgain(UUID id, String requestedBy) {
    Run run = get(id);
    if (!run.ended()) {
      throw new ConflictException(
          "run " + id + " has not ended; cancel it first", Map.of("run", id));
    }
    if (run.state().equals("succeeded")) {
      throw new ConflictException(
          "run " + id + " succeeded; ask for a new run of " + run.job() + " instead",
          Map.of("run", id));
    }
    return get(submission.repeat(run, requestedBy));
  }

  /**
   * @throws NotFoundException when there is none
   */
  public Run get(UUID id) {
    return find(id)
        .orElseThrow(() -> new NotFoundException("run", id.toString(), "see GET /api/runs"));
  }

  public Optional<Run> find(UUID id) {
    return jdbc.sql(SqlFile.load("jobs/run")).param("id", id).query(rows).optional();
  }

  /**
   * Which runs to list; a null is no filter.
   *
   * @param after id of the last run of the page before
   * @param limit 1–{@value #MOST_PER_PAGE}
   */
  public record Filter(
      String job, String state, String trigger, String kind, Instant since, UUID after, int limit) {

    /** Of whatever kind and age. */
    public Filter(String job, String state, String trigger, UUID after, int limit) {
      this(job, state, trigger, null, null, after, limit);
    }
  }

  /** Newest first. */
  public List<Run> list(Filter filter) {
    String job = filter.job();
    String trigger = filter.trigger();
    if (job != null && trigger != null && !trigger.startsWith(job + "/")) {
      return List.of(); // a trigger is called <job>/<name>
    }
    String condition =
        trigger != null ? "AND r.trigger_id = :trigger" : job != null ? "AND r.job = :job" : "";
    condition += filter.kind() == null ? "" : " AND r.trigger_kind = :kind";
    condition += filter.since() == null ? "" : " AND r.queued_at >= :since";
    return jdbc.sql(RUNS.replace("{filter}", condition))
        .param("job", job)
        .param("states", filter.state() == null ? ALL_STATES : "{" + filter.state() + "}")
        .param("trigger", trigger)
        .param("kind", filter.kind())
        .param("since", filter.since() == null ? null : Timestamp.from(filter.since()))
        .param("after", filter.after())
        .param("limit", filter.limit())
        .query(rows)
        .list();
  }

  /** One line of a run's log. */
  public record LogLine(long seq, int attempt, Instant at, String level, String message) {}

  /**
   * @param after the last {@code seq} seen; 0 for the beginning
   */
  public List<LogLine> log(UUID id, long after, int limit) {
    get(id);
    return lines(id, after, limit);
  }

  public List<LogLine> lines(UUID id, long after, int limit) {
    return jdbc.sql(SqlFile.load("jobs/run-log"))
        .param("id", id)
        .param("after", after)
        .param("limit", limit)
        .query(
            (row, n) ->
                new LogLine(
                    row.getLong("seq"),
                    row.getInt("attempt"),
                    row.getTimestamp("at").toInstant(),
                    row.getString("level"),
                    row.getString("message")))
        .list();
  }

  /**
   * Asks a run to stop. A queued one ends at the runner's next look, a running one within the
   * interval of its lease's renewal.
   *
   * @throws ConflictException when it has ended already
   */
  public Run cancel(UUID id, String by) {
    int asked = jdbc.sql(SqlFile.load("jobs/cancel")).param("id", id).param("by", by).update();
    Run run = get(id);
    if (asked == 0) {
      throw new ConflictException(
          "run " + id + " has ended already: " + run.state(), Map.of("run", id));
    }
    return run;
  }

  /**
   * Which runs that have not ended; a null is no filter.
   *
   * @param kind as {@link Run#triggerKind}
   * @param state {@code queued} or {@code running}
   */
  public record Selection(String job, String trigger, String kind, String state) {}

  /** How many runs were asked to stop, by the state they were in. */
  public record Asked(long queued, long running) {}

  /** Asks all of them to stop, as {@link #cancel} does one; those that were asked before stay. */
  public Asked cancelAll(Selection runs, String by) {
    return jdbc.sql(SqlFile.load("jobs/cancel-all"))
        .param("job", runs.job())
        .param("trigger", runs.trigger())
        .param("kind", runs.kind())
        .param("state", runs.state())
        .param("by", by)
        .query((row, n) -> new Asked(row.getLong("queued"), row.getLong("running")))
        .single();
  }
}
