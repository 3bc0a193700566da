package routes.jobs.ledger;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.jobs.JobCatalogue;
import routes.kernel.SqlFile;
import routes.stores.postgres.GuardPool;
import routes.telemetry.RefreshedMetrics;
import routes.telemetry.RowGauges;

/**
 * {@code hub_job_*} of runs that have not ended, one series per job, from the ledger: every replica
 * says the same.
 */
@Component
public class LedgerMetrics implements RefreshedMetrics {

  private record Seen(String job, double waited, double ran, double timeoutUsed, double lapsed) {}

  private final JobCatalogue jobs;
  private final JdbcClient jdbc;
  private final RowGauges<Seen> gauges;

  LedgerMetrics(
      JobCatalogue jobs,
      @Qualifier(GuardPool.NAME) HikariDataSource guard,
      MeterRegistry registry) {
    this.jobs = jobs;
    this.jdbc = JdbcClient.create(guard);
    this.gauges =
        new RowGauges<Seen>(registry, seen -> Tags.of("job_id", seen.job()))
            .add(
                "hub.job.wait",
                "seconds",
                "How long the oldest run that is due has waited for a hub that takes it",
                Seen::waited)
            .add(
                "hub.job.oldest",
                "seconds",
                "How long ago the oldest run that has not ended began",
                Seen::ran)
            .add(
                "hub.job.timeout.ratio",
                null,
                "Largest share of its time-out that a run has used; retries add up",
                Seen::timeoutUsed)
            .add(
                "hub.job.stuck",
                null,
                "Runs whose hub says nothing any more, and that no other took over",
                Seen::lapsed);
  }

  @Override
  public void refresh() {
    Map<String, Seen> all = new TreeMap<>();
    jobs.all().forEach(job -> all.put(job.id(), new Seen(job.id(), 0, 0, 0, 0)));
    jdbc.sql(SqlFile.load("jobs/ledger-metrics"))
        .query(Seen.class)
        .list()
        .forEach(seen -> all.put(seen.job(), seen));
    gauges.show(all.values());
  }
}
