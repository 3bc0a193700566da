package routes.notify.delivery;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.SqlFile;
import routes.notify.rules.NotifyProperties;
import routes.stores.postgres.GuardPool;
import routes.telemetry.RefreshedMetrics;
import routes.telemetry.RowGauges;

/**
 * {@code hub_delivery_*}: what waits for each target; and the table's upkeep at the same pace: what
 * ended long ago goes.
 */
@Component
class DeliveryUpkeep implements RefreshedMetrics {

  private final NotifyProperties properties;
  private final JdbcClient guard;
  private final JdbcClient jdbc;
  private final MeterRegistry registry;
  private final Clock clock;
  private final RowGauges<Row> gauges;

  DeliveryUpkeep(
      NotifyProperties properties,
      @Qualifier(GuardPool.NAME) HikariDataSource guard,
      JdbcClient jdbc,
      MeterRegistry registry,
      Clock clock) {
    this.properties = properties;
    this.guard = JdbcClient.create(guard);
    this.jdbc = jdbc;
    this.registry = registry;
    this.clock = clock;
    this.gauges =
        new RowGauges<Row>(registry, row -> Tags.of("target", row.target()))
            .add(
                "hub.delivery.waiting",
                null,
                "Events that a target is still to be told of",
                Row::count)
            .add(
                "hub.delivery.lag",
                "seconds",
                "Age of the oldest event that a target is still to be told of",
                Row::age);
  }

  /**
   * @param age of the oldest, seconds
   */
  private record Row(String target, long count, double age) {}

  @Override
  public void refresh() {
    Map<String, Row> rows = new HashMap<>();
    double now = clock.millis() / 1000.0;
    guard
        .sql(SqlFile.load("notify/metrics"))
        .query(
            (row, number) ->
                new Row(
                    row.getString("target"),
                    row.getLong("waiting"),
                    Math.max(0, now - row.getDouble("oldest"))))
        .list()
        .forEach(row -> rows.put(row.target(), row));
    // By configured targets, so that the label stays bounded and a target without any tells 0.
    gauges.show(
        properties.targets().keySet().stream()
            .map(target -> rows.getOrDefault(target, new Row(target, 0, 0)))
            .toList());
    keepBounded();
  }

  void keepBounded() {
    long keep = properties.keep().toMillis();
    jdbc.sql(SqlFile.load("notify/forget")).param("keepMs", keep).update();
    jdbc.sql(SqlFile.load("notify/forget-publications")).param("keepMs", keep).update();
    List<String> targets = new ArrayList<>(properties.targets().keySet());
    targets.add(""); // no target is called so; an empty list is no SQL
    int dropped =
        jdbc.sql(SqlFile.load("notify/drop-orphans"))
            .param("targets", targets)
            .param("keepMs", keep)
            .query(String.class)
            .list()
            .size();
    if (dropped > 0) {
      // Under one label: their targets have no names any more.
      Counter.builder("hub.deliveries")
          .description(DeliveryAttempt.ENDED)
          .tag("target", "unknown")
          .tag("outcome", "dropped")
          .register(registry)
          .increment(dropped);
    }
  }
}
