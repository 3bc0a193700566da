package routes.events;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that reads the streams of all channels while somebody listens, and tries again
 * while Redis is away.
 *
 * <p>Order, which makes one id say all: an entry is told when the millisecond of its id is over by
 * Redis' clock, so that none can come before it any more. Only a clock of Redis that is set back by
 * more than a second breaks it, for who comes back in that moment.
 */
final class LiveReader implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(LiveReader.class);

  /** Most entries of one stream in one reading. */
  private static final int MOST = 256;

  private static final Duration WAIT = Duration.ofSeconds(1);

  /** Longest that it waits for news: a channel that a client named is read after this. */
  private static final Duration BLOCK = Duration.ofMillis(200);

  private static final long AGAIN_MS = 250;

  /**
   * News are told so often at most: what comes meanwhile goes out with it. A write for each event
   * to each client would take more of the processor than all else together.
   */
  private static final long TOGETHER_MS = 40;

  /** How far ahead of Redis' clock an id may lie: who sets the clock back does not silence it. */
  private static final long AHEAD_MS = 1_000;

  /** A channel may be known this much later than its first event was sent. */
  static final long LATE_MS = 5_000;

  private final SubscriberRegistry audience;
  private final Channels channels;
  private final Supplier<StreamReader> connect;
  private final BooleanSupplier wanted;
  private final Counter unreadable;
  private final Map<String, String> offsets = new HashMap<>();
  private volatile long readAt = System.nanoTime();

  /**
   * @param wanted whether somebody listens
   */
  LiveReader(
      SubscriberRegistry audience,
      Channels channels,
      Supplier<StreamReader> connect,
      BooleanSupplier wanted,
      MeterRegistry registry) {
    this.audience = audience;
    this.channels = channels;
    this.connect = connect;
    this.wanted = wanted;
    this.unreadable =
        Counter.builder("hub.events.unreadable")
            .description("Entries of streams that are not events, and are passed over")
            .register(registry);
  }

  /** Seconds since it read last. */
  double lag() {
    return (System.nanoTime() - readAt) / 1e9;
  }

  /** Until it is interrupted. */
  @Override
  public void run() {
    StreamReader reading = null;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        if (!wanted.getAsBoolean()) {
          audience.rest();
          audience.pause(WAIT.toMillis());
          readAt = System.nanoTime();
          continue;
        }
        try {
          if (reading == null) {
            reading = connect.get();
          }
          read(reading);
          readAt = System.nanoTime();
          audience.found();
        } catch (RuntimeException | Error e) {
          if (!audience.away() && !Thread.currentThread().isInterrupted()) {
            LOG.warn("event streams have no news until Redis answers: {}", e.getMessage());
          }
          reading = close(reading);
          audience.lost();
          audience.pause(AGAIN_MS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(reading);
    }
  }

  private static StreamReader close(StreamReader reading) {
    if (reading != null) {
      reading.close();
    }
    return null;
  }

  private void read(StreamReader reading) throws InterruptedException {
    if (audience.told() == null) {
      offsets.clear();
      audience.begin(StreamPosition.before(reading.now()));
    }
    Set<String> all = channels.all();
    if (all.isEmpty()) {
      audience.pause(WAIT.toMillis());
      return;
    }
    StreamPosition told = audience.told();
    // A channel that is found later may have had its first events by then.
    StreamPosition since =
        audience.adopted() == null ? told : StreamPosition.before(Math.max(0, told.ms() - LATE_MS));
    all.forEach(channel -> offsets.computeIfAbsent(channel, since::offset));
    long now = reading.now();
    StreamReader.Page page = reading.read(offsets, StreamPosition.before(now), AHEAD_MS, MOST);
    unreadable.increment(page.unreadable());
    audience.tell(page, all);
    if (page.full()) {
      return;
    }
    if (page.events().isEmpty()) {
      reading.await(offsets, BLOCK);
    } else {
      audience.pause(TOGETHER_MS);
    }
  }
}
