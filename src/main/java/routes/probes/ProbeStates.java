package routes.probes;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import routes.kernel.SqlFile;
import routes.messaging.outbox.HubEvent.Severity;
import routes.messaging.outbox.Outbox;

/**
 * States of probes: a row per change, with its time. A change is told as {@code probe.changed} on
 * channel {@code probes}, in the transaction that writes it.
 */
@Component
class ProbeStates {

  private final JdbcClient jdbc;
  private final Outbox outbox;

  ProbeStates(JdbcClient jdbc, Outbox outbox) {
    this.jdbc = jdbc;
    this.outbox = outbox;
  }

  /**
   * One state of a probe.
   *
   * @param until null: it is so still
   * @param seconds that it has lasted, to its end or to the last look
   * @param tookMs of the last look
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record State(
      String state,
      Instant since,
      Instant until,
      long seconds,
      Instant lookedAt,
      long tookMs,
      String why) {}

  /**
   * A change.
   *
   * @param before the state that ended; null: this is the first
   * @param lastedSeconds how long it had lasted; null with {@code before}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Changed(String probe, String state, String before, Long lastedSeconds, String why) {}

  /**
   * Whether this hub is to look now: no other did since {@code every} ago. What was never looked at
   * is everybody's.
   */
  boolean claim(String probe, Duration every) {
    return jdbc.sql(SqlFile.load("probes/claim"))
        .param("probe", probe)
        .param("everyMs", every.toMillis())
        .query(Boolean.class)
        .single();
  }

  /** Keeps what a look found. Two that find the same change write it once. */
  @Transactional
  public void keep(ProbeResult look) {
    Optional<State> now = now(look.probe());
    if (now.isPresent() && now.get().state().equals(look.state())) {
      jdbc.sql(SqlFile.load("probes/seen"))
          .param("probe", look.probe())
          .param("tookMs", look.tookMs())
          .param("why", look.why())
          .update();
      return;
    }
    Long lasted = null;
    if (now.isPresent()) {
      lasted =
          jdbc.sql(SqlFile.load("probes/end"))
              .param("probe", look.probe())
              .query(Long.class)
              .single();
    }
    int begun =
        jdbc.sql(SqlFile.load("probes/begin"))
            .param("probe", look.probe())
            .param("state", look.state())
            .param("tookMs", look.tookMs())
            .param("why", look.why())
            .update();
    if (begun == 1) {
      outbox.append(
          new Outbox.Draft(
              UUID.randomUUID(),
              "probes",
              look.probe(),
              "probe.changed",
              look.state().equals("up") ? Severity.INFO : Severity.ERROR,
              new Changed(
                  look.probe(),
                  look.state(),
                  now.map(State::state).orElse(null),
                  lasted,
                  look.why())));
    }
  }

  private Optional<State> now(String probe) {
    return jdbc.sql(SqlFile.load("probes/now"))
        .param("probe", probe)
        .query(ProbeStates::state)
        .optional();
  }

  /** Newest first; the first of them is how it is. */
  List<State> history(String probe, int limit) {
    return jdbc.sql(SqlFile.load("probes/history"))
        .param("probe", probe)
        .param("limit", limit)
        .query(ProbeStates::state)
        .list();
  }

  private static State state(ResultSet row, int number) throws SQLException {
    Timestamp until = row.getTimestamp("until");
    Instant since = row.getTimestamp("since").toInstant();
    Instant looked = row.getTimestamp("looked_at").toInstant();
    Instant end = until == null ? looked : until.toInstant();
    return new State(
        row.getString("state"),
        since,
        until == null ? null : until.toInstant(),
        Duration.between(since, end).toSeconds(),
        looked,
        row.getLong("took_ms"),
        row.getString("why"));
  }
}
