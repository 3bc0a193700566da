package routes.probes;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.SqlFile;
import routes.stores.postgres.GuardPool;
import routes.telemetry.RefreshedMetrics;
import routes.telemetry.RowGauges;

/** {@code hub_probe_*}: how each configured probe is, the same on every replica. */
@Component
class ProbeMetrics implements RefreshedMetrics {

  private final ProbeProperties properties;
  private final JdbcClient jdbc;
  private final RowGauges<Row> gauges;

  ProbeMetrics(
      ProbeProperties properties,
      @Qualifier(GuardPool.NAME) HikariDataSource guard,
      MeterRegistry registry) {
    this.properties = properties;
    this.jdbc = JdbcClient.create(guard);
    this.gauges =
        new RowGauges<Row>(registry, row -> Tags.of("probe", row.probe()))
            .add(
                "hub.probe.up",
                null,
                "1 when the last look at a probe's target found it as expected, else 0",
                row -> row.isUp() ? 1 : 0)
            .add(
                "hub.probe.took",
                "seconds",
                "How long the last look at a probe's target took",
                Row::seconds)
            .add(
                "hub.probe.looked.timestamp",
                "seconds",
                "When a probe's target was last checked, since 1970",
                Row::at);
    properties
        .probes()
        .forEach(
            (name, probe) ->
                Gauge.builder("hub.probe.every", probe, each -> each.every().toMillis() / 1000.0)
                    .baseUnit("seconds")
                    .description("How often a probe's target is checked")
                    .tag("probe", name)
                    .strongReference(true)
                    .register(registry));
  }

  private record Row(String probe, boolean isUp, double seconds, double at) {}

  @Override
  public void refresh() {
    List<Row> rows =
        jdbc.sql(SqlFile.load("probes/metrics"))
            .query(
                (row, number) ->
                    new Row(
                        row.getString("probe"),
                        "up".equals(row.getString("state")),
                        row.getLong("took_ms") / 1000.0,
                        row.getDouble("looked")))
            .list();
    // One that is configured no more has no series.
    gauges.show(rows.stream().filter(row -> properties.probes().containsKey(row.probe())).toList());
  }
}
