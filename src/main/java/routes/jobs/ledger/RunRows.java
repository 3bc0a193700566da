package routes.jobs.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;

/** Reads rows of {@code hub.job_run} as the API shows them. */
public final class RunRows implements RowMapper<Run> {

  private final ObjectMapper json;

  public RunRows(ObjectMapper json) {
    this.json = json;
  }

  @Override
  public Run mapRow(ResultSet row, int number) throws SQLException {
    return new Run(
        row.getObject("id", UUID.class),
        row.getString("job"),
        row.getString("trigger_kind"),
        row.getString("trigger_id"),
        tree(row.getString("params")),
        row.getBoolean("dry_run"),
        row.getString("state"),
        row.getString("headline"),
        instant(row, "fire_time"),
        instant(row, "queued_at"),
        row.getString("state").equals("queued") ? instant(row, "not_before") : null,
        instant(row, "started_at"),
        instant(row, "finished_at"),
        row.getInt("attempt"),
        row.getInt("retries_left"),
        row.getString("requested_by"),
        row.getString("cancel_asked_by"),
        row.getString("lease_owner"),
        tree(row.getString("progress")),
        tree(row.getString("summary")),
        tree(row.getString("error")),
        row.getString("trace_id"),
        row.getObject("replay_of", UUID.class));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp at = row.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }

  private JsonNode tree(String text) throws SQLException {
    try {
      return text == null ? null : json.readTree(text);
    } catch (JsonProcessingException e) {
      throw new SQLException("a column of hub.job_run is not JSON", e);
    }
  }
}
