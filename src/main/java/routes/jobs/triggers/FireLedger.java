package routes.jobs.triggers;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import routes.jobs.JobCatalogue;
import routes.kernel.Columns;
import routes.kernel.SqlFile;
import routes.telemetry.Spans;

/** Fires in the ledger: which of a trigger's are decided, and which have a run. */
record FireLedger(JdbcClient jdbc, JobCatalogue jobs, ObjectMapper json) {

  private static final String COVERED = SqlFile.load("jobs/trigger-covered");
  private static final String COVERED_LOCK = COVERED + " FOR UPDATE";

  /**
   * Writes one fire, within the caller's transaction.
   *
   * @return false when the ledger has it, or the trigger is paused
   */
  boolean insert(TriggerDefinition trigger, Instant fireTime, String kind, boolean mayBeSkipped) {
    String key = exclusiveKey(trigger);
    if (key != null) {
      // Serialises the decision "is one active?" with the insert that follows from it.
      jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))::text")
          .param("key", key)
          .query(String.class)
          .optional();
    }
    return jdbc.sql(SqlFile.load("jobs/fire"))
            .param("id", UUID.randomUUID())
            .param("job", trigger.job())
            .param("kind", kind)
            .param("triggerId", trigger.id())
            .param("fireTime", Timestamp.from(fireTime))
            .param("params", Columns.text(json, trigger.params()))
            .param("exclusiveKey", key)
            .param(
                "skipOnOverlap",
                mayBeSkipped && trigger.overlap() == TriggerDefinition.Overlap.FORBID)
            .param("retries", trigger.retries())
            .param("catchUp", !mayBeSkipped && kind.equals("schedule"))
            .param("backoffMs", trigger.backoff().toMillis())
            .param("timeoutMs", trigger.timeout().toMillis())
            // Fires that are made up for have nobody's trace, and not all the same one.
            .param("traceparent", mayBeSkipped ? Spans.currentTraceparent() : null)
            .update()
        == 1;
  }

  /** Fires that nothing was decided about, up to now; none while the trigger is paused. */
  List<Instant> due(TriggerDefinition trigger, Instant now) {
    return due(COVERED, trigger, now);
  }

  /** The same, and nobody else decides about them until the caller's transaction ends. */
  List<Instant> lockDue(TriggerDefinition trigger, Instant now) {
    return due(COVERED_LOCK, trigger, now);
  }

  private List<Instant> due(String query, TriggerDefinition trigger, Instant now) {
    return jdbc.sql(query)
        .param("triggerId", trigger.id())
        .query(Timestamp.class)
        .optional()
        .map(covered -> trigger.fireTimes(covered.toInstant(), now))
        .orElse(List.of());
  }

  /** Fire times that have a run, from then on. */
  Set<Instant> written(TriggerDefinition trigger, Instant from) {
    return jdbc
        .sql(SqlFile.load("jobs/trigger-fires"))
        .param("triggerId", trigger.id())
        .param("from", Timestamp.from(from))
        .query(Timestamp.class)
        .list()
        .stream()
        .map(Timestamp::toInstant)
        .collect(Collectors.toSet());
  }

  /** Takes a trigger into the books, unless it is there. */
  void seen(TriggerDefinition trigger, Instant now) {
    jdbc.sql(SqlFile.load("jobs/trigger-seen"))
        .param("triggerId", trigger.id())
        .param("now", Timestamp.from(now))
        .param("schedule", trigger.schedule())
        .update();
  }

  /** Whether the trigger is paused, or all are switched off. */
  boolean isPaused(String triggerId) {
    return jdbc.sql(COVERED).param("triggerId", triggerId).query(Timestamp.class).list().isEmpty();
  }

  Instant now() {
    return jdbc.sql("SELECT now()").query(Timestamp.class).single().toInstant();
  }

  /** All fires up to then are decided. */
  void cover(TriggerDefinition trigger, Instant until) {
    jdbc.sql(SqlFile.load("jobs/trigger-cover"))
        .param("triggerId", trigger.id())
        .param("until", Timestamp.from(until))
        .update();
  }

  private String exclusiveKey(TriggerDefinition trigger) {
    return trigger.overlap() == TriggerDefinition.Overlap.ALLOW
        ? null
        : jobs.get(trigger.job()).exclusiveKey(trigger.params());
  }
}
