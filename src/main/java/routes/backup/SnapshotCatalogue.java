package routes.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.platform.sql.SqlFile;
import routes.repository.Entry;
import routes.repository.EntryKind;
import routes.repository.Manifest;
import routes.repository.SnapshotId;

/** {@code hub.snapshot}: a cache of the repository, for lists and metrics; never its truth. */
@Component
class SnapshotCatalogue {

  private static final String ADD = SqlFile.load("backup/snapshot-add");
  private static final String CHECKED = SqlFile.load("backup/snapshot-checked");
  private static final String PROOF = SqlFile.load("backup/snapshot-proof");
  private static final String FORGET = SqlFile.load("backup/snapshot-forget");
  private static final String LIST = SqlFile.load("backup/snapshots");

  private final JdbcClient jdbc;
  private final BackupProperties properties;

  SnapshotCatalogue(JdbcClient jdbc, BackupProperties properties) {
    this.jdbc = jdbc;
    this.properties = properties;
  }

  /**
   * A snapshot as the API lists it.
   *
   * @param rows of all tables
   * @param keepUntil how long it is meant to be kept
   * @param verified null: never looked at; false: the last look found it broken
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Snapshot(
      String source,
      String id,
      Instant takenAt,
      Instant finishedAt,
      Instant keepUntil,
      long rows,
      long plainBytes,
      long storedBytes,
      long newBytes,
      UUID run,
      Instant checkedAt,
      Boolean verified,
      String checkDetail,
      Duration rto) {

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
  static long rows(Manifest manifest) {
    return manifest.entries().stream()
        .filter(entry -> entry.kind() == EntryKind.TABLE)
        .mapToLong(Entry::rows)
        .sum();
  }

  static int tables(Manifest manifest) {
    return (int)
        manifest.entries().stream().filter(entry -> entry.kind() == EntryKind.TABLE).count();
  }

  void add(Manifest manifest, SnapshotId id) {
    jdbc.sql(ADD)
        .param("source", manifest.source())
        .param("id", id.value())
        .param("takenAt", Timestamp.from(manifest.takenAt()))
        .param("finishedAt", Timestamp.from(manifest.finishedAt()))
        .param("rows", rows(manifest))
        .param("plainBytes", manifest.totals().plainBytes())
        .param("storedBytes", manifest.totals().storedBytes())
        .param("newBytes", manifest.totals().newBytes())
        .param("run", UUID.fromString(manifest.run()))
        .update();
  }

  /**
   * Notes what a drill or verification found.
   *
   * @param verified null: nothing was wrong, but nothing was proven by a restore either
   * @param rto of a drill, else null
   */
  void checked(Manifest manifest, SnapshotId id, Boolean verified, String detail, Duration rto) {
    add(manifest, id);
    jdbc.sql(CHECKED)
        .param("source", manifest.source())
        .param("id", id.value())
        .param("verified", verified)
        .param("detail", detail)
        .param("rtoMs", rto == null ? null : rto.toMillis())
        .update();
  }

  /** Takes over what a drill found at some time. */
  void proven(
      String source, SnapshotId id, Instant at, boolean verified, String detail, Long rtoMillis) {
    jdbc.sql(PROOF)
        .param("source", source)
        .param("id", id.value())
        .param("at", Timestamp.from(at))
        .param("verified", verified)
        .param("detail", detail)
        .param("rtoMs", rtoMillis)
        .update();
  }

  /** Ids of a snapshot's line: its source and its id. */
  record Key(String source, String id) {}

  /** Every line there is. */
  Set<Key> keys() {
    return Set.copyOf(
        jdbc.sql("SELECT source, id FROM hub.snapshot")
            .query((row, n) -> new Key(row.getString(1), row.getString(2)))
            .list());
  }

  void forget(Key key) {
    jdbc.sql(FORGET).param("source", key.source()).param("id", key.id()).update();
  }

  List<Snapshot> list(String source, int limit) {
    return jdbc.sql(LIST)
        .param("source", source)
        .param("limit", limit)
        .query(this::snapshot)
        .list();
  }

  private Snapshot snapshot(ResultSet row, int number) throws SQLException {
    Instant taken = row.getTimestamp("taken_at").toInstant();
    Timestamp checked = row.getTimestamp("checked_at");
    long rto = row.getLong("rto_ms");
    boolean noRto = row.wasNull();
    return new Snapshot(
        row.getString("source"),
        row.getString("id"),
        taken,
        row.getTimestamp("finished_at").toInstant(),
        taken.plus(properties.keepFor()),
        row.getLong("row_count"),
        row.getLong("plain_bytes"),
        row.getLong("stored_bytes"),
        row.getLong("new_bytes"),
        row.getObject("run_id", UUID.class),
        checked == null ? null : checked.toInstant(),
        row.getObject("verified", Boolean.class),
        row.getString("check_detail"),
        noRto ? null : Duration.ofMillis(rto));
  }
}
