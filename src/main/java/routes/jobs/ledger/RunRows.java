package routes.jobs.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import routes.kernel.Columns;

/** Reads rows of {@code hub.job_run} as the API shows them. */
public record RunRows(ObjectMapper json) implements RowMapper<Run> {

  @Override
  public Run mapRow(ResultSet row, int number) throws SQLException {
    return new Run(
        row.getObject("id", UUID.class),
        row.getString("job"),
        row.getString("trigger_kind"),
        row.getString("trigger_id"),
        Columns.tree(json, row, "params"),
        row.getBoolean("dry_run"),
        row.getString("state"),
        row.getString("headline"),
        Columns.instant(row, "fire_time"),
        Columns.instant(row, "queued_at"),
        row.getString("state").equals("queued") ? Columns.instant(row, "not_before") : null,
        Columns.instant(row, "started_at"),
        Columns.instant(row, "finished_at"),
        row.getInt("attempt"),
        row.getInt("retries_left"),
        row.getString("requested_by"),
        row.getString("cancel_asked_by"),
        row.getString("lease_owner"),
        Columns.tree(json, row, "progress"),
        Columns.tree(json, row, "summary"),
        Columns.tree(json, row, "error"),
        row.getString("trace_id"),
        row.getObject("replay_of", UUID.class));
  }
}
