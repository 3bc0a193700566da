package routes.jobs.triggers;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.Columns;
import routes.kernel.SqlFile;
import routes.kernel.errors.ConflictException;
import routes.kernel.errors.NotFoundException;
import routes.kernel.routefiles.BrokenRoute;

/** Triggers as people meet them: what runs when, how it went, paused or not. */
@Component
public class TriggerStates {

  private final TriggerCatalogue catalogue;
  private final BrokenTriggers broken;
  private final JdbcClient jdbc;
  private final Clock clock;

  TriggerStates(TriggerCatalogue catalogue, BrokenTriggers broken, JdbcClient jdbc, Clock clock) {
    this.catalogue = catalogue;
    this.broken = broken;
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /**
   * A trigger as the API shows it.
   *
   * @param state {@code active}, {@code paused}, {@code ended} when its last time has passed, or
   *     {@code broken}: then what its file says is shown as it stands there
   * @param reason why it is broken
   * @param file which file holds a broken one
   * @param line where in that file, from 1
   * @param route id of a broken one's route
   * @param next the next fire time; null while paused or when there is none
   * @param stale true when the last success is older than {@code maxAge}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Trigger(
      String id,
      String state,
      String reason,
      String file,
      Integer line,
      String route,
      String job,
      String description,
      String cron,
      String zone,
      Map<String, Object> params,
      String overlap,
      String misfire,
      String timeout,
      Integer retries,
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
        jdbc.sql(SqlFile.load("jobs/trigger-states")).query(this::state).list().stream()
            .collect(Collectors.toMap(State::id, state -> state));
    return Stream.concat(
            catalogue.all().stream().map(trigger -> view(trigger, states.get(trigger.id()))),
            broken.all().stream().map(TriggerStates::view))
        .toList();
  }

  /**
   * @throws NotFoundException when there is none
   */
  public Trigger get(String id) {
    return list().stream()
        .filter(t -> t.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new NotFoundException("trigger", id, "see GET /api/triggers"));
  }

  /**
   * Pauses one trigger, or lets it go on; what it misses while paused is not made up for.
   *
   * @throws ConflictException when it is broken
   */
  public Trigger pause(String id, boolean paused, String by) {
    requireSound(id);
    TriggerDefinition trigger = catalogue.get(id);
    jdbc.sql(SqlFile.load("jobs/trigger-pause"))
        .param("triggerId", id)
        .param("schedule", trigger.schedule())
        .param("paused", paused)
        .param("by", by)
        .update();
    return get(id);
  }

  /**
   * @throws ConflictException when the trigger is broken
   */
  public void requireSound(String id) {
    Trigger trigger = get(id);
    if (trigger.reason() != null) {
      throw new ConflictException(
          "trigger " + id + " is broken: " + trigger.reason(),
          Map.of("file", trigger.file(), "line", trigger.line()));
    }
  }

  /** The one switch for all triggers. */
  public void switchAll(boolean on, String by) {
    jdbc.sql(SqlFile.load("jobs/switch")).param("on", on).param("by", by).update();
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
    Instant next = trigger.next(now);
    return new Trigger(
        trigger.id(),
        paused ? "paused" : next == null ? "ended" : "active",
        null,
        null,
        null,
        null,
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
        paused ? null : next,
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

  private static Trigger view(BrokenTriggers.Broken broken) {
    BrokenRoute route = broken.route();
    return new Trigger(
        broken.id(),
        "broken",
        route.reason(),
        route.file(),
        route.line(),
        route.route(),
        broken.given("job"),
        broken.given("what"),
        broken.given("cron"),
        broken.given("zone"),
        null,
        broken.given("overlap"),
        broken.given("misfire"),
        broken.given("timeout"),
        null,
        broken.given("maxAge"),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false);
  }

  private State state(ResultSet row, int number) throws SQLException {
    return new State(
        row.getString("trigger_id"),
        Columns.instant(row, "paused_at"),
        row.getString("paused_by"),
        row.getObject("last_run", UUID.class),
        row.getString("last_state"),
        Columns.instant(row, "last_fire"),
        Columns.instant(row, "last_success"));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(java.util.Locale.ROOT);
  }
}
