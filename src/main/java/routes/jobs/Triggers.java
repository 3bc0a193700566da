package routes.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.platform.error.ConflictException;
import routes.platform.error.InvalidInputException;
import routes.platform.sql.SqlFile;
import routes.platform.telemetry.Spans;

/**
 * Fires of triggers, written to the ledger. Every replica fires; the ledger's unique index lets one
 * row exist per trigger and fire time.
 */
@Component("triggers")
public class Triggers {

  private static final Logger LOG = LoggerFactory.getLogger(Triggers.class);

  private static final String FIRE = SqlFile.load("jobs/fire");
  private static final String SEEN = SqlFile.load("jobs/trigger-seen");
  private static final String WRITTEN = SqlFile.load("jobs/trigger-fires");
  private static final String COVERED = SqlFile.load("jobs/trigger-covered");
  private static final String COVER = SqlFile.load("jobs/trigger-cover");

  private final TriggerCatalogue catalogue;
  private final JobCatalogue jobs;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final ObjectMapper json;
  private final JobsProperties properties;
  private final RunnerSignal signal;
  private final TriggerMetrics metrics;

  Triggers(
      TriggerCatalogue catalogue,
      JobCatalogue jobs,
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      ObjectMapper json,
      JobsProperties properties,
      RunnerSignal signal,
      TriggerMetrics metrics) {
    this.catalogue = catalogue;
    this.jobs = jobs;
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
    this.json = json;
    this.properties = properties;
    this.signal = signal;
    this.metrics = metrics;
  }

  /**
   * Called by each schedule route.
   *
   * @param schedule id of the schedule, {@code <job>/<name>}
   * @param scheduled the fire time as planned, not as it came: the same on every replica
   */
  public void fire(
      @ExchangeProperty("schedule") String schedule, @Header("scheduledFireTime") Date scheduled) {
    for (TriggerDefinition trigger : catalogue.of(schedule)) {
      // The watermark stays where it is: a fire may come while older ones are still to be made up
      // for, as right after a start.
      transaction.executeWithoutResult(
          status -> insert(trigger, scheduled.toInstant(), "schedule", true));
    }
    signal.wake();
  }

  private boolean insert(
      TriggerDefinition trigger, Instant fireTime, String kind, boolean mayBeSkipped) {
    String key = exclusiveKey(trigger);
    if (key != null) {
      // Serialises the decision "is one active?" with the insert that follows from it.
      jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))::text")
          .param("key", key)
          .query(String.class)
          .optional();
    }
    return jdbc.sql(FIRE)
            .param("id", UUID.randomUUID())
            .param("job", trigger.job())
            .param("kind", kind)
            .param("triggerId", trigger.id())
            .param("fireTime", Timestamp.from(fireTime))
            .param("params", write(trigger.params()))
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

  /**
   * Looks for fires that no hub was there for, or that the ledger was away for, and makes up for
   * them as each trigger's policy says. Every replica may do so at any time: the rows are the same.
   */
  void reconcile(Instant now) {
    for (TriggerDefinition trigger : catalogue.all()) {
      seen(trigger, now);
      Instant covered =
          jdbc.sql(COVERED)
              .param("triggerId", trigger.id())
              .query(Timestamp.class)
              .optional()
              .map(Timestamp::toInstant)
              .orElse(null);
      if (covered == null) {
        continue; // paused, or all are switched off
      }
      List<Instant> due = trigger.fireTimes(covered, now.minus(properties.misfireGrace()));
      if (!due.isEmpty()) {
        makeUp(trigger, due);
      }
    }
  }

  private void makeUp(TriggerDefinition trigger, List<Instant> due) {
    Set<Instant> written = written(trigger, due.get(0));
    List<Instant> missed = due.stream().filter(time -> !written.contains(time)).toList();
    List<Instant> made = trigger.madeUpFor(missed);
    int rows =
        transaction.execute(
            status -> {
              int inserted = 0;
              for (Instant fireTime : made) {
                // They wait their turn: skipping what the policy asked for would be no policy.
                inserted += insert(trigger, fireTime, "schedule", false) ? 1 : 0;
              }
              cover(trigger, due.get(due.size() - 1));
              return inserted;
            });
    if (rows > 0) {
      signal.wake();
    }
    if (!missed.isEmpty()) {
      metrics.missed(trigger.id(), missed.size());
      LOG.info(
          "trigger {} missed {} fires since {}; policy {}: {} made up for",
          trigger.id(),
          missed.size(),
          missed.get(0),
          trigger.misfire(),
          rows);
    }
  }

  private Set<Instant> written(TriggerDefinition trigger, Instant from) {
    return jdbc
        .sql(WRITTEN)
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
    jdbc.sql(SEEN)
        .param("triggerId", trigger.id())
        .param("now", Timestamp.from(now))
        .param("schedule", trigger.schedule())
        .update();
  }

  /**
   * Writes a run for every fire time of a span, as if the trigger had been there.
   *
   * @return how many rows were new
   * @throws InvalidInputException when the span is empty, in the future or too long
   * @throws ConflictException when the trigger is paused, or all are switched off
   */
  public int backfill(String triggerId, Instant from, Instant to) {
    TriggerDefinition trigger = catalogue.get(triggerId);
    if (from == null || to == null || !from.isBefore(to)) {
      throw new InvalidInputException("from", "must lie before 'to'; both are ISO-8601 instants");
    }
    Instant now = jdbc.sql("SELECT now()").query(Timestamp.class).single().toInstant();
    seen(trigger, now);
    if (to.isAfter(now)) {
      throw new InvalidInputException("to", "lies in the future; a backfill is for times gone by");
    }
    List<Instant> times = trigger.fireTimes(from.minusMillis(1), to);
    if (times.size() >= TriggerDefinition.MOST_MISSED
        && !trigger.fireTimes(from.minusMillis(1), times.get(0).minusMillis(1)).isEmpty()) {
      throw new InvalidInputException(
          "from",
          "the span holds more than "
              + TriggerDefinition.MOST_MISSED
              + " fires; take a shorter one");
    }
    if (jdbc.sql(COVERED).param("triggerId", triggerId).query(Timestamp.class).list().isEmpty()) {
      throw new ConflictException(
          "trigger " + triggerId + " is paused, or all are: resume it first",
          Map.of("trigger", triggerId));
    }
    int written = 0;
    for (Instant time : times) {
      written +=
          Boolean.TRUE.equals(
                  transaction.execute(status -> insert(trigger, time, "backfill", false)))
              ? 1
              : 0;
    }
    signal.wake();
    return written;
  }

  private void cover(TriggerDefinition trigger, Instant until) {
    jdbc.sql(COVER).param("triggerId", trigger.id()).param("until", Timestamp.from(until)).update();
  }

  private String exclusiveKey(TriggerDefinition trigger) {
    return trigger.overlap() == TriggerDefinition.Overlap.ALLOW
        ? null
        : jobs.get(trigger.job()).exclusiveKey(trigger.params());
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("parameters of a trigger cannot be written as JSON", e);
    }
  }
}
