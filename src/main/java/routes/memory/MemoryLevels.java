package routes.memory;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import routes.kernel.SqlFile;
import routes.messaging.outbox.HubEvent.Severity;
import routes.messaging.outbox.Outbox;

/** How tight it is, kept in the database: each change is an event, told once by one replica. */
@Component
class MemoryLevels {

  /** Of the level that says how full the memory is; {@link MemoryPressure} has its values. */
  static final String MEMORY = "memory";

  /** Of the level that says whether keys are evicted: {@code none} or {@code going}. */
  static final String EVICTIONS = "evictions";

  private static final String CHANNEL = "redis";

  private final JdbcClient jdbc;
  private final Outbox outbox;

  MemoryLevels(JdbcClient jdbc, Outbox outbox) {
    this.jdbc = jdbc;
    this.outbox = outbox;
  }

  /** A level. */
  record Kept(String what, String level, Instant since) {}

  /**
   * What an event says.
   *
   * @param share of the memory that is used
   * @param prefixes that weigh most, as estimated
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Told(
      String level,
      String before,
      long usedBytes,
      long maxBytes,
      double share,
      String policy,
      long evicted,
      List<String> prefixes) {}

  /** By {@link Kept#what}. */
  Map<String, Kept> all() {
    return jdbc
        .sql(SqlFile.load("memory/levels"))
        .query(
            (row, n) ->
                new Kept(
                    row.getString("what"),
                    row.getString("level"),
                    row.getTimestamp("since").toInstant()))
        .list()
        .stream()
        .collect(Collectors.toMap(Kept::what, Function.identity()));
  }

  /**
   * Moves a level and tells of it; does nothing when another replica was faster.
   *
   * @param what {@link #MEMORY} or {@link #EVICTIONS}
   */
  @Transactional
  public void change(String what, Severity severity, Told told) {
    int moved =
        jdbc.sql(SqlFile.load("memory/change"))
            .param("what", what)
            .param("before", told.before())
            .param("level", told.level())
            .update();
    if (moved == 1) {
      outbox.append(
          new Outbox.Draft(
              UUID.randomUUID(), CHANNEL, what, "redis." + what + ".changed", severity, told));
    }
  }
}
