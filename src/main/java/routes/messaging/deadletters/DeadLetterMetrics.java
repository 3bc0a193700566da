package routes.messaging.deadletters;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.SqlFile;
import routes.stores.postgres.GuardPool;
import routes.telemetry.RefreshedMetrics;

/**
 * {@code hub_dead_letters_waiting}: messages that failed for good and were not replayed, by port.
 */
@Component
class DeadLetterMetrics implements RefreshedMetrics {

  private final JdbcClient jdbc;
  private final MultiGauge waiting;

  DeadLetterMetrics(@Qualifier(GuardPool.NAME) HikariDataSource guard, MeterRegistry registry) {
    this.jdbc = JdbcClient.create(guard);
    this.waiting =
        MultiGauge.builder("hub.dead.letters.waiting")
            .description("Messages that failed permanently and were not replayed since")
            .register(registry);
  }

  @Override
  public void refresh() {
    waiting.register(
        jdbc.sql(SqlFile.load("messaging/dead-letters-waiting"))
            .<MultiGauge.Row<?>>query(
                (row, number) ->
                    MultiGauge.Row.of(
                        Tags.of("port", row.getString("port")), row.getLong("waiting")))
            .list(),
        true);
  }
}
