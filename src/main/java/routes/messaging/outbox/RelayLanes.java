package routes.messaging.outbox;

import java.sql.Timestamp;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.SqlFile;

/**
 * The relay's side of the outbox: lanes, their leases, and what waits in them. Every write to a
 * lane carries its owner and fence; one that the database refuses says so by its result.
 */
@Component
record RelayLanes(JdbcClient jdbc, EventProperties properties) {

  /** Most bytes of one event's text: more than {@link Outbox#MOST_BYTES} become as jsonb. */
  private static final int LARGEST = 2 * Outbox.MOST_BYTES;

  /**
   * A lane as anyone sees it.
   *
   * @param mine its last owner is who looks
   * @param free nobody holds it now
   * @param waiting it has events that are not relayed
   */
  record Look(int lane, boolean mine, boolean free, boolean waiting) {}

  /**
   * A lane that its holder relays.
   *
   * @param fence of the claim
   * @param life of Redis that took the lane's last events; null: none did
   */
  record Lane(int number, String owner, long fence, String life) {

    Lane in(String newLife) {
      return new Lane(number, owner, fence, newLife);
    }
  }

  /**
   * An event that waits.
   *
   * @param envelope JSON; of one that cannot be relayed without its data, or null
   * @param trouble why it cannot be relayed; null: it can
   */
  record Event(
      long seq,
      UUID id,
      String channel,
      String key,
      String type,
      String envelope,
      String trouble) {}

  /**
   * The next events of a lane, in their order.
   *
   * @param life of Redis that they are for
   * @param readAt when they were read, by the database's clock
   */
  record Batch(Lane lane, String life, Timestamp readAt, List<Event> events) {}

  List<Look> look(String owner) {
    return jdbc.sql(SqlFile.load("messaging/relay-look"))
        .param("owner", owner)
        .query(Look.class)
        .list();
  }

  /** Takes a lane, or nothing when somebody was faster. */
  Optional<Lane> claim(int lane, String owner) {
    return jdbc.sql(SqlFile.load("messaging/relay-claim"))
        .param("lane", lane)
        .param("owner", owner)
        .param("leaseMs", properties.lease().toMillis())
        .query(
            (row, number) ->
                new Lane(
                    row.getInt("lane"), owner, row.getLong("fence"), row.getString("redis_run")))
        .optional();
  }

  /**
   * Prolongs the leases of lanes.
   *
   * @return numbers of those that are their owner's still
   */
  Set<Integer> renew(String owner, Collection<Lane> lanes) {
    return new HashSet<>(
        jdbc.sql(SqlFile.load("messaging/relay-renew"))
            .param("owner", owner)
            .param("lanes", lanes.stream().map(Lane::number).toArray(Integer[]::new))
            .param("fences", lanes.stream().map(Lane::fence).toArray(Long[]::new))
            .param("leaseMs", properties.lease().toMillis())
            .query(Integer.class)
            .list());
  }

  /** Gives all lanes of an owner back. */
  void release(String owner) {
    jdbc.sql(SqlFile.load("messaging/relay-release")).param("owner", owner).update();
  }

  /**
   * @param most events, count
   * @param bytes of their texts, about; one event is there even if it has more
   */
  Batch next(Lane lane, String life, int most, int bytes) {
    Timestamp[] readAt = new Timestamp[1];
    List<Event> events =
        jdbc.sql(SqlFile.load("messaging/relay-next"))
            .param("lane", lane.number())
            .param("most", most)
            .param("bytes", bytes)
            .param("largest", LARGEST)
            .query(
                (row, number) -> {
                  readAt[0] = row.getTimestamp("read_at");
                  return new Event(
                      row.getLong("seq"),
                      row.getObject("id", UUID.class),
                      row.getString("channel"),
                      row.getString("key"),
                      row.getString("type"),
                      row.getString("envelope"),
                      row.getString("trouble"));
                })
            .list();
    return new Batch(lane, life, readAt[0], events);
  }

  /**
   * Marks the first events of a batch as relayed.
   *
   * @param count of them, ≥ 1
   * @return false: the lane is another's, and nothing is marked
   */
  boolean settle(Batch batch, int count) {
    Long[] seqs = batch.events().subList(0, count).stream().map(Event::seq).toArray(Long[]::new);
    int marked =
        held(jdbc.sql(SqlFile.load("messaging/relay-settle")), batch.lane())
            .param("leaseMs", properties.lease().toMillis())
            .param("life", batch.life())
            .param("readAt", batch.readAt())
            .param("seqs", seqs)
            .update();
    return marked > 0;
  }

  /**
   * Has a lane's last events relayed again, since Redis is in another life than the one that took
   * them.
   *
   * @return how many; empty: the lane is another's
   */
  Optional<Integer> again(Lane lane, String life) {
    return held(jdbc.sql(SqlFile.load("messaging/relay-again")), lane)
        .param("life", life)
        .param("resendMs", properties.resend().toMillis())
        .query(
            (row, number) ->
                row.getInt("held") == 0
                    ? Optional.<Integer>empty()
                    : Optional.of(row.getInt("again")))
        .single();
  }

  /**
   * Deletes events that were relayed longer ago than they are kept.
   *
   * @param most count
   * @return how many were deleted
   */
  int delete(int most) {
    return jdbc.sql(SqlFile.load("messaging/relay-delete"))
        .param("keepMs", properties.keep().toMillis())
        .param("most", most)
        .update();
  }

  private static JdbcClient.StatementSpec held(JdbcClient.StatementSpec statement, Lane lane) {
    return statement
        .param("lane", lane.number())
        .param("owner", lane.owner())
        .param("fence", lane.fence());
  }
}
