package routes.web.security;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.Columns;
import routes.kernel.SqlFile;
import routes.telemetry.Spans;

/** Who changed what, and who read snapshots. Rows are only ever added. */
@Component
public class Audit {

  private final JdbcClient jdbc;
  private final ObjectMapper json;

  public Audit(JdbcClient jdbc, ObjectMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** One line of the trail. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Entry(
      long seq,
      Instant at,
      String actor,
      String action,
      String target,
      JsonNode detail,
      String traceId) {}

  /**
   * Adds a line, in the caller's transaction when there is one: then either both are written, what
   * was done and who did it, or neither.
   *
   * @param actor a caller's name, or the trigger's id
   * @param action {@code thing.verb}, such as {@code run.cancel}
   * @param target id of what was acted on
   * @param detail what else tells the act apart; never a secret
   */
  public void record(String actor, String action, String target, Map<String, ?> detail) {
    jdbc.sql(SqlFile.load("audit/record"))
        .param("actor", actor)
        .param("action", action)
        .param("target", target)
        .param("detail", Columns.text(json, detail))
        .param("traceId", Spans.currentTraceId())
        .update();
  }

  /**
   * Newest first.
   *
   * @param after the last {@code seq} of the page before, or null
   */
  public List<Entry> list(Long after, int limit) {
    return jdbc.sql(SqlFile.load("audit/list"))
        .param("after", after, java.sql.Types.BIGINT)
        .param("limit", limit)
        .query(
            (row, n) ->
                new Entry(
                    row.getLong("seq"),
                    row.getTimestamp("at").toInstant(),
                    row.getString("actor"),
                    row.getString("action"),
                    row.getString("target"),
                    Columns.tree(json, row, "detail"),
                    row.getString("trace_id")))
        .list();
  }
}
