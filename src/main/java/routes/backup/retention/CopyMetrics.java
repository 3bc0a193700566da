package routes.backup.retention;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.backup.config.Sources;
import routes.backup.repositories.CopyProperties;
import routes.kernel.SqlFile;
import routes.telemetry.RefreshedMetrics;
import routes.telemetry.RowGauges;

/**
 * {@code hub_copy_*}: what {@code hub_retention_*} and {@code hub_sweep_*} tell of the repository,
 * of each copy. Names of their own, since an alarm or a sum over those must not change its meaning
 * when a copy is added.
 */
@Component
class CopyMetrics implements RefreshedMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(CopyMetrics.class);

  /** How the last retention of a source in a copy ended. */
  private record Last(String copy, String source, boolean refused) {}

  /** What a copy's last sweep left. */
  private record Swept(String copy, double marked, double incomplete) {}

  private final JdbcClient jdbc;
  private final CopyProperties copies;
  private final Sources sources;
  private final MeterRegistry registry;
  private final RowGauges<Last> refused;
  private final RowGauges<Swept> swept;

  CopyMetrics(JdbcClient jdbc, CopyProperties copies, Sources sources, MeterRegistry registry) {
    this.jdbc = jdbc;
    this.copies = copies;
    this.sources = sources;
    this.registry = registry;
    this.refused =
        new RowGauges<Last>(registry, last -> Tags.of("copy", last.copy(), "source", last.source()))
            .add(
                "hub.copy.retention.refused",
                null,
                "1 when the last retention of the source in the copy refused: see its run",
                last -> last.refused() ? 1 : 0);
    this.swept =
        new RowGauges<Swept>(registry, last -> Tags.of("copy", last.copy()))
            .add(
                "hub.copy.sweep.marked",
                "bytes",
                "Chunks of the copy that go after the grace time",
                Swept::marked)
            .add(
                "hub.copy.sweep.incomplete",
                null,
                "Snapshots of the copy that lacked chunks when a sweep last ran",
                Swept::incomplete);
    // From the start, so that the first one is an increase.
    for (String copy : copies.names()) {
      sources.names().forEach(source -> removals(copy, source));
      chunks(copy);
      freed(copy);
    }
  }

  void removed(String copy, String source) {
    removals(copy, source).increment();
  }

  void swept(String copy, int deleted, long bytes) {
    chunks(copy).increment(deleted);
    freed(copy).increment(bytes);
  }

  private Counter removals(String copy, String source) {
    return Counter.builder("hub.copy.retention.removed")
        .description("Snapshots that retention removed from the copy")
        .tags("copy", copy, "source", source)
        .register(registry);
  }

  private Counter chunks(String copy) {
    return Counter.builder("hub.copy.sweep.chunks")
        .description("Chunks that sweeps deleted from the copy")
        .tag("copy", copy)
        .register(registry);
  }

  private Counter freed(String copy) {
    return Counter.builder("hub.copy.sweep.freed")
        .baseUnit("bytes")
        .description("Sizes of the chunks that sweeps deleted from the copy")
        .tag("copy", copy)
        .register(registry);
  }

  /** Reads the ledger again; while the database is away, the last values stand. */
  @Override
  public void refresh() {
    List<Last> refusals;
    List<Swept> last;
    String places = String.join(",", copies.names());
    try {
      refusals =
          jdbc.sql(SqlFile.load("backup/copy-refused"))
              .param("copies", places)
              .param("sources", String.join(",", sources.names()))
              .query(Last.class)
              .list();
      last =
          jdbc.sql(SqlFile.load("backup/copy-swept"))
              .param("copies", places)
              .query(
                  (row, n) ->
                      new Swept(
                          row.getString("copy"),
                          row.getDouble("marked"),
                          row.getDouble("incomplete")))
              .list();
    } catch (DataAccessException e) {
      LOG.warn("metrics of copies are not renewed: {}", e.getMessage());
      return;
    }
    refused.show(refusals);
    swept.show(last);
  }
}
