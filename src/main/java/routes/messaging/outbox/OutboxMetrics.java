package routes.messaging.outbox;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.SqlFile;
import routes.stores.postgres.GuardPool;
import routes.telemetry.RefreshedMetrics;

/** {@code hub_outbox_*}: events that wait for the relay. */
@Component
class OutboxMetrics implements RefreshedMetrics {

  private final JdbcClient jdbc;
  private volatile double waiting = Double.NaN;
  private volatile double oldest = Double.NaN;

  OutboxMetrics(
      @Qualifier(GuardPool.NAME) HikariDataSource guard, MeterRegistry registry, Clock clock) {
    this.jdbc = JdbcClient.create(guard);
    Gauge.builder("hub.outbox.waiting", () -> waiting)
        .description("Events that are not relayed yet; 10000 stands for more")
        .register(registry);
    Gauge.builder(
            "hub.outbox.lag", () -> oldest == 0 ? 0 : Math.max(0, clock.millis() / 1000.0 - oldest))
        .baseUnit("seconds")
        .description("Age of the oldest event that is not relayed yet; 0 when there is none")
        .register(registry);
  }

  @Override
  public void refresh() {
    jdbc.sql(SqlFile.load("messaging/outbox-waiting"))
        .query(
            (row, number) -> {
              waiting = row.getDouble("waiting");
              oldest = row.getDouble("oldest");
              return number;
            })
        .single();
  }
}
