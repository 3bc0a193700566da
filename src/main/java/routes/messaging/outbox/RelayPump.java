package routes.messaging.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.kernel.WorkLoop;
import routes.kernel.errors.Failures;
import routes.messaging.outbox.Relay.Outcome;
import routes.messaging.outbox.RelayLanes.Batch;
import routes.messaging.outbox.RelayLanes.Lane;
import routes.messaging.outbox.RelayLanes.Look;

/**
 * The endless loop: takes lanes that are nobody's, keeps their leases, and sends what waits in
 * them. One thread does it all, so a lane's next batch is read after the one before is settled.
 */
final class RelayPump {

  private static final Logger LOG = LoggerFactory.getLogger(RelayPump.class);

  private static final int MOST_EVENTS = 500;
  private static final int MOST_BYTES = 4 << 20;
  private static final int MOST_DELETED = 5_000;
  private static final Duration SHORTEST_BACKOFF = Duration.ofMillis(50);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(2);
  private static final Duration DELETE_EVERY = Duration.ofSeconds(30);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(8);

  /** Sends a batch on its way. */
  @FunctionalInterface
  interface Port {
    Outcome send(Batch batch) throws Exception;
  }

  private final String owner;
  private final RelayLanes lanes;
  private final Supplier<String> life;
  private final Port port;
  private final RelaySignal signal;
  private final EventProperties properties;
  private final Counter again;

  // The pump's thread alone works with these.
  private final Map<Integer, Lane> mine = new TreeMap<>();
  private long renewedAt;
  private long deletedAt;
  private int first;
  private boolean progress;
  private String trouble;
  private long troubleSince;
  private Duration backoff = SHORTEST_BACKOFF;

  private volatile boolean stopping;
  private WorkLoop loop;

  /**
   * @param owner name of this hub process
   * @param life which life Redis is in now; fails when it cannot be reached
   */
  RelayPump(
      String owner,
      RelayLanes lanes,
      Supplier<String> life,
      Port port,
      RelaySignal signal,
      EventProperties properties,
      MeterRegistry registry) {
    this.owner = owner + "-" + UUID.randomUUID().toString().substring(0, 4);
    this.lanes = lanes;
    this.life = life;
    this.port = port;
    this.signal = signal;
    this.properties = properties;
    this.again =
        Counter.builder("hub.outbox.again")
            .description("Events that were to be relayed again, since Redis had started again")
            .register(registry);
    this.deletedAt = System.nanoTime() - DELETE_EVERY.toNanos();
  }

  synchronized void start() {
    stopping = false;
    loop =
        WorkLoop.start(
            "outbox-relay",
            "relaying events",
            this::turn,
            () -> signal.await(trouble == null ? properties.poll() : backoff),
            this::giveBack);
  }

  /** Ends what is under way and gives the lanes back. */
  synchronized void stop() {
    if (loop != null) {
      stopping = true;
      signal.wake();
      loop.finish(STOP_WITHIN);
      loop = null;
    }
  }

  /** True: there may be more to do at once. */
  private boolean turn() throws InterruptedException {
    try {
      boolean more = pass();
      if (trouble != null) {
        LOG.info("events are relayed again");
      }
      trouble = null;
      backoff = SHORTEST_BACKOFF;
      return more;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | Error e) {
      // Camel lets errors through; a pump that ended would be missed by nobody but the readers.
      troubled(Failures.describe(e));
      LOG.debug("events wait in the outbox", e);
      // One lane that fails shall not slow the others down, nor how fast lanes are claimed.
      return progress;
    }
  }

  private void troubled(String why) {
    // Once per trouble: it is met again each second or two.
    if (trouble == null) {
      LOG.warn("events wait in the outbox: {}", why);
      troubleSince = System.nanoTime();
    }
    backoff = trouble == null ? SHORTEST_BACKOFF : longer(backoff);
    trouble = why;
    if (System.nanoTime() - troubleSince > properties.lease().toNanos()) {
      // It may be this hub alone that is cut off from Redis: another shall have the lanes.
      giveBack();
      troubleSince = System.nanoTime();
    }
  }

  private static Duration longer(Duration backoff) {
    Duration twice = backoff.multipliedBy(2);
    return twice.compareTo(LONGEST_BACKOFF) < 0 ? twice : LONGEST_BACKOFF;
  }

  /** Each lane's next batch, once. */
  private boolean pass() throws Exception {
    boolean more = false;
    progress = false;
    renew();
    // Who cannot reach Redis claims nothing.
    String now = life.get();
    boolean claimed = false;
    for (Look look : fromFirst(lanes.look(owner))) {
      if (stopping) {
        return false;
      }
      // If it fails, the next pass begins behind it: one lane holds up no other.
      first = look.lane() + 1;
      if (!look.mine()) {
        mine.remove(look.lane());
      }
      // One lane a pass: hubs that start together share them.
      if (look.free() && !claimed) {
        claimed = true;
        more |= claim(look.lane());
      }
      Lane lane = mine.get(look.lane());
      if (lane != null) {
        more |= relay(lane, now, look.waiting());
      }
    }
    first = 0;
    return more | delete();
  }

  private List<Look> fromFirst(List<Look> looks) {
    List<Look> rotated = new ArrayList<>(looks);
    Collections.rotate(rotated, -first);
    return rotated;
  }

  private void renew() {
    if (mine.isEmpty() || System.nanoTime() - renewedAt < properties.lease().toNanos() / 3) {
      return;
    }
    mine.keySet().retainAll(lanes.renew(owner, mine.values()));
    renewedAt = System.nanoTime();
  }

  private boolean claim(int number) {
    var claimed = lanes.claim(number, owner);
    claimed.ifPresent(lane -> mine.put(number, lane));
    progress |= claimed.isPresent();
    return claimed.isPresent();
  }

  /** True: more of it may wait. */
  private boolean relay(Lane lane, String now, boolean waiting) throws Exception {
    boolean behind = false;
    if (lane.life() != null && !lane.life().equals(now)) {
      // Before anything new: what Redis has lost comes first, or a key's events change places.
      var count = lanes.again(lane, now);
      if (count.isEmpty()) {
        mine.remove(lane.number());
        return false;
      }
      if (count.get() > 0) {
        LOG.warn(
            "Redis has started again: the last {} events of lane {} are relayed again",
            count.get(),
            lane.number());
        again.increment(count.get());
      }
      behind = count.get() > 0;
    }
    // Known before anything is sent: a batch may be marked although its answer never comes.
    lane = lane.in(now);
    mine.put(lane.number(), lane);
    if (!waiting && !behind) {
      return false;
    }
    Batch batch = lanes.next(lane, now, MOST_EVENTS, MOST_BYTES);
    if (batch.events().isEmpty()) {
      return false;
    }
    Outcome outcome = port.send(batch);
    if (!outcome.held()) {
      LOG.info("lane {} is another hub's", lane.number());
      mine.remove(lane.number());
    } else if (outcome.halt() != null) {
      throw new IllegalStateException(outcome.halt());
    }
    progress = true;
    return true;
  }

  /** By the holder of the first lane, so that it is one. */
  private boolean delete() {
    if (!mine.containsKey(0) || System.nanoTime() - deletedAt < DELETE_EVERY.toNanos()) {
      return false;
    }
    if (lanes.delete(MOST_DELETED) == MOST_DELETED) {
      return true;
    }
    deletedAt = System.nanoTime();
    return false;
  }

  private void giveBack() {
    mine.clear();
    try {
      lanes.release(owner);
    } catch (RuntimeException e) {
      LOG.warn("lanes are not given back, their leases lapse: {}", e.getMessage());
    }
  }
}
