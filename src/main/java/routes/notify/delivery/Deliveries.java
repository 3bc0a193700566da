package routes.notify.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.SqlFile;
import routes.messaging.deadletters.DeadLetters;
import routes.notify.transport.Message;

/**
 * What became of each attempt. A delivery is taken ({@link DueDeliveries}) under a lease with a
 * fence, so a hub that was away for longer writes nothing more.
 */
@Component
record Deliveries(JdbcClient jdbc, DeadLetters deadLetters) {

  /** Port of the dead letters that undelivered messages become. */
  static final String PORT = "notify.deliver";

  /**
   * A delivery that this hub may attempt now.
   *
   * @param attempt 1 for the first
   * @param fence every write about it carries
   * @param trouble why it cannot be sent at all; null: it can
   */
  record Claim(Message message, int attempt, long fence, String trouble) {}

  /**
   * What became of an attempt, for the row.
   *
   * @param status of HTTP, or null
   * @param tookMs of the whole exchange
   */
  record End(Integer status, String response, String error, long tookMs) {}

  /**
   * @return false: the lease was lost meanwhile, and another hub sends it too
   */
  boolean delivered(Claim claim, End end) {
    if (claim.attempt() > 1) {
      // A hub that died between its dead letter and calling it dead has left one that is none.
      deadLetters.taken(PORT, claim.message().id().toString(), "hub");
    }
    return jdbc.sql(SqlFile.load("notify/delivered"))
            .param("id", claim.message().id())
            .param("fence", claim.fence())
            .param("status", end.status())
            .param("response", end.response())
            .param("ms", end.tookMs())
            .query(Long.class)
            .single()
        == 1;
  }

  /** Another attempt follows after a while. */
  boolean putOff(Claim claim, Duration wait, End end) {
    return jdbc.sql(SqlFile.load("notify/put-off"))
            .param("id", claim.message().id())
            .param("fence", claim.fence())
            .param("waitMs", wait.toMillis())
            .param("status", end.status())
            .param("response", end.response())
            .param("error", end.error())
            .param("ms", end.tookMs())
            .update()
        == 1;
  }

  private record Held(
      UUID id, String rule, String channel, UUID event, String envelope, long bytes) {

    /** Of one that is too large to be read, that it is. */
    String text() {
      return envelope != null
          ? envelope
          : "{\"omitted\":\"the event has " + bytes + " bytes and is not read\"}";
    }
  }

  /**
   * No further attempt: each event that the message tells of is kept whole as a dead letter, and
   * only then called dead.
   */
  boolean dead(Claim claim, End end, Throwable failure) {
    List<Held> held =
        jdbc.sql(SqlFile.load("notify/held"))
            .param("id", claim.message().id())
            .param("fence", claim.fence())
            .param("bytes", DueDeliveries.MOST_BYTES)
            .query(
                (row, number) ->
                    new Held(
                        row.getObject("id", UUID.class),
                        row.getString("rule"),
                        row.getString("channel"),
                        row.getObject("event_id", UUID.class),
                        row.getString("envelope"),
                        row.getLong("bytes")))
            .list();
    for (Held each : held) {
      deadLetters.record(letter(claim, each), failure);
    }
    return jdbc.sql(SqlFile.load("notify/dead"))
            .param("id", claim.message().id())
            .param("fence", claim.fence())
            .param("status", end.status())
            .param("response", end.response())
            .param("error", end.error())
            .param("ms", end.tookMs())
            .query(Long.class)
            .single()
        == 1;
  }

  private static DeadLetters.Letter letter(Claim claim, Held held) {
    return new DeadLetters.Letter(
        held.id().toString(),
        PORT,
        held.text().getBytes(StandardCharsets.UTF_8),
        "application/json",
        Map.of(
            "target", claim.message().target(),
            "rule", held.rule(),
            "channel", held.channel(),
            "event", held.event().toString(),
            "attempts", String.valueOf(claim.attempt())));
  }
}
