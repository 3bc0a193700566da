package routes.events;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.web.streams.EventStream;

/**
 * Who listens on this replica, and how far they are told. The reader tells those who have all; who
 * comes back with an id is behind until it has what they have.
 *
 * <p>They join, and are told, under this object's lock; they leave without it, since a stream
 * closes under a lock of its own.
 */
final class SubscriberRegistry {

  private static final Logger LOG = LoggerFactory.getLogger(SubscriberRegistry.class);

  private final EventsProperties properties;
  private final Counter sent;
  private final Counter dropped;

  /** Those who have all that was told. */
  private final Set<Subscriber> live = ConcurrentHashMap.newKeySet();

  private final Set<Subscriber> behind = ConcurrentHashMap.newKeySet();
  private final RecentEvents recent;

  /** All before this was told; null: nothing is read. */
  private volatile StreamPosition told;

  /** Channels that are read; null: not yet. */
  private volatile Set<String> adopted;

  /** Redis does not answer. */
  private volatile boolean away;

  SubscriberRegistry(EventsProperties properties, MeterRegistry registry) {
    this.properties = properties;
    // At most half of what may wait for one.
    this.recent = new RecentEvents(properties.waitingBytes().toBytes() / 2);
    this.sent =
        Counter.builder("hub.events.sent")
            .description("Events handed to clients that listen")
            .register(registry);
    this.dropped =
        Counter.builder("hub.events.dropped")
            .description("Clients whose stream was cut because they read too slowly")
            .register(registry);
  }

  StreamPosition told() {
    return told;
  }

  Set<String> adopted() {
    return adopted;
  }

  boolean away() {
    return away;
  }

  Set<Subscriber> behind() {
    return behind;
  }

  Set<Subscriber> all() {
    Set<Subscriber> all = new HashSet<>(live);
    all.addAll(behind);
    return all;
  }

  synchronized void join(Subscriber listener) {
    if (listener.from != null) {
      behind.add(listener);
      listener.greet(null);
    } else {
      live.add(listener);
      listener.from = told;
      if (told != null || away) {
        listener.greet(told);
      }
    }
    notifyAll();
  }

  void forget(Subscriber listener) {
    live.remove(listener);
    behind.remove(listener);
  }

  /** Waits, the given time at most; somebody who joins ends it. */
  synchronized void pause(long ms) throws InterruptedException {
    wait(ms);
  }

  /** Nobody listens: what happens from now on is not read. */
  synchronized void rest() {
    told = null;
    adopted = null;
  }

  /** Reading begins here. */
  synchronized void begin(StreamPosition now) {
    told = now;
    adopted = null;
    recent.begin(now);
    for (Subscriber listener : live) {
      if (listener.from == null) {
        listener.from = now;
      }
      if (!listener.answered) {
        listener.greet(now);
      }
    }
  }

  /** Redis answers no more: those who wait for an answer get one, and wait for news. */
  synchronized void lost() {
    away = true;
    live.stream().filter(listener -> !listener.answered).forEach(each -> each.greet(told));
  }

  void found() {
    away = false;
  }

  /** Tells those who have all before it of a page. */
  synchronized void tell(StreamReader.Page page, Set<String> read) {
    List<EventRecord> events = page.events();
    recent.add(events);
    // What a new channel had before is told late, which takes nothing back.
    told = page.end().compareTo(told) > 0 ? page.end() : told;
    adopted = read;
    if (events.isEmpty()) {
      return;
    }
    StreamPosition first = events.get(0).at();
    Map<EventFilter, EventBlock> blocks = new HashMap<>();
    for (Subscriber listener : live) {
      EventBlock block =
          listener.from.compareTo(first) < 0
              ? blocks.computeIfAbsent(listener.filter(), f -> EventBlock.of(events, f, null))
              : EventBlock.of(events, listener.filter(), listener.from);
      send(listener, block);
    }
  }

  /** Hands it over, or cuts the stream of who has left too much lying: it may come back. */
  void send(Subscriber listener, EventBlock block) {
    if (block.count() == 0) {
      return;
    }
    EventStream stream = listener.stream();
    if (!stream.idle()
        && (stream.waitingBytes() + block.text().length > properties.waitingBytes().toBytes()
            || stream.waitingEvents() + block.count() > properties.waitingEvents())) {
      drop(listener);
      return;
    }
    listener.spoken();
    stream.events(block.text(), block.count());
    sent.increment(block.count());
  }

  private void drop(Subscriber listener) {
    LOG.info("a client that listens to events reads too slowly: its stream is cut");
    dropped.increment();
    listener.stream().drop();
  }

  /** Gives a listener what is kept, when that is all it lacks; from then on the reader tells it. */
  synchronized boolean handOver(Subscriber listener) {
    if (listener.in == null || !recent.holdsAllAfter(listener.at)) {
      return false;
    }
    if (listener.filter().channels().isEmpty() && !listener.in.equals(adopted)) {
      // A channel was found that lay behind what it has: rather twice than not at all.
      listener.in = adopted;
      listener.at = listener.from;
      return false;
    }
    if (behind.remove(listener)) {
      send(listener, EventBlock.of(recent.events(), listener.filter(), listener.at));
      live.add(listener);
      if (listener.stream().isClosed()) {
        live.remove(listener);
      }
    }
    return true;
  }

  /** Says that we are there and where each is, and lets go of who is not. */
  void tend() {
    for (Subscriber listener : all()) {
      switch (listener.due(properties.slow(), properties.longest(), properties.heartbeat())) {
        case CUT -> drop(listener);
        case HEARTBEAT -> beat(listener);
        case NOTHING -> {}
      }
    }
  }

  /** Who wants little would come back with an old id: it is told how far it has all. */
  private synchronized void beat(Subscriber listener) {
    if (told != null
        && live.contains(listener)
        && listener.within(adopted)
        && !told.equals(listener.greeted)) {
      listener.greet(told);
    } else {
      listener.stream().heartbeat();
    }
  }
}
