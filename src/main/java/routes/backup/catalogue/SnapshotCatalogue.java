package routes.backup.catalogue;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.Columns;
import routes.kernel.SqlFile;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Hold;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;

/** {@code hub.snapshot}: a cache of the repository, for lists and metrics; never its truth. */
@Component
public class SnapshotCatalogue {

  private static final TypeReference<TreeMap<String, Hold>> NAMED_HOLDS = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final ObjectMapper json;

  SnapshotCatalogue(JdbcClient jdbc, ObjectMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /**
   * A snapshot as the API lists it.
   *
   * @param rows of all tables
   * @param holds pins by name, as they lie beside the snapshot
   * @param verified whether the last drill restored it equal, and no reading found damage since;
   *     null: never drilled, or the damage that was found was healed and the whole read since
   * @param rto what the last successful drill took to restore
   * @param intact whether the last reading of every byte found all right; null: never read
   * @param kind {@code postgres}, or {@code sql} for an imported dump
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Snapshot(
      String source,
      String id,
      Instant takenAt,
      Instant finishedAt,
      Map<String, Hold> holds,
      long rows,
      long plainBytes,
      long storedBytes,
      long newBytes,
      UUID run,
      Instant drilledAt,
      Boolean verified,
      String drillDetail,
      Duration rto,
      Instant readAt,
      Boolean intact,
      String readDetail,
      String kind) {

    /** How many times smaller its chunks are than what they hold; null without content. */
    @JsonProperty("ratio")
    Double ratio() {
      return storedBytes == 0 ? null : hundredths((double) plainBytes / storedBytes);
    }

    /** Share of its stored bytes that lay in the repository already; null without content. */
    @JsonProperty("dedup")
    Double dedup() {
      return storedBytes == 0 ? null : hundredths(1 - Math.min(1, (double) newBytes / storedBytes));
    }

    private static double hundredths(double value) {
      return Math.round(value * 100) / 100.0;
    }
  }

  /** Rows of tables only: sequences and large objects are counted apart. */
  public static long rows(Manifest manifest) {
    return manifest.entries().stream()
        .filter(entry -> entry.kind() == EntryKind.TABLE)
        .mapToLong(Entry::rows)
        .sum();
  }

  public static int tables(Manifest manifest) {
    return (int)
        manifest.entries().stream().filter(entry -> entry.kind() == EntryKind.TABLE).count();
  }

  /** Notes a snapshot that is about to be published; it is not listed yet. */
  public void announce(Manifest manifest, SnapshotId id) {
    add(manifest, id, false);
  }

  /**
   * Lists a snapshot that is published.
   *
   * @return whether it was not listed before
   */
  public boolean add(Manifest manifest, SnapshotId id) {
    return add(manifest, id, true);
  }

  private boolean add(Manifest manifest, SnapshotId id, boolean published) {
    return jdbc.sql(SqlFile.load("backup/snapshot-add"))
            .param("source", manifest.source())
            .param("id", id.value())
            .param("takenAt", Timestamp.from(manifest.takenAt()))
            .param("finishedAt", Timestamp.from(manifest.finishedAt()))
            .param("rows", rows(manifest))
            .param("plainBytes", manifest.totals().plainBytes())
            .param("storedBytes", manifest.totals().storedBytes())
            .param("newBytes", manifest.totals().newBytes())
            .param("run", UUID.fromString(manifest.run()))
            .param("kind", manifest.kind())
            .param("published", published)
            .update()
        == 1;
  }

  /**
   * Notes what a drill found.
   *
   * @param rtoMillis what it took to restore, or null
   */
  public void drilled(
      String source, SnapshotId id, Instant at, boolean verified, String detail, Long rtoMillis) {
    jdbc.sql(SqlFile.load("backup/snapshot-drilled"))
        .param("source", source)
        .param("id", id.value())
        .param("at", Timestamp.from(at))
        .param("verified", verified)
        .param("detail", detail)
        .param("rtoMs", rtoMillis)
        .update();
  }

  /** Notes what reading every byte found. */
  void read(String source, SnapshotId id, boolean intact, String detail) {
    jdbc.sql(SqlFile.load("backup/snapshot-read"))
        .param("source", source)
        .param("id", id.value())
        .param("intact", intact)
        .param("detail", detail)
        .update();
  }

  /** Forgets that it was damaged. */
  void healed(String source, SnapshotId id) {
    jdbc.sql(SqlFile.load("backup/snapshot-healed"))
        .param("source", source)
        .param("id", id.value())
        .update();
  }

  /** Takes over which holds lie beside a snapshot. */
  public void held(String source, SnapshotId id, Map<String, Hold> holds) {
    jdbc.sql(SqlFile.load("backup/snapshot-holds"))
        .param("source", source)
        .param("id", id.value())
        .param("holds", Columns.text(json, holds))
        .update();
  }

  /** Ids of a snapshot's line: its source and its id. */
  public record Key(String source, String id) {}

  /** Every snapshot that is listed. */
  public Set<Key> keys() {
    return keys("SELECT source, id FROM hub.snapshot WHERE published");
  }

  /** Those that were about to be published, and are perhaps. */
  public Set<Key> pending() {
    return keys("SELECT source, id FROM hub.snapshot WHERE NOT published");
  }

  private Set<Key> keys(String sql) {
    return Set.copyOf(
        jdbc.sql(sql).query((row, n) -> new Key(row.getString(1), row.getString(2))).list());
  }

  /** Forgets one that was not published, unless its run may still do so. */
  void giveUp(Key key) {
    jdbc.sql(SqlFile.load("backup/snapshot-give-up"))
        .param("source", key.source())
        .param("id", key.id())
        .update();
  }

  public void forget(Key key) {
    jdbc.sql(SqlFile.load("backup/snapshot-forget"))
        .param("source", key.source())
        .param("id", key.id())
        .update();
  }

  public List<Snapshot> list(String source, int limit) {
    return jdbc.sql(SqlFile.load("backup/snapshots"))
        .param("source", source)
        .param("limit", limit)
        .query(this::snapshot)
        .list();
  }

  private Snapshot snapshot(ResultSet row, int number) throws SQLException {
    Instant taken = row.getTimestamp("taken_at").toInstant();
    long rto = row.getLong("rto_ms");
    boolean noRto = row.wasNull();
    return new Snapshot(
        row.getString("source"),
        row.getString("id"),
        taken,
        row.getTimestamp("finished_at").toInstant(),
        Columns.read(json, row, "holds", NAMED_HOLDS),
        row.getLong("row_count"),
        row.getLong("plain_bytes"),
        row.getLong("stored_bytes"),
        row.getLong("new_bytes"),
        row.getObject("run_id", UUID.class),
        Columns.instant(row, "drilled_at"),
        row.getObject("verified", Boolean.class),
        row.getString("drill_detail"),
        noRto ? null : Duration.ofMillis(rto),
        Columns.instant(row, "read_at"),
        row.getObject("intact", Boolean.class),
        row.getString("read_detail"),
        row.getString("kind"));
  }
}
