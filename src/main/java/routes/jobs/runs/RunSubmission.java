package routes.jobs.runs;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import routes.jobs.Job;
import routes.jobs.JobCatalogue;
import routes.jobs.ledger.Run;
import routes.jobs.ledger.RunnerSignal;
import routes.jobs.triggers.TriggerCatalogue;
import routes.jobs.triggers.TriggerDefinition;
import routes.kernel.Columns;
import routes.kernel.SqlFile;
import routes.kernel.errors.ConflictException;
import routes.kernel.errors.InvalidInputException;
import routes.telemetry.Spans;

/**
 * Queues runs: reads their parameters, keeps runs with one exclusive key apart, and knows a repeat
 * by its idempotency key.
 */
record RunSubmission(
    JobCatalogue jobs,
    TriggerCatalogue triggers,
    JdbcClient jdbc,
    TransactionTemplate transaction,
    ObjectMapper json,
    RunnerSignal signal) {

  /**
   * A run that is in the queue.
   *
   * @param run its id
   * @param repeated true: the run was there, by its idempotency key
   */
  record Queued(UUID run, boolean repeated) {}

  /** Queues what somebody asks for. */
  Queued submit(Runs.Request request) {
    Job<?> job = jobs.get(request.job());
    Policy policy = new Policy(job.retries(), job.backoff(), job.timeout(), true, request.queue());
    return insert(request, "api", null, null, policy);
  }

  /**
   * Queues a run that has ended again.
   *
   * @return the new run's id
   */
  UUID repeat(Run run, String requestedBy) {
    Map<String, Object> params = new LinkedHashMap<>();
    run.params()
        .properties()
        .forEach(
            field -> params.put(field.getKey(), json.convertValue(field.getValue(), Object.class)));
    Runs.Request request =
        new Runs.Request(run.job(), params, run.dryRun(), false, requestedBy, null);
    return insert(request, "replay", run.trigger(), run.id(), policy(run)).run();
  }

  /**
   * How a run is tried.
   *
   * @param exclusive false: beside others of the same key
   * @param queue behind another of the same key, instead of being refused
   */
  private record Policy(
      int retries, Duration backoff, Duration timeout, boolean exclusive, boolean queue) {}

  /** As its trigger declares now: a time-out that was too short may be longer by now. */
  private Policy policy(Run run) {
    return triggers.all().stream()
        .filter(trigger -> trigger.id().equals(run.trigger()))
        .findFirst()
        .map(
            trigger ->
                new Policy(
                    trigger.retries(),
                    trigger.backoff(),
                    trigger.timeout(),
                    trigger.overlap() != TriggerDefinition.Overlap.ALLOW,
                    trigger.overlap() == TriggerDefinition.Overlap.QUEUE))
        .orElseGet(() -> written(run));
  }

  private Policy written(Run run) {
    return jdbc.sql(SqlFile.load("jobs/run-policy"))
        .param("id", run.id())
        .query(
            (row, n) -> {
              Integer retries = row.getObject("retries", Integer.class);
              return new Policy(
                  retries == null ? jobs.get(run.job()).retries() : retries,
                  Duration.ofMillis(row.getLong("backoff_ms")),
                  Duration.ofMillis(row.getLong("timeout_ms")),
                  row.getBoolean("exclusive"),
                  false);
            })
        .single();
  }

  private Queued insert(
      Runs.Request request, String kind, String trigger, UUID replayOf, Policy policy) {
    Job<?> job = jobs.get(request.job());
    Map<String, Object> params = jobs.read(job, request.params());
    if (request.dryRun() && !job.hasPlan()) {
      throw new InvalidInputException("dryRun", job.id() + " has no plan to show");
    }
    String exclusive = request.dryRun() || !policy.exclusive() ? null : job.exclusiveKey(params);
    String text = Columns.text(json, params);
    String idempotency =
        request.idempotencyKey() == null
            ? null
            : request.requestedBy() + "/" + request.idempotencyKey();
    String hash =
        idempotency == null ? null : DigestUtils.sha256Hex(job.id() + request.dryRun() + text);
    UUID id = UUID.randomUUID();
    UUID written =
        transaction.execute(
            status -> {
              if (exclusive != null && !policy.queue()) {
                refuseOverlap(exclusive, idempotency);
              }
              jdbc.sql(SqlFile.load("jobs/submit"))
                  .param("id", id)
                  .param("job", job.id())
                  .param("kind", kind)
                  .param("triggerId", trigger)
                  .param("params", text)
                  .param("dryRun", request.dryRun())
                  .param("exclusiveKey", exclusive)
                  .param("requestedBy", request.requestedBy())
                  .param("retries", policy.retries())
                  .param("backoffMs", policy.backoff().toMillis())
                  .param("timeoutMs", policy.timeout().toMillis())
                  .param("replayOf", replayOf)
                  .param("idempotencyKey", idempotency)
                  .param("requestHash", hash)
                  .param("traceparent", Spans.currentTraceparent())
                  .update();
              return idempotency == null ? id : existing(idempotency, hash);
            });
    signal.wake();
    return new Queued(written, !id.equals(written));
  }

  private void refuseOverlap(String exclusive, String idempotency) {
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))::text")
        .param("key", exclusive)
        .query(String.class)
        .optional();
    Optional<UUID> active =
        jdbc.sql(SqlFile.load("jobs/active"))
            .param("exclusiveKey", exclusive)
            .query(UUID.class)
            .optional();
    if (active.isPresent() && !known(idempotency)) {
      throw new ConflictException(
          "run "
              + active.get()
              + " of the same job and target has not ended; wait for it, cancel it, or ask with"
              + " overlap=queue (./hub … --queue)",
          Map.of("run", active.get()));
    }
  }

  private boolean known(String idempotency) {
    return idempotency != null
        && jdbc.sql("SELECT count(*) FROM hub.job_run WHERE idempotency_key = :key")
                .param("key", idempotency)
                .query(Long.class)
                .single()
            > 0;
  }

  private UUID existing(String idempotency, String hash) {
    return jdbc.sql("SELECT id, request_hash FROM hub.job_run WHERE idempotency_key = :key")
        .param("key", idempotency)
        .query(
            (row, n) -> {
              if (!hash.equals(row.getString("request_hash"))) {
                throw new InvalidInputException(
                    "Idempotency-Key", "was used for another request; take a new one");
              }
              return row.getObject("id", UUID.class);
            })
        .single();
  }
}
