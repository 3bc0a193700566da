package routes.notify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.platform.deadletter.DeadLetters;
import routes.platform.sql.SqlFile;

/**
 * How far each delivery is. A delivery is taken under a lease with a fence, so a hub that was away
 * for longer writes nothing more; the deliveries of a lane are taken one after the other.
 */
@Component
class Deliveries {

  /** Port of the dead letters that undelivered messages become. */
  static final String PORT = "notify.deliver";

  /** Most deliveries that one message tells of. */
  static final int MOST_MERGED = 1_000;

  private static final String LOCK = SqlFile.load("notify/claim-lock");
  private static final String CLAIMABLE = SqlFile.load("notify/claimable");
  private static final String CLAIM = SqlFile.load("notify/claim");
  private static final String RATE = SqlFile.load("notify/rate");
  private static final String BUNDLE = SqlFile.load("notify/bundle");
  private static final String OVERFLOW = SqlFile.load("notify/overflow");
  private static final String DELIVERED = SqlFile.load("notify/delivered");
  private static final String PUT_OFF = SqlFile.load("notify/put-off");
  private static final String DEAD = SqlFile.load("notify/dead");
  private static final String HELD = SqlFile.load("notify/held");

  private final NotifyProperties properties;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final DeadLetters deadLetters;
  private final Digests digests;

  Deliveries(
      NotifyProperties properties,
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      DeadLetters deadLetters,
      Digests digests) {
    this.properties = properties;
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
    this.deadLetters = deadLetters;
    this.digests = digests;
  }

  /**
   * A delivery that this hub may attempt now.
   *
   * @param attempt 1 for the first
   * @param fence every write about it carries
   */
  record Claim(Message message, int attempt, long fence) {}

  /**
   * What became of an attempt, for the row.
   *
   * @param status of HTTP, or null
   * @param tookMs of the whole exchange
   */
  record End(Integer status, String response, String error, long tookMs) {}

  private record Row(
      UUID id,
      String rule,
      String bundle,
      int attempts,
      String envelope,
      String message,
      int merges,
      boolean fresh) {}

  /**
   * Takes deliveries of a target that are due.
   *
   * @param owner name of this hub, for people
   * @param most of them
   * @return fewer, or none, when no more are due or another hub claims right now
   */
  List<Claim> claim(String target, String owner, int most) {
    return transaction.execute(
        status -> {
          if (!jdbc.sql(LOCK).param("target", target).query(Boolean.class).single()) {
            return List.of();
          }
          Map<String, Long> free = free(target);
          List<Claim> claims = new ArrayList<>();
          for (Row row : claimable(target, free, most)) {
            claims.addAll(take(target, owner, row, free));
          }
          return claims;
        });
  }

  /** How many messages each rule with a rate may still send now. */
  private Map<String, Long> free(String target) {
    Map<String, Long> free = new HashMap<>();
    properties
        .rules()
        .forEach(
            (name, rule) -> {
              if (rule.rate() != null && rule.to().contains(target)) {
                long sent =
                    jdbc.sql(RATE)
                        .param("target", target)
                        .param("rule", name)
                        .param("perMs", rule.rate().per().toMillis())
                        .query(Long.class)
                        .single();
                free.put(name, rule.rate().most() - sent);
              }
            });
    return free;
  }

  private List<Row> claimable(String target, Map<String, Long> free, int most) {
    List<String> full =
        new ArrayList<>(List.of("")); // no rule is called so; an empty list is no SQL
    free.forEach(
        (rule, left) -> {
          if (left <= 0) {
            full.add(rule);
          }
        });
    return jdbc.sql(CLAIMABLE)
        .param("target", target)
        .param("full", full)
        .param("most", most)
        .query(
            (row, number) ->
                new Row(
                    row.getObject("id", UUID.class),
                    row.getString("rule"),
                    row.getString("bundle"),
                    row.getInt("attempts"),
                    row.getString("envelope"),
                    row.getString("message"),
                    row.getInt("merges"),
                    row.getBoolean("fresh")))
        .list();
  }

  private List<Claim> take(String target, String owner, Row row, Map<String, Long> free) {
    Long left = free.get(row.rule());
    String message = row.message();
    int merges = row.merges();
    if (row.fresh()) {
      if (left != null && left <= 0 || isMerged(row.id())) {
        return List.of(); // it came under the rate, or into a message, within this very claim
      }
      // Fixed here for all attempts: a receiver that took the first may drop the second by its id.
      merges = join(target, row, left);
      message = merges == 0 ? null : digests.of(row.id(), row.envelope(), merges, show(target));
      free.computeIfPresent(row.rule(), (rule, each) -> each - 1);
    }
    long fence =
        jdbc.sql(CLAIM)
            .param("id", row.id())
            .param("owner", owner)
            .param("leaseMs", properties.lease().toMillis())
            .param("message", message)
            .param("merges", merges)
            .query(Long.class)
            .single();
    return List.of(
        new Claim(
            new Message(
                row.id(),
                target,
                properties.targets().get(target).kind(),
                message == null ? row.envelope() : message,
                merges + 1),
            row.attempts() + 1,
            fence));
  }

  private int show(String target) {
    return properties.targets().get(target).show();
  }

  private boolean isMerged(UUID id) {
    return jdbc.sql("SELECT merged_into IS NOT NULL FROM hub.delivery WHERE id = :id")
        .param("id", id)
        .query(Boolean.class)
        .single();
  }

  /** How many others its message tells of, too. */
  private int join(String target, Row row, Long left) {
    if (row.bundle() != null) {
      return jdbc.sql(BUNDLE)
          .param("head", row.id())
          .param("target", target)
          .param("bundle", row.bundle())
          .param("most", MOST_MERGED - 1)
          .update();
    }
    Rule rule = properties.rules().get(row.rule());
    if (left != null && left == 1 && rule.rate().over() == Rule.Over.MERGE) {
      return jdbc.sql(OVERFLOW)
          .param("head", row.id())
          .param("target", target)
          .param("rule", row.rule())
          .param("most", MOST_MERGED - 1)
          .update();
    }
    return 0;
  }

  /**
   * @return false: the lease was lost meanwhile, and another hub sends it too
   */
  boolean delivered(Claim claim, End end) {
    if (claim.attempt() > 1) {
      // A hub that died between its dead letter and calling it dead has left one that is none.
      deadLetters.taken(PORT, claim.message().id().toString(), "hub");
    }
    return jdbc.sql(DELIVERED)
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
    return jdbc.sql(PUT_OFF)
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

  private record Held(UUID id, String rule, String channel, UUID event, String envelope) {}

  /**
   * No further attempt: each event that the message tells of is kept whole as a dead letter, and
   * only then called dead.
   */
  boolean dead(Claim claim, End end, Throwable failure) {
    List<Held> held =
        jdbc.sql(HELD)
            .param("id", claim.message().id())
            .param("fence", claim.fence())
            .query(
                (row, number) ->
                    new Held(
                        row.getObject("id", UUID.class),
                        row.getString("rule"),
                        row.getString("channel"),
                        row.getObject("event_id", UUID.class),
                        row.getString("envelope")))
            .list();
    for (Held each : held) {
      deadLetters.record(letter(claim, each), failure);
    }
    return jdbc.sql(DEAD)
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
        held.envelope().getBytes(java.nio.charset.StandardCharsets.UTF_8),
        "application/json",
        Map.of(
            "target", claim.message().target(),
            "rule", held.rule(),
            "channel", held.channel(),
            "event", held.event().toString(),
            "attempts", String.valueOf(claim.attempt())));
  }
}
