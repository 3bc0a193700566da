package routes.backup;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
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
import routes.telemetry.RowGauges;

/**
 * {@code hub_backup_*}, one series per source, from the catalogue: every replica says the same. A
 * configured source without a snapshot has the time 0 and an infinite age, so that an alert sees
 * it; what has no value yet is NaN.
 */
@Component
class BackupMetrics implements RefreshedMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(BackupMetrics.class);

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
  private final RowGauges<Seen> gauges;

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
    this.gauges = new RowGauges<>(registry, seen -> Tags.of("source", seen.source()));
    gauge("taken.timestamp", "seconds", "When the newest snapshot was taken", s -> s.at("taken"));
    gauge("age", "seconds", "Age of the newest snapshot: what a loss now would cost", age("taken"));
    gauge("proven.timestamp", "seconds", "When a drill last found all equal", s -> s.at("proven"));
    gauge("proven.age", "seconds", "Time since a drill last found all equal", age("proven"));
    gauge(
        "read.timestamp",
        "seconds",
        "When a verification last read every byte of a snapshot and found it right",
        s -> s.at("read"));
    gauge("rto", "seconds", "What the last drill took to restore", s -> s.get("rto"));
    gauge("rows", null, "Rows of the newest snapshot's tables", s -> s.at("row_count"));
    gauge("plain", "bytes", "The newest snapshot before compression", s -> s.at("plain_bytes"));
    gauge("stored", "bytes", "The newest snapshot's chunks", s -> s.at("stored_bytes"));
    gauge("new", "bytes", "What the newest snapshot sent", s -> s.at("new_bytes"));
    gauge(
        "size.ratio",
        null,
        "How many times smaller the newest snapshot's chunks are than what they hold",
        s -> s.get("plain_bytes") / s.get("stored_bytes"));
    gauge(
        "last.outcome",
        null,
        "How the last backup ended: 1 succeeded, 0 failed permanently",
        s -> s.get("backup_outcome"));
    gauge(
        "drill.last.outcome",
        null,
        "How the last drill ended: 1 all equal, 0 failed permanently",
        s -> s.get("drill_outcome"));
    gauge(
        "damaged.chunks",
        null,
        "Chunks found damaged or missing, and not sent or read again since",
        s -> s.get("damaged_chunks"));
    gauge(
        "damaged.snapshots",
        null,
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

  private void gauge(String name, String unit, String description, ToDoubleFunction<Seen> value) {
    gauges.add("hub.backup." + name, unit, description, value);
  }

  /** Reads the catalogue again; while the database is away, the last values stand. */
  @Override
  public void refresh() {
    pending.settle();
    List<Seen> all;
    try {
      all =
          jdbc.sql(SqlFile.load("backup/metrics"))
              .param("sources", String.join(",", sources.names()))
              .query(BackupMetrics::seen)
              .list();
    } catch (DataAccessException e) {
      LOG.warn("metrics of backups are not renewed: {}", e.getMessage());
      return;
    }
    gauges.show(all);
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
