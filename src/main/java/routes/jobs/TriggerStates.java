package routes.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.platform.sql.SqlFile;

/** Triggers as people meet them: what runs when, how it went, paused or not. */
@Component
public class TriggerStates {

  private static final String STATES = SqlFile.load("jobs/trigger-states");
  private static final String PAUSE = SqlFile.load("jobs/trigger-pause");
  private static final String SWITCH = SqlFile.load("jobs/switch");

  private final TriggerCatalogue catalogue;
  private final JdbcClient jdbc;
  private final Clock clock;

  TriggerStates(TriggerCatalogue catalogue, JdbcClient jdbc, Clock clock) {
    this.catalogue = catalogue;
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /**
   * A trigger as the API shows it.
   *
   * @param next the next fire time; null while paused or when there is none
   * @param stale true when the last success is older than {@code maxAge}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Trigger(
      String id,
      String job,
      String description,
      String cron,
      String zone,
      Map<String, Object> params,
      String overlap,
      String misfire,
      String timeout,
      int retries,
      String maxAge,
      Instant next,
      Instant pausedAt,
      String pausedBy,
      UUID lastRun,
      String lastState,
      Instant lastFire,
      Instant lastSuccess,
      boolean stale) {}

  private record State(
      String id,
      Instant pausedAt,
      String pausedBy,
      UUID lastRun,
      String lastState,
      Instant lastFire,
      Instant lastSuccess) {}

  public List<Trigger> list() {
    Map<String, State> states =
        // Not stream(), which would keep its connection.
        jdbc.sql(STATES).query(this::state).list().stream()
            .collect(Collectors.toMap(State::id, state -> state));
    return catalogue.all().stream()
        .map(trigger -> view(trigger, states.get(trigger.id())))
        .toList();
  }

  public Trigger get(String id) {
    catalogue.get(id);
    return list().stream().filter(t -> t.id().equals(id)).findFirst().orElseThrow();
  }

  /** Pauses one trigger, or lets it go on; what it misses while paused is not made up for. */
  public Trigger pause(String id, boolean paused, String by) {
    TriggerDefinition trigger = catalogue.get(id);
    jdbc.sql(PAUSE)
        .param("triggerId", id)
        .param("schedule", trigger.schedule())
        .param("paused", paused)
        .param("by", by)
        .update();
    return get(id);
  }

  /** The one switch for all triggers. */
  public void switchAll(boolean on, String by) {
    jdbc.sql(SWITCH).param("on", on).param("by", by).update();
  }

  public boolean switchedOn() {
    return jdbc.sql("SELECT is_on FROM hub.switch WHERE name = 'triggers'")
        .query(Boolean.class)
        .single();
  }

  private Trigger view(TriggerDefinition trigger, State state) {
    Instant now = clock.instant();
    Instant success = state == null ? null : state.lastSuccess();
    boolean paused = state != null && state.pausedAt() != null;
    return new Trigger(
        trigger.id(),
        trigger.job(),
        trigger.description(),
        trigger.cron(),
        trigger.zone().getId(),
        trigger.params(),
        lower(trigger.overlap()),
        lower(trigger.misfire()),
        trigger.timeout().toString(),
        trigger.retries(),
        trigger.maxAge() == null ? null : trigger.maxAge().toString(),
        paused ? null : trigger.next(now),
        state == null ? null : state.pausedAt(),
        state == null ? null : state.pausedBy(),
        state == null ? null : state.lastRun(),
        state == null ? null : state.lastState(),
        state == null ? null : state.lastFire(),
        success,
        trigger.maxAge() != null
            && success != null
            && success.plus(trigger.maxAge()).isBefore(now));
  }

  private State state(ResultSet row, int number) throws SQLException {
    return new State(
        row.getString("trigger_id"),
        instant(row.getTimestamp("paused_at")),
        row.getString("paused_by"),
        row.getObject("last_run", UUID.class),
        row.getString("last_state"),
        instant(row.getTimestamp("last_fire")),
        instant(row.getTimestamp("last_success")));
  }

  private static Instant instant(Timestamp at) {
    return at == null ? null : at.toInstant();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(java.util.Locale.ROOT);
  }
}
