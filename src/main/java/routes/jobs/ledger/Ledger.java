package routes.jobs.ledger;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.jobs.EndedRun;
import routes.jobs.JobsProperties;
import routes.kernel.Columns;
import routes.kernel.SqlFile;

/**
 * The runner's side of {@code hub.job_run}: claims, leases and ends. Every write after a claim
 * carries the claim's fence; a write that the ledger refuses tells the caller so by its result.
 */
@Component
public class Ledger {

  private static final TypeReference<Map<String, Object>> PARAMS = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final ObjectMapper json;
  private final JobsProperties properties;
  private final SlotShares shares;

  /** Claims since the last one of backfill, for hubs with too few slots to keep one for it. */
  private final AtomicInteger freshInARow = new AtomicInteger();

  public Ledger(JdbcClient jdbc, ObjectMapper json, JobsProperties properties) {
    this.jdbc = jdbc;
    this.json = json;
    this.properties = properties;
    this.shares = new SlotShares(properties.slots());
  }

  /**
   * Claims a due run, fairly within this hub's slots: see {@link SlotShares}.
   *
   * @param node name of this hub process
   * @param jobs ids this hub knows; a newer hub's jobs are left to it
   */
  public Optional<ClaimedRun> claim(String node, Collection<String> jobs) {
    if (jobs.isEmpty()) {
      return Optional.empty();
    }
    try {
      return jdbc.sql(SqlFile.load("jobs/claim"))
          .param("node", node)
          .param("jobs", jobs)
          .param("leaseSeconds", seconds(properties.lease()))
          .param("maxLost", properties.maxLost())
          .param("triggerMost", shares.ofOneTrigger())
          .param("freshMost", shares.ofFreshRuns())
          .param("lateMost", shares.ofLateRuns())
          .param("lateTurn", shares.lateTurn(freshInARow.get()))
          .query(this::claimed)
          .optional();
    } catch (DuplicateKeyException e) {
      // Another hub claimed a run with the same exclusive key in this instant: ours waits its turn.
      return Optional.empty();
    }
  }

  private ClaimedRun claimed(ResultSet row, int number) throws SQLException {
    boolean late = row.getBoolean("late");
    freshInARow.updateAndGet(fresh -> late ? 0 : fresh + 1);
    return new ClaimedRun(
        row.getObject("id", UUID.class),
        row.getString("job"),
        row.getString("trigger_kind"),
        row.getString("trigger_id"),
        row.getTimestamp("fire_time").toInstant(),
        Columns.read(json, row, "params", PARAMS),
        row.getBoolean("dry_run"),
        row.getInt("attempt"),
        row.getInt("retries_left"),
        Duration.ofMillis(row.getLong("backoff_ms")),
        Duration.ofMillis(row.getLong("timeout_ms")),
        row.getLong("fence"),
        row.getInt("lost"),
        row.getString("requested_by"),
        row.getString("traceparent"));
  }

  /** Ends runs that nobody else will. */
  Collection<EndedRun> reap() {
    return jdbc.sql(SqlFile.load("jobs/reap"))
        .param("maxLost", properties.maxLost())
        .query(
            (row, n) ->
                new EndedRun(
                    row.getObject("id", UUID.class),
                    row.getString("job"),
                    row.getString("trigger_id"),
                    Columns.read(json, row, "params", PARAMS),
                    row.getBoolean("dry_run"),
                    row.getInt("attempt"),
                    row.getString("state"),
                    null,
                    null))
        .list();
  }

  /** Runs of a hub that somebody asked to stop, and who did. */
  public Map<UUID, String> cancelled(String node) {
    Map<UUID, String> asked = new HashMap<>();
    jdbc.sql(SqlFile.load("jobs/cancelled"))
        .param("node", node)
        .query(
            row -> {
              asked.put(row.getObject("id", UUID.class), row.getString("cancel_asked_by"));
            });
    return asked;
  }

  /** What a renewal found. */
  public record Renewal(boolean held, String cancelAskedBy) {}

  public Renewal renew(String node, ClaimedRun run, Object progress, String traceId) {
    return jdbc.sql(SqlFile.load("jobs/renew"))
        .param("id", run.id())
        .param("fence", run.fence())
        .param("node", node)
        .param("leaseSeconds", seconds(properties.lease()))
        .param("progress", write(progress))
        .param("traceId", traceId)
        .query((row, n) -> new Renewal(true, row.getString("cancel_asked_by")))
        .optional()
        .orElse(new Renewal(false, null));
  }

  /** How a run ends. */
  public record End(
      String state,
      String headline,
      Object summary,
      Object error,
      Object progress,
      String traceId) {}

  /**
   * @return false when the run is no longer this claim's: nothing was written
   */
  boolean finish(ClaimedRun run, End end) {
    return jdbc.sql(SqlFile.load("jobs/finish"))
            .param("id", run.id())
            .param("fence", run.fence())
            .param("state", end.state())
            .param("headline", end.headline())
            .param("summary", write(end.summary()))
            .param("error", write(end.error()))
            .param("progress", write(end.progress()))
            .param("traceId", end.traceId())
            .update()
        == 1;
  }

  /**
   * Hands a run back.
   *
   * @param delay until it may be claimed again
   * @param retriesUsed 1 for a failed attempt, 0 when this hub stops
   * @return false when the run is no longer this claim's
   */
  public boolean requeue(ClaimedRun run, Duration delay, int retriesUsed, End end) {
    return jdbc.sql(SqlFile.load("jobs/requeue"))
            .param("id", run.id())
            .param("fence", run.fence())
            .param("delaySeconds", seconds(delay))
            .param("used", retriesUsed)
            .param("headline", end.headline())
            .param("error", write(end.error()))
            .param("traceId", end.traceId())
            .update()
        == 1;
  }

  /**
   * @return false when the run is no longer this claim's
   */
  public boolean log(ClaimedRun run, String level, String message) {
    return jdbc.sql(SqlFile.load("jobs/log"))
            .param("id", run.id())
            .param("fence", run.fence())
            .param("level", level)
            .param("message", message)
            .update()
        == 1;
  }

  /** The database's clock: the one that replicas share. */
  public Instant now() {
    return jdbc.sql("SELECT clock_timestamp()")
        .query(java.sql.Timestamp.class)
        .single()
        .toInstant();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private String write(Object value) {
    return value == null ? null : Columns.text(json, value);
  }
}
