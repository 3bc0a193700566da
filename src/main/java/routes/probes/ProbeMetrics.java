package routes.probes;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.SqlFile;
import routes.stores.postgres.GuardPool;
import routes.telemetry.RefreshedMetrics;

/** {@code hub_probe_*}: how each configured probe is, the same on every replica. */
@Component
class ProbeMetrics implements RefreshedMetrics {

  private static final String METRICS = SqlFile.load("probes/metrics");

  private final ProbeProperties properties;
  private final JdbcClient jdbc;
  private final MultiGauge up;
  private final MultiGauge took;
  private final MultiGauge looked;

  ProbeMetrics(
      ProbeProperties properties,
      @Qualifier(GuardPool.NAME) HikariDataSource guard,
      MeterRegistry registry) {
    this.properties = properties;
    this.jdbc = JdbcClient.create(guard);
    this.up =
        MultiGauge.builder("hub.probe.up")
            .description("1 when the last look at a probe's target found it as expected, else 0")
            .register(registry);
    this.took =
        MultiGauge.builder("hub.probe.took")
            .baseUnit("seconds")
            .description("How long the last look at a probe's target took")
            .register(registry);
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
    this.looked =
        MultiGauge.builder("hub.probe.looked.timestamp")
            .baseUnit("seconds")
            .description("When a probe's target was last checked, since 1970")
            .register(registry);
  }

  private record Row(String probe, boolean isUp, double seconds, double at) {}

  @Override
  public void refresh() {
    List<Row> rows =
        jdbc.sql(METRICS)
            .query(
                (row, number) ->
                    new Row(
                        row.getString("probe"),
                        "up".equals(row.getString("state")),
                        row.getLong("took_ms") / 1000.0,
                        row.getDouble("looked")))
            .list();
    List<MultiGauge.Row<?>> ups = new ArrayList<>();
    List<MultiGauge.Row<?>> times = new ArrayList<>();
    List<MultiGauge.Row<?>> looks = new ArrayList<>();
    for (Row row : rows) {
      // One that is configured no more has no series.
      if (properties.probes().containsKey(row.probe())) {
        Tags tags = Tags.of("probe", row.probe());
        ups.add(MultiGauge.Row.of(tags, row.isUp() ? 1 : 0));
        times.add(MultiGauge.Row.of(tags, row.seconds()));
        looks.add(MultiGauge.Row.of(tags, row.at()));
      }
    }
    up.register(ups, true);
    took.register(times, true);
    looked.register(looks, true);
  }
}
