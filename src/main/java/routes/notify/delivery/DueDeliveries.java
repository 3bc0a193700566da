package routes.notify.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import routes.kernel.SqlFile;
import routes.kernel.errors.Failures;
import routes.notify.delivery.Deliveries.Claim;
import routes.notify.rules.NotifyProperties;
import routes.notify.rules.Rule;
import routes.notify.transport.Message;

/**
 * Which deliveries a hub may attempt now, and what each message tells of. One hub at a time claims
 * for a target, so that rates hold for all of them together; the deliveries of a lane are taken one
 * after the other.
 */
@Component
class DueDeliveries {

  private static final Logger LOG = LoggerFactory.getLogger(DueDeliveries.class);

  /** Most deliveries that one message tells of. */
  static final int MOST_MERGED = 1_000;

  /** Most bytes of one event's envelope; what is larger is not even read. */
  static final int MOST_BYTES = 4 << 20;

  private final NotifyProperties properties;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final TransactionTemplate nested;
  private final Digests digests;

  DueDeliveries(
      NotifyProperties properties,
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      Digests digests) {
    this.properties = properties;
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
    this.nested = new TransactionTemplate(transactions);
    this.nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    this.digests = digests;
  }

  private record Row(
      UUID id,
      String rule,
      String bundle,
      int attempts,
      String envelope,
      String message,
      int merges,
      boolean fresh,
      boolean readable,
      long bytes) {}

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
          if (!jdbc.sql(SqlFile.load("notify/claim-lock"))
              .param("target", target)
              .query(Boolean.class)
              .single()) {
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
                    jdbc.sql(SqlFile.load("notify/rate"))
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
    return jdbc.sql(SqlFile.load("notify/claimable"))
        .param("target", target)
        .param("full", full)
        .param("most", most)
        .param("bytes", MOST_BYTES)
        .query(Row.class)
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
      Joined joined = joined(target, row, left);
      merges = joined.merges();
      message = joined.message();
      free.computeIfPresent(row.rule(), (rule, each) -> each - 1);
    }
    long fence =
        jdbc.sql(SqlFile.load("notify/claim"))
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
            fence,
            row.readable() ? null : "it has " + row.bytes() + " bytes and is not read"));
  }

  private record Joined(int merges, String message) {

    private static final Joined NOTHING = new Joined(0, null);
  }

  /**
   * What it tells of beside itself. An event of which no common message can be made goes by itself,
   * and fails by itself: the target's others must not wait for it.
   */
  private Joined joined(String target, Row row, Long left) {
    if (!row.readable()) {
      return Joined.NOTHING;
    }
    try {
      return nested.execute(
          status -> {
            int merges = join(target, row, left);
            return merges == 0
                ? Joined.NOTHING
                : new Joined(merges, digests.of(row.id(), row.envelope(), merges, show(target)));
          });
    } catch (IllegalStateException | DataIntegrityViolationException e) {
      LOG.warn("delivery {} is sent by itself: {}", row.id(), Failures.describe(e));
      return Joined.NOTHING;
    }
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
      return jdbc.sql(SqlFile.load("notify/bundle"))
          .param("head", row.id())
          .param("target", target)
          .param("bundle", row.bundle())
          .param("most", MOST_MERGED - 1)
          .update();
    }
    Rule rule = properties.rules().get(row.rule());
    if (left != null && left == 1 && rule.rate().over() == Rule.Over.MERGE) {
      return jdbc.sql(SqlFile.load("notify/overflow"))
          .param("head", row.id())
          .param("target", target)
          .param("rule", row.rule())
          .param("most", MOST_MERGED - 1)
          .update();
    }
    return 0;
  }
}
