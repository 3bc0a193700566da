package routes.backup.retention;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.backup.config.Sources;
import routes.kernel.SqlFile;
import routes.telemetry.RefreshedMetrics;
import routes.telemetry.RowGauges;

/**
 * {@code hub_retention_*} and {@code hub_sweep_*}. How the last runs ended is read from the ledger,
 * so that every replica says the same; what was removed and freed is counted where it was done.
 */
@Component
class RetentionMetrics implements RefreshedMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(RetentionMetrics.class);

  private final JdbcClient jdbc;
  private final Sources sources;
  private final MeterRegistry registry;
  private final RowGauges<Map.Entry<String, Boolean>> refused;
  private final Counter chunks;
  private final Counter freed;
  private volatile double marked = Double.NaN;
  private volatile double incomplete = Double.NaN;

  RetentionMetrics(JdbcClient jdbc, Sources sources, MeterRegistry registry) {
    this.jdbc = jdbc;
    this.sources = sources;
    this.registry = registry;
    this.refused =
        new RowGauges<Map.Entry<String, Boolean>>(
                registry, last -> Tags.of("source", last.getKey()))
            .add(
                "hub.retention.refused",
                null,
                "1 when the last retention of the source would remove nothing: see its run",
                last -> last.getValue() ? 1 : 0);
    this.chunks =
        Counter.builder("hub.sweep.chunks")
            .description("Chunks that sweeps deleted")
            .register(registry);
    this.freed =
        Counter.builder("hub.sweep.freed")
            .baseUnit("bytes")
            .description("Sizes of the chunks that sweeps deleted")
            .register(registry);
    Gauge.builder("hub.sweep.marked", () -> marked)
        .baseUnit("bytes")
        .description("Chunks that no snapshot names and that go after the grace time")
        .register(registry);
    Gauge.builder("hub.sweep.incomplete", () -> incomplete)
        .description("Snapshots that lacked chunks when a sweep last ran")
        .register(registry);
    // From the start, so that the first one is an increase.
    sources.names().forEach(this::removals);
  }

  void removed(String source) {
    removals(source).increment();
  }

  void swept(int deleted, long bytes) {
    chunks.increment(deleted);
    freed.increment(bytes);
  }

  private Counter removals(String source) {
    return Counter.builder("hub.retention.removed")
        .description("Snapshots that retention removed")
        .tag("source", source)
        .register(registry);
  }

  /** Reads the ledger again; while the database is away, the last values stand. */
  @Override
  public void refresh() {
    Map<String, Boolean> states = new HashMap<>();
    sources.names().forEach(source -> states.put(source, false));
    try {
      jdbc.sql(SqlFile.load("backup/retention-refused"))
          .param("sources", String.join(",", sources.names()))
          .query((row, n) -> Map.entry(row.getString("source"), row.getBoolean("refused")))
          .list()
          .forEach(state -> states.computeIfPresent(state.getKey(), (s, b) -> state.getValue()));
      jdbc.sql(SqlFile.load("backup/sweep-last"))
          .query(
              (row, n) -> {
                marked = row.getDouble("marked");
                incomplete = row.getDouble("incomplete");
                return n;
              })
          .list();
    } catch (DataAccessException e) {
      LOG.warn("metrics of retention are not renewed: {}", e.getMessage());
      return;
    }
    refused.show(states.entrySet());
  }
}
