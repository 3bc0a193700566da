package routes.backup;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.backup.catalogue.PendingSnapshots;
import routes.backup.config.Sources;
import routes.kernel.SqlFile;
import routes.telemetry.RefreshedMetrics;

/**
 * {@code hub_backup_*}, one series per source, from the catalogue: every replica says the same. A
 * configured source without a snapshot has the time 0 and an infinite age, so that an alert sees
 * it; what has no value yet is NaN.
 */
@Component
class BackupMetrics implements RefreshedMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(BackupMetrics.class);
  private static final String METRICS = SqlFile.load("backup/metrics");

  /** One row of the query; what it does not know is NaN. */
  private record Seen(String source, Map<String, Double> values) {

    double get(String column) {
      return values.get(column);
    }

    /** As a time: 0 for never. */
    double at(String column) {
      return Double.isNaN(get(column)) ? 0 : get(column);
    }
  }

  private final PendingSnapshots pending;
  private final JdbcClient jdbc;
  private final Sources sources;
  private final Clock clock;
  private final Map<MultiGauge, ToDoubleFunction<Seen>> gauges = new LinkedHashMap<>();

  BackupMetrics(
      PendingSnapshots pending,
      JdbcClient jdbc,
      Sources sources,
      MeterRegistry registry,
      Clock clock) {
    this.pending = pending;
    this.jdbc = jdbc;
    this.sources = sources;
    this.clock = clock;
    Gauges add = new Gauges(registry);
    add.of("taken.timestamp", "seconds", "When the newest snapshot was taken", s -> s.at("taken"));
    add.of(
        "age", "seconds", "Age of the newest snapshot: what a loss now would cost", age("taken"));
    add.of("proven.timestamp", "seconds", "When a drill last found all equal", s -> s.at("proven"));
    add.of("proven.age", "seconds", "Time since a drill last found all equal", age("proven"));
    add.of(
        "read.timestamp",
        "seconds",
        "When a verification last read every byte of a snapshot and found it right",
        s -> s.at("read"));
    add.of("rto", "seconds", "What the last drill took to restore", s -> s.get("rto"));
    add.of("rows", "", "Rows of the newest snapshot's tables", s -> s.at("row_count"));
    add.of("plain", "bytes", "The newest snapshot before compression", s -> s.at("plain_bytes"));
    add.of("stored", "bytes", "The newest snapshot's chunks", s -> s.at("stored_bytes"));
    add.of("new", "bytes", "What the newest snapshot sent", s -> s.at("new_bytes"));
    add.of(
        "size.ratio",
        "",
        "How many times smaller the newest snapshot's chunks are than what they hold",
        s -> s.get("plain_bytes") / s.get("stored_bytes"));
    add.of(
        "last.outcome",
        "",
        "How the last backup ended: 1 succeeded, 0 failed permanently",
        s -> s.get("backup_outcome"));
    add.of(
        "drill.last.outcome",
        "",
        "How the last drill ended: 1 all equal, 0 failed permanently",
        s -> s.get("drill_outcome"));
    add.of(
        "damaged.chunks",
        "",
        "Chunks found damaged or missing, and not sent or read again since",
        s -> s.get("damaged_chunks"));
    add.of(
        "damaged.snapshots",
        "",
        "Snapshots that the last look found damaged or not equal",
        s -> s.get("damaged_snapshots"));
  }

  /** Grows between two readings of the catalogue, also while the database is away. */
  private ToDoubleFunction<Seen> age(String column) {
    return seen ->
        Double.isNaN(seen.get(column))
            ? Double.POSITIVE_INFINITY
            : Math.max(0, clock.millis() / 1000.0 - seen.get(column));
  }

  private final class Gauges {
    private final MeterRegistry registry;

    private Gauges(MeterRegistry registry) {
      this.registry = registry;
    }

    private void of(String name, String unit, String description, ToDoubleFunction<Seen> value) {
      MultiGauge.Builder gauge = MultiGauge.builder("hub.backup." + name).description(description);
      gauges.put((unit.isEmpty() ? gauge : gauge.baseUnit(unit)).register(registry), value);
    }
  }

  /** Reads the catalogue again; while the database is away, the last values stand. */
  @Override
  public void refresh() {
    pending.settle();
    List<Seen> all;
    try {
      all =
          jdbc.sql(METRICS)
              .param("sources", String.join(",", sources.names()))
              .query(BackupMetrics::seen)
              .list();
    } catch (DataAccessException e) {
      LOG.warn("metrics of backups are not renewed: {}", e.getMessage());
      return;
    }
    gauges.forEach(
        (gauge, value) -> {
          List<MultiGauge.Row<?>> rows = new ArrayList<>();
          all.forEach(
              seen -> rows.add(MultiGauge.Row.of(Tags.of("source", seen.source()), seen, value)));
          gauge.register(rows, true);
        });
  }

  private static Seen seen(ResultSet row, int number) throws SQLException {
    Map<String, Double> values = new LinkedHashMap<>();
    for (int column = 2; column <= row.getMetaData().getColumnCount(); column++) {
      double value = row.getDouble(column);
      values.put(row.getMetaData().getColumnLabel(column), row.wasNull() ? Double.NaN : value);
    }
    return new Seen(row.getString("source"), values);
  }
}
