package routes.events;

import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that brings those up to date who came back with an id. */
final class CatchUpReader implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(CatchUpReader.class);

  /** Most entries of one stream in one reading. */
  private static final int PAGE = 64;

  private static final long IDLE_MS = 1_000;
  private static final long AGAIN_MS = 250;
  private static final long SOON_MS = 10;

  private final SubscriberRegistry audience;
  private final Duration resume;
  private final Supplier<StreamReader> connect;
  private StreamReader reading;

  /**
   * @param resume how far back an id may lie
   */
  CatchUpReader(SubscriberRegistry audience, Duration resume, Supplier<StreamReader> connect) {
    this.audience = audience;
    this.resume = resume;
    this.connect = connect;
  }

  /** Until it is interrupted. */
  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        audience.pause(step());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      leave();
    }
  }

  /** Moves each of them on once; how long to wait before the next time, in milliseconds, ≥ 1. */
  private long step() {
    try {
      boolean moved = false;
      for (Subscriber listener : audience.behind()) {
        if (audience.told() != null
            && listener.within(audience.adopted())
            && listener.stream().idle()) {
          if (!audience.handOver(listener)) {
            page(listener);
          }
          moved = true;
        }
      }
      if (moved) {
        return 1;
      }
      if (audience.behind().isEmpty()) {
        return IDLE_MS;
      }
      return audience.told() == null ? AGAIN_MS : SOON_MS;
    } catch (RuntimeException | Error e) {
      leave();
      if (!audience.away() && !Thread.currentThread().isInterrupted()) {
        LOG.warn("who came back to event streams waits until Redis answers: {}", e.getMessage());
      }
      return AGAIN_MS;
    }
  }

  private void leave() {
    if (reading != null) {
      reading.close();
      reading = null;
    }
  }

  private void page(Subscriber listener) {
    if (reading == null) {
      reading = connect.get();
    }
    StreamPosition until;
    Set<String> all;
    synchronized (audience) {
      until = audience.told();
      Set<String> named = listener.filter().channels();
      all = named.isEmpty() ? audience.adopted() : named;
    }
    if (until == null || all == null) {
      return;
    }
    if (listener.in == null) {
      examine(listener, until, all);
      listener.in = all;
      return;
    }
    StreamReader.Page page = reading.between(listener.at, until, all, PAGE);
    audience.send(listener, EventBlock.of(page.events(), listener.filter(), null));
    listener.at = page.end();
  }

  /** Tells of a gap where an id is too old to go on from, or was never given here. */
  private void examine(Subscriber listener, StreamPosition until, Set<String> all) {
    StreamPosition asked = listener.at;
    StreamPosition oldest = StreamPosition.before(Math.max(0, until.ms() - resume.toMillis()));
    boolean ahead = asked.ms() > until.ms() + LiveReader.LATE_MS;
    boolean old = asked.compareTo(oldest) < 0;
    if (old || ahead || reading.lost(asked, all)) {
      listener.stream().event(null, "gap", "{\"after\":\"" + asked.text() + "\"}");
      listener.from = ahead ? until : old ? oldest : asked;
      listener.at = listener.from;
    }
  }
}
