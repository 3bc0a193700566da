package routes.backup;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.platform.sql.SqlFile;

/**
 * {@code hub_backup_*}, one series per source, from the catalogue: every replica says the same. A
 * configured source without a snapshot has the time 0, so that an alert on age sees it.
 */
@Component
class BackupMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(BackupMetrics.class);
  private static final String NEWEST = SqlFile.load("backup/newest");

  private record Newest(
      String source,
      double taken,
      double rows,
      double plain,
      double stored,
      double fresh,
      double proven,
      double rto) {

    static Newest none(String source) {
      return new Newest(source, 0, 0, 0, 0, 0, 0, Double.NaN);
    }
  }

  private final JdbcClient jdbc;
  private final Sources sources;
  private final Map<MultiGauge, ToDoubleFunction<Newest>> gauges = new HashMap<>();

  BackupMetrics(JdbcClient jdbc, Sources sources, MeterRegistry registry) {
    this.jdbc = jdbc;
    this.sources = sources;
    add(
        registry,
        "taken.timestamp",
        "seconds",
        "When the newest snapshot was taken",
        Newest::taken);
    add(
        registry,
        "proven.timestamp",
        "seconds",
        "When a drill last found all equal",
        Newest::proven);
    add(registry, "rto", "seconds", "What the last drill took to restore", Newest::rto);
    add(registry, "rows", "", "Rows of the newest snapshot's tables", Newest::rows);
    add(registry, "plain", "bytes", "The newest snapshot before compression", Newest::plain);
    add(registry, "stored", "bytes", "The newest snapshot's chunks", Newest::stored);
    add(registry, "new", "bytes", "What the newest snapshot sent", Newest::fresh);
  }

  private void add(
      MeterRegistry registry,
      String name,
      String unit,
      String description,
      ToDoubleFunction<Newest> value) {
    MultiGauge.Builder gauge = MultiGauge.builder("hub.backup." + name).description(description);
    gauges.put((unit.isEmpty() ? gauge : gauge.baseUnit(unit)).register(registry), value);
  }

  /** Reads the catalogue again; while the database is away, the last values stand. */
  void refresh() {
    Map<String, Newest> newest = new HashMap<>();
    sources.names().forEach(source -> newest.put(source, Newest.none(source)));
    try {
      jdbc.sql(NEWEST)
          .query(
              (row, n) ->
                  new Newest(
                      row.getString("source"),
                      row.getDouble("taken"),
                      row.getDouble("row_count"),
                      row.getDouble("plain_bytes"),
                      row.getDouble("stored_bytes"),
                      row.getDouble("new_bytes"),
                      row.getDouble("proven"),
                      row.getObject("rto") == null ? Double.NaN : row.getDouble("rto")))
          .list()
          .forEach(row -> newest.put(row.source(), row));
    } catch (DataAccessException e) {
      LOG.warn("metrics of backups are not renewed: {}", e.getMessage());
      return;
    }
    gauges.forEach(
        (gauge, value) -> {
          List<MultiGauge.Row<?>> rows = new ArrayList<>();
          newest
              .values()
              .forEach(
                  row ->
                      rows.add(
                          MultiGauge.Row.of(
                              Tags.of("source", row.source()), value.applyAsDouble(row))));
          gauge.register(rows, true);
        });
  }
}
