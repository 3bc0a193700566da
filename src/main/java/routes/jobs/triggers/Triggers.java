package routes.jobs.triggers;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.jobs.JobCatalogue;
import routes.jobs.JobsProperties;
import routes.jobs.ledger.RunnerSignal;
import routes.kernel.errors.ConflictException;
import routes.kernel.errors.Failures;
import routes.kernel.errors.InvalidInputException;

/**
 * Fires of triggers, written to the ledger. Every replica fires; the ledger's unique index lets one
 * row exist per trigger and fire time.
 */
@Component("triggers")
public class Triggers {

  private static final Logger LOG = LoggerFactory.getLogger(Triggers.class);

  private final TriggerCatalogue catalogue;
  private final FireLedger ledger;
  private final TransactionTemplate transaction;
  private final JobsProperties properties;
  private final RunnerSignal signal;
  private final TriggerMetrics metrics;
  private final Clock clock;

  Triggers(
      TriggerCatalogue catalogue,
      JobCatalogue jobs,
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      ObjectMapper json,
      JobsProperties properties,
      RunnerSignal signal,
      TriggerMetrics metrics,
      Clock clock) {
    this.catalogue = catalogue;
    this.ledger = new FireLedger(jdbc, jobs, json);
    this.transaction = new TransactionTemplate(transactions);
    this.properties = properties;
    this.signal = signal;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Called by each schedule route when Quartz wakes it. What is due is for {@link FireTimes} and
   * the ledger to say: this may be the first wake-up after a process stood still.
   *
   * @param schedule id of the schedule, {@code <job>/<name>}
   * @param scheduled the fire time that was woken for. What is late is so by the clock that Quartz
   *     goes by: were it the ledger's, a machine whose clock is behind would be late always.
   */
  public void wake(
      @ExchangeProperty("schedule") String schedule, @Header("scheduledFireTime") Date scheduled) {
    Instant planned = scheduled.toInstant();
    forEach(
        catalogue.of(schedule),
        trigger -> {
          // Only what begins with this fire counts for one that the books do not have yet.
          seen(trigger, planned.minusMillis(1));
          Instant now = clock.instant();
          decide(trigger, now.isAfter(planned) ? now : planned, true);
        });
    signal.wake();
  }

  /**
   * Looks for fires that no hub was there for, or that the ledger was away for, and makes up for
   * them as each trigger's policy says. Every replica may do so at any time: the rows are the same.
   *
   * @param ledgerNow by the ledger's clock; what this machine's clock has not reached yet is left
   *     for its own wake-up
   */
  public void reconcile(Instant ledgerNow) {
    Instant own = clock.instant();
    Instant now = own.isBefore(ledgerNow) ? own : ledgerNow;
    forEach(
        catalogue.all(),
        trigger -> {
          seen(trigger, now);
          List<Instant> due = ledger.due(trigger, now);
          // The others are for the wake-up, which may be on its way.
          if (!due.isEmpty() && isLate(due.get(0), now)) {
            decide(trigger, now, false);
          }
        });
  }

  /** One trigger that fails keeps no other from its fires; a database that is away does. */
  private static void forEach(
      Collection<TriggerDefinition> all, Consumer<TriggerDefinition> decision) {
    for (TriggerDefinition trigger : all) {
      try {
        decision.accept(trigger);
      } catch (RuntimeException e) {
        if (Failures.isStoreAway(e)) {
          throw e;
        }
        LOG.error(
            "trigger {} failed: its fires that are due have no run yet, and are tried again at the"
                + " next look for missed fires; the other triggers go on",
            trigger.id(),
            e);
      }
    }
  }

  private boolean isLate(Instant fireTime, Instant now) {
    return fireTime.isBefore(now.minus(properties.misfireGrace()));
  }

  /**
   * Decides about all fires of a trigger that are due, in one transaction, one replica and thread
   * at a time. While none is late each is a run. Once one is late, its policy decides about all of
   * them together: a process that stood still does not run what it missed one by one, late or not.
   */
  private void decide(TriggerDefinition trigger, Instant now, boolean woken) {
    transaction.executeWithoutResult(
        status -> {
          List<Instant> due = ledger.lockDue(trigger, now);
          if (due.isEmpty()) {
            return;
          }
          Set<Instant> written = ledger.written(trigger, due.get(0));
          List<Instant> open = due.stream().filter(time -> !written.contains(time)).toList();
          List<Instant> late = open.stream().filter(time -> isLate(time, now)).toList();
          if (late.isEmpty() && !woken) {
            // A run is there for each that is late: only the books are behind.
            due.stream()
                .filter(time -> isLate(time, now))
                .forEach(time -> ledger.cover(trigger, time));
            return;
          }
          if (late.isEmpty()) {
            open.forEach(time -> insert(trigger, time, "schedule", true));
          } else {
            makeUp(trigger, open, late, now);
          }
          ledger.cover(trigger, due.get(due.size() - 1));
        });
  }

  private void makeUp(
      TriggerDefinition trigger, List<Instant> open, List<Instant> late, Instant now) {
    int made = 0;
    for (Instant fireTime : trigger.madeUpFor(open, time -> isLate(time, now))) {
      // They wait their turn: skipping what the policy asked for would be no policy.
      made += insert(trigger, fireTime, "schedule", false) ? 1 : 0;
    }
    signal.wake();
    metrics.missed(trigger.id(), late.size());
    LOG.info(
        "trigger {} missed {} fires since {}; policy {}: {} runs queued",
        trigger.id(),
        late.size(),
        late.get(0),
        trigger.misfire(),
        made);
  }

  /**
   * Writes a run for every fire time of a span, as if the trigger had been there.
   *
   * @return how many rows were new
   * @throws InvalidInputException when the span is empty, before 1970, in the future or too long
   * @throws ConflictException when the trigger is paused, or all are switched off
   */
  public int backfill(String triggerId, Instant from, Instant to) {
    TriggerDefinition trigger = catalogue.get(triggerId);
    if (from == null || to == null || !from.isBefore(to)) {
      throw new InvalidInputException("from", "must lie before 'to'; both are ISO-8601 instants");
    }
    if (from.isBefore(Instant.EPOCH)) {
      throw new InvalidInputException("from", "must not lie before 1970-01-01T00:00:00Z");
    }
    Instant now = ledger.now();
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
    if (ledger.isPaused(triggerId)) {
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

  /** Writes one fire, as {@link FireLedger#insert} does. */
  boolean insert(TriggerDefinition trigger, Instant fireTime, String kind, boolean mayBeSkipped) {
    return ledger.insert(trigger, fireTime, kind, mayBeSkipped);
  }

  /** Takes a trigger into the books, unless it is there. */
  void seen(TriggerDefinition trigger, Instant now) {
    ledger.seen(trigger, now);
  }
}
