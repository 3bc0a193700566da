package routes.jobs.triggers;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.SqlFile;
import routes.stores.postgres.GuardPool;
import routes.telemetry.RefreshedMetrics;
import routes.telemetry.RowGauges;

/**
 * {@code hub_trigger_*}, one series per declared trigger, from the ledger: every replica says the
 * same. Ages grow between two readings, also while the database is away.
 */
@Component
class TriggerMetrics implements RefreshedMetrics {

  /**
   * A trigger beside what the ledger knows of it; times in seconds since 1970, NaN for never.
   *
   * @param covered its fires up to here are decided; null: the ledger has not seen it yet
   * @param failures since the last success
   */
  record Seen(
      TriggerDefinition trigger,
      Instant covered,
      boolean paused,
      double firstFire,
      double lastSuccess,
      int failures) {

    /** A fire was due, and there is no run of it nor of any other. */
    boolean neverRan(Instant now) {
      if (paused || covered == null || !Double.isNaN(firstFire)) {
        return false;
      }
      boolean decided = covered.equals(trigger.next(covered.minusMillis(1)));
      // Later than the look-back would find it.
      return decided || !trigger.fireTimes(covered, now.minusSeconds(300)).isEmpty();
    }

    /** Since the last success or, before there is one, since the first fire; NaN before that. */
    double successAge(Instant now) {
      double since = Double.isNaN(lastSuccess) ? firstFire : lastSuccess;
      return Double.isNaN(since) ? Double.NaN : Math.max(0, now.toEpochMilli() / 1000.0 - since);
    }
  }

  private record Known(
      String id,
      Instant covered,
      boolean paused,
      double firstFire,
      double lastSuccess,
      int failures) {}

  private final TriggerCatalogue catalogue;
  private final BrokenTriggers brokenTriggers;
  private final MultiGauge broken;
  private final JdbcClient jdbc;
  private final MeterRegistry registry;
  private final RowGauges<Seen> gauges;

  TriggerMetrics(
      TriggerCatalogue catalogue,
      BrokenTriggers brokenTriggers,
      @Qualifier(GuardPool.NAME) HikariDataSource guard,
      MeterRegistry registry,
      Clock clock) {
    this.catalogue = catalogue;
    this.brokenTriggers = brokenTriggers;
    this.broken =
        MultiGauge.builder("hub.trigger.broken")
            .description("1 for a trigger that does not run since what its file says is wrong")
            .register(registry);
    this.jdbc = JdbcClient.create(guard);
    this.registry = registry;
    this.gauges =
        new RowGauges<Seen>(
                registry,
                seen -> Tags.of("trigger", seen.trigger().id(), "job_id", seen.trigger().job()))
            .add(
                "hub.trigger.last.success.timestamp",
                "seconds",
                "When the trigger's last good run ended; 0 for never",
                seen -> Double.isNaN(seen.lastSuccess()) ? 0 : seen.lastSuccess())
            .add(
                "hub.trigger.success.age",
                "seconds",
                "Time since the trigger's last success or, before there is one, since its first"
                    + " fire",
                seen -> seen.successAge(clock.instant()))
            .add(
                "hub.trigger.max.age",
                "seconds",
                "How old the last success may be, as the trigger declares; NaN when it does not",
                seen ->
                    seen.trigger().maxAge() == null
                        ? Double.NaN
                        : seen.trigger().maxAge().toSeconds())
            .add(
                "hub.trigger.failures",
                null,
                "The trigger's runs that failed in a row, up to the last one; 100 stands for more",
                Seen::failures)
            .add(
                "hub.trigger.never.ran",
                null,
                "1 when a fire of the trigger was due and there is no run of it",
                seen -> seen.neverRan(clock.instant()) ? 1 : 0)
            .add(
                "hub.trigger.paused",
                null,
                "1 while the trigger is paused, or all are switched off",
                seen -> seen.paused() ? 1 : 0);
  }

  /** Fires that no hub was there for, found by this replica. */
  void missed(String trigger, int fires) {
    missed(trigger).increment(fires);
  }

  private Counter missed(String trigger) {
    return Counter.builder("hub.trigger.missed")
        .description("Fires that no hub was there for, whatever was then made of them")
        .tag("trigger", trigger)
        .register(registry);
  }

  @Override
  public void refresh() {
    // Before the ledger is asked: it need not be there for this.
    broken.register(
        brokenTriggers.all().stream().map(TriggerMetrics::row).collect(Collectors.toList()), true);
    Map<String, Known> known =
        jdbc.sql(SqlFile.load("jobs/trigger-metrics")).query(TriggerMetrics::known).list().stream()
            .collect(Collectors.toMap(Known::id, one -> one));
    List<Seen> all = catalogue.all().stream().map(t -> seen(t, known.get(t.id()))).toList();
    // From the start, so that the first one is an increase.
    all.forEach(seen -> missed(seen.trigger().id()));
    gauges.show(all);
  }

  private static MultiGauge.Row<Number> row(BrokenTriggers.Broken broken) {
    return MultiGauge.Row.of(
        Tags.of(
            "trigger",
            broken.id(),
            "route",
            String.valueOf(broken.route().route()),
            "file",
            broken.route().file(),
            "line",
            String.valueOf(broken.route().line())),
        1);
  }

  private static Seen seen(TriggerDefinition trigger, Known known) {
    return known == null
        ? new Seen(trigger, null, false, Double.NaN, Double.NaN, 0)
        : new Seen(
            trigger,
            known.covered(),
            known.paused(),
            known.firstFire(),
            known.lastSuccess(),
            known.failures());
  }

  private static Known known(ResultSet row, int number) throws SQLException {
    return new Known(
        row.getString("trigger_id"),
        row.getTimestamp("covered_until").toInstant(),
        row.getBoolean("paused"),
        orNaN(row, "first_fire"),
        orNaN(row, "last_success"),
        row.getInt("failures"));
  }

  private static double orNaN(ResultSet row, String column) throws SQLException {
    double value = row.getDouble(column);
    return row.wasNull() ? Double.NaN : value;
  }
}
