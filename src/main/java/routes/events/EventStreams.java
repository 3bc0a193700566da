package routes.events;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import routes.platform.error.HttpException;
import routes.platform.http.EventStream;
import routes.platform.redis.RedisPumps;

/**
 * Who listens on this replica, and what they are told. One thread reads the streams of all channels
 * and hands each event to every client that wants it, encoded once; another reads for those that
 * come back with an id, until they have what the first one has.
 *
 * <p>Order, which makes one id say all: an entry is told when the millisecond of its id is over by
 * Redis' clock, so that none can come before it any more. Only a clock of Redis that is set back by
 * more than a second breaks it, for who comes back in that moment.
 */
@Component
class EventStreams implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

  /** Most entries of one stream in one reading, for all and for who catches up. */
  private static final int LIVE = 256;

  private static final int PAGE = 64;

  /** How often names of channels are read anew. */
  private static final Duration WAIT = Duration.ofSeconds(1);

  /** Longest that the reader waits for news: a channel that a client named is read after this. */
  private static final Duration BLOCK = Duration.ofMillis(200);

  /** Longest answer of Redis; a server that hangs is left after this, and asked anew. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final long AGAIN_MS = 250;

  /** How far ahead of Redis' clock an id may lie: who sets the clock back does not silence it. */
  private static final long AHEAD_MS = 1_000;

  /** A channel may be known this much later than its first event was sent. */
  private static final long LATE_MS = 5_000;

  /** What was told last is kept for who catches up: at most half of what may wait for one. */
  private static final int KEPT = 500;

  /** Opens a stream; the argument is to be called when it has closed. */
  interface Opening {
    EventStream open(Runnable onClosed) throws IOException;
  }

  /** One who listens. */
  private static final class Client {
    private final Filter filter;

    /** What happened up to here is not for it; null: until the reader begins. */
    private volatile Position from;

    private final long since = System.nanoTime();
    private volatile EventStream stream;

    /** Of one that is behind: how far it has all, in these channels; null: not looked at yet. */
    private Position at;

    private Set<String> in;
    private Position greeted;
    private volatile boolean answered;
    private volatile long spokenAt = System.nanoTime();

    private Client(Filter filter, Position from) {
      this.filter = filter;
      this.from = from;
      this.at = from;
    }

    /** Whether all it wants is among these. */
    private boolean within(Set<String> read) {
      return read != null && read.containsAll(filter.channels());
    }
  }

  private final EventsProperties properties;
  private final Channels channels;
  private final RedisPumps pumps;
  private final Counter sent;
  private final Counter dropped;
  private final Counter unreadable;
  private final AtomicInteger open = new AtomicInteger();

  /**
   * Those who have all that was told. They join, and are told, under this object's lock; they leave
   * without it, since a stream closes under a lock of its own.
   */
  private final Set<Client> live = ConcurrentHashMap.newKeySet();

  private final Deque<Told> kept = new ArrayDeque<>();
  private long keptBytes;

  /** All after this is in {@link #kept}. */
  private Position floor;

  /** All before this was told; null: nothing is read. */
  private volatile Position told;

  /** Channels that are read; null: not yet. */
  private volatile Set<String> adopted;

  private final Set<Client> behind = ConcurrentHashMap.newKeySet();
  private volatile long readAt = System.nanoTime();
  private volatile boolean running;
  private volatile boolean away;
  private Thread reader;
  private Thread catchUp;
  private ScheduledExecutorService keeper;

  EventStreams(
      EventsProperties properties, Channels channels, RedisPumps pumps, MeterRegistry registry) {
    this.properties = properties;
    this.channels = channels;
    this.pumps = pumps;
    Gauge.builder("hub.events.open", open, AtomicInteger::get)
        .description("Clients that listen to events of this hub")
        .register(registry);
    Gauge.builder("hub.events.lag", this, EventStreams::lag)
        .baseUnit("seconds")
        .description(
            "Since when clients had no news because streams were not read; 0: nobody listens")
        .register(registry);
    this.sent =
        Counter.builder("hub.events.sent")
            .description("Events handed to clients that listen")
            .register(registry);
    this.dropped =
        Counter.builder("hub.events.dropped")
            .description("Clients whose stream was cut because they read too slowly")
            .register(registry);
    this.unreadable =
        Counter.builder("hub.events.unreadable")
            .description("Entries of streams that are no events, and are passed over")
            .register(registry);
  }

  private double lag() {
    return open.get() == 0 ? 0 : (System.nanoTime() - readAt) / 1e9;
  }

  /** Streams that are open. */
  int open() {
    return open.get();
  }

  /**
   * Admits a client.
   *
   * @param after where it was; null: it wants what comes from now on
   * @throws HttpException 503 when there are as many as may be
   */
  void open(Filter filter, Position after, Opening opening) throws IOException {
    if (!running || open.incrementAndGet() > properties.open()) {
      open.decrementAndGet();
      throw new HttpException(
          503,
          "Unavailable",
          "this hub has as many event streams open as it may (hub.events.open); ask again in a"
              + " while",
          Map.of());
    }
    Client client = new Client(filter, after);
    boolean opened = false;
    try {
      client.stream = opening.open(() -> left(client));
      join(client);
      opened = true;
      if (client.stream.isClosed()) {
        forget(client); // it closed before it was known
      }
    } finally {
      if (!opened) {
        open.decrementAndGet();
      }
    }
  }

  private synchronized void join(Client client) {
    if (client.from != null) {
      behind.add(client);
      greet(client, null);
    } else {
      live.add(client);
      client.from = told;
      if (told != null || away) {
        greet(client, told);
      }
    }
    notifyAll();
  }

  /** Opens the answer, and says where the client is, for when it comes back before any event. */
  private static void greet(Client client, Position at) {
    client.answered = true;
    client.greeted = at;
    String text = "retry: 2000\n" + (at == null ? "" : "id: " + at.text() + "\n") + "\n";
    client.stream.events(text.getBytes(StandardCharsets.UTF_8), 0);
  }

  private void left(Client client) {
    forget(client);
    open.decrementAndGet();
  }

  private void forget(Client client) {
    live.remove(client);
    behind.remove(client);
  }

  /** The reader's life: read while somebody listens, and try again while Redis is away. */
  private void run() {
    Reading reading = null;
    Map<String, String> offsets = new HashMap<>();
    while (running) {
      try {
        if (!awaitClients()) {
          continue;
        }
        if (reading == null) {
          reading = connect();
        }
        if (told == null) {
          offsets.clear();
          begin(Position.before(reading.now()));
        }
        read(reading, offsets);
        readAt = System.nanoTime();
        away = false;
      } catch (InterruptedException e) {
        break;
      } catch (RuntimeException e) {
        reading = leave(reading, e);
      }
    }
    if (reading != null) {
      reading.close();
    }
  }

  private Reading connect() {
    return new Reading(pumps.open(PATIENCE), properties.prefix());
  }

  /** Waits for somebody to listen; false when it did. */
  private synchronized boolean awaitClients() throws InterruptedException {
    if (open.get() > 0) {
      return true;
    }
    told = null;
    adopted = null;
    wait(WAIT.toMillis());
    readAt = System.nanoTime();
    return false;
  }

  private Reading leave(Reading reading, RuntimeException why) {
    if (!away) {
      LOG.warn("event streams have no news until Redis answers: {}", why.getMessage());
    }
    away = true;
    if (reading != null) {
      reading.close();
    }
    synchronized (this) {
      live.stream().filter(client -> !client.answered).forEach(client -> greet(client, told));
      try {
        wait(AGAIN_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        running = false;
      }
    }
    return null;
  }

  private synchronized void begin(Position now) {
    told = now;
    adopted = null;
    floor = now;
    kept.clear();
    keptBytes = 0;
    for (Client client : live) {
      if (client.from == null) {
        client.from = now;
      }
      if (!client.answered) {
        greet(client, now);
      }
    }
  }

  private void read(Reading reading, Map<String, String> offsets) throws InterruptedException {
    Set<String> all = channels.all();
    if (all.isEmpty()) {
      synchronized (this) {
        wait(WAIT.toMillis());
      }
      return;
    }
    // A channel that is found later may have had its first events by then.
    Position since = adopted == null ? told : Position.before(Math.max(0, told.ms() - LATE_MS));
    all.forEach(channel -> offsets.computeIfAbsent(channel, since::offset));
    long now = reading.now();
    Reading.Page page = reading.read(offsets, Position.before(now), AHEAD_MS, LIVE);
    unreadable.increment(page.unreadable());
    tell(page, all);
    if (page.events().isEmpty() && !page.full()) {
      reading.await(offsets, BLOCK);
    }
  }

  private synchronized void tell(Reading.Page page, Set<String> read) {
    List<Told> events = page.events();
    for (Told event : events) {
      kept.add(event);
      keptBytes += event.text().length;
    }
    while (kept.size() > KEPT || keptBytes > properties.waitingBytes().toBytes() / 2) {
      Told gone = kept.poll();
      keptBytes -= gone.text().length;
      floor = gone.at().compareTo(floor) > 0 ? gone.at() : floor;
    }
    // What a new channel had before is told late, which takes nothing back.
    told = page.end().compareTo(told) > 0 ? page.end() : told;
    adopted = read;
    if (events.isEmpty()) {
      return;
    }
    Position first = events.get(0).at();
    Map<Filter, Block> blocks = new HashMap<>();
    for (Client client : live) {
      Block block =
          client.from.compareTo(first) < 0
              ? blocks.computeIfAbsent(client.filter, filter -> Block.of(events, filter, null))
              : Block.of(events, client.filter, client.from);
      send(client, block);
    }
  }

  /**
   * Events as a client gets them at once.
   *
   * @param count 0: it gets nothing
   */
  private record Block(byte[] text, int count) {

    /**
     * @param after null: all of them
     */
    private static Block of(Iterable<Told> events, Filter filter, Position after) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      int count = 0;
      for (Told event : events) {
        if ((after == null || event.at().compareTo(after) > 0) && filter.wants(event)) {
          text.writeBytes(event.text());
          count++;
        }
      }
      return new Block(text.toByteArray(), count);
    }
  }

  /** Hands it over, or cuts the stream of who has left too much lying: it may come back. */
  private void send(Client client, Block block) {
    if (block.count == 0) {
      return;
    }
    EventStream stream = client.stream;
    if (!stream.idle()
        && (stream.waitingBytes() + block.text.length > properties.waitingBytes().toBytes()
            || stream.waitingEvents() + block.count > properties.waitingEvents())) {
      drop(client);
      return;
    }
    client.spokenAt = System.nanoTime();
    stream.events(block.text, block.count);
    sent.increment(block.count);
  }

  private void drop(Client client) {
    LOG.info("a client that listens to events reads too slowly: its stream is cut");
    dropped.increment();
    client.stream.drop();
  }

  /** Brings those up to date who came back with an id. */
  private void catchUp() {
    Reading reading = null;
    while (running) {
      try {
        boolean moved = false;
        for (Client client : behind) {
          if (told == null || !client.within(adopted) || !client.stream.idle()) {
            continue;
          }
          if (!handOver(client)) {
            if (reading == null) {
              reading = connect();
            }
            page(reading, client);
          }
          moved = true;
        }
        if (!moved) {
          pause(behind.isEmpty() ? WAIT.toMillis() : told == null ? AGAIN_MS : 10);
        }
      } catch (RuntimeException e) {
        if (reading != null) {
          reading.close();
          reading = null;
        }
        if (!away) {
          LOG.warn("who came back to event streams waits until Redis answers: {}", e.getMessage());
        }
        pause(AGAIN_MS);
      }
    }
    if (reading != null) {
      reading.close();
    }
  }

  private synchronized void pause(long ms) {
    try {
      wait(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running = false;
    }
  }

  /** Gives a client what is kept, when that is all it lacks; from then on the reader tells it. */
  private synchronized boolean handOver(Client client) {
    if (client.in == null || client.at.compareTo(floor) < 0) {
      return false;
    }
    if (client.filter.channels().isEmpty() && !client.in.equals(adopted)) {
      // A channel was found that lay behind what it has: rather twice than not at all.
      client.in = adopted;
      client.at = client.from;
      return false;
    }
    if (behind.remove(client)) {
      send(client, Block.of(kept, client.filter, client.at));
      live.add(client);
      if (client.stream.isClosed()) {
        live.remove(client);
      }
    }
    return true;
  }

  private void page(Reading reading, Client client) {
    Position until;
    Set<String> all;
    synchronized (this) {
      until = told;
      all = client.filter.channels().isEmpty() ? adopted : client.filter.channels();
    }
    if (until == null || all == null) {
      return;
    }
    if (client.in == null) {
      examine(reading, client, until, all);
      client.in = all;
      return;
    }
    Reading.Page page = reading.between(client.at, until, all, PAGE);
    send(client, Block.of(page.events(), client.filter, null));
    client.at = page.end();
  }

  /** Tells of a gap where an id is too old to go on from, or was never given here. */
  private void examine(Reading reading, Client client, Position until, Set<String> all) {
    Position asked = client.at;
    Position oldest = Position.before(Math.max(0, until.ms() - properties.resume().toMillis()));
    boolean ahead = asked.ms() > until.ms() + LATE_MS;
    if (asked.compareTo(oldest) < 0 || ahead || reading.lost(asked, all)) {
      client.stream.event(null, "gap", "{\"after\":\"" + asked.text() + "\"}");
      client.from = ahead ? until : asked.compareTo(oldest) < 0 ? oldest : asked;
      client.at = client.from;
    }
  }

  /** Says that we are there and where the client is, and lets go of who is not. */
  private void keep() {
    try {
      for (Client client : all()) {
        keep(client);
      }
    } catch (RuntimeException e) {
      LOG.warn("event streams are not tended", e); // thrown on, it would end the schedule for good
    }
  }

  private Set<Client> all() {
    Set<Client> all = new HashSet<>(live);
    all.addAll(behind);
    return all;
  }

  private void keep(Client client) {
    long now = System.nanoTime();
    if (client.stream.stuck(properties.slow())) {
      drop(client);
    } else if (now - client.since > properties.longest().toNanos()) {
      client.stream.end();
    } else if (now - client.spokenAt > properties.heartbeat().toNanos() && client.stream.idle()) {
      beat(client, now);
    }
  }

  /** A client that wants little would come back with an old id: it is told how far it has all. */
  private synchronized void beat(Client client, long now) {
    client.spokenAt = now;
    if (told != null
        && live.contains(client)
        && client.within(adopted)
        && !told.equals(client.greeted)) {
      greet(client, told);
    } else {
      client.stream.heartbeat();
    }
  }

  private void learn() {
    try {
      channels.refresh();
    } catch (RuntimeException e) {
      LOG.debug("names of channels are not read: {}", e.getMessage()); // the last ones stand
    }
  }

  @Override
  public void start() {
    running = true;
    reader = start("events-reader", this::run);
    catchUp = start("events-catch-up", this::catchUp);
    keeper =
        Executors.newScheduledThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "events-keeper");
              thread.setDaemon(true);
              return thread;
            });
    long every = Math.max(10, Math.min(500, properties.heartbeat().toMillis() / 4));
    keeper.scheduleWithFixedDelay(this::keep, every, every, TimeUnit.MILLISECONDS);
    keeper.scheduleWithFixedDelay(this::learn, 0, WAIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Thread start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** First of all: a server that stops gracefully would wait for streams that do not end. */
  @Override
  public void stop() {
    running = false;
    reader.interrupt();
    catchUp.interrupt();
    keeper.shutdownNow();
    for (Client client : all()) {
      client.stream.end();
      client.stream.drop(); // who has not taken all comes back and goes on from there
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
