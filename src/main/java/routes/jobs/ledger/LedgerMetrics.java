package routes.jobs.ledger;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.jobs.JobCatalogue;
import routes.kernel.SqlFile;
import routes.stores.postgres.GuardPool;
import routes.telemetry.RefreshedMetrics;

/**
 * {@code hub_job_*} of runs that have not ended, one series per job, from the ledger: every replica
 * says the same.
 */
@Component
public class LedgerMetrics implements RefreshedMetrics {

  private static final String METRICS = SqlFile.load("jobs/ledger-metrics");

  private record Seen(String job, double waited, double ran, double timeoutUsed, double lapsed) {}

  private final JobCatalogue jobs;
  private final JdbcClient jdbc;
  private final Map<MultiGauge, ToDoubleFunction<Seen>> gauges = new LinkedHashMap<>();

  LedgerMetrics(
      JobCatalogue jobs,
      @Qualifier(GuardPool.NAME) HikariDataSource guard,
      MeterRegistry registry) {
    this.jobs = jobs;
    this.jdbc = JdbcClient.create(guard);
    gauges.put(
        MultiGauge.builder("hub.job.wait")
            .baseUnit("seconds")
            .description("How long the oldest run that is due has waited for a hub that takes it")
            .register(registry),
        Seen::waited);
    gauges.put(
        MultiGauge.builder("hub.job.oldest")
            .baseUnit("seconds")
            .description("How long ago the oldest run that has not ended began")
            .register(registry),
        Seen::ran);
    gauges.put(
        MultiGauge.builder("hub.job.timeout.ratio")
            .description("Largest share of its time-out that a run has used; retries add up")
            .register(registry),
        Seen::timeoutUsed);
    gauges.put(
        MultiGauge.builder("hub.job.stuck")
            .description("Runs whose hub says nothing any more, and that no other took over")
            .register(registry),
        Seen::lapsed);
  }

  @Override
  public void refresh() {
    Map<String, Seen> all = new TreeMap<>();
    jobs.all().forEach(job -> all.put(job.id(), new Seen(job.id(), 0, 0, 0, 0)));
    jdbc.sql(METRICS).query(LedgerMetrics::seen).list().forEach(seen -> all.put(seen.job(), seen));
    gauges.forEach(
        (gauge, value) -> {
          List<MultiGauge.Row<?>> rows = new ArrayList<>();
          all.values()
              .forEach(
                  seen -> rows.add(MultiGauge.Row.of(Tags.of("job_id", seen.job()), seen, value)));
          gauge.register(rows, true);
        });
  }

  private static Seen seen(ResultSet row, int number) throws SQLException {
    return new Seen(
        row.getString("job"),
        row.getDouble("waited"),
        row.getDouble("ran"),
        row.getDouble("timeout_used"),
        row.getDouble("lapsed"));
  }
}
