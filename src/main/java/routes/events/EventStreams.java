package routes.events;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import routes.kernel.DaemonThreads;
import routes.kernel.WorkLoop;
import routes.stores.redis.RedisPumpConnections;
import routes.web.streams.StreamSeats;

/**
 * Event streams to clients. One thread reads the streams of all channels ({@link LiveReader}) and
 * hands each event to every client that wants it, encoded once ({@link SubscriberRegistry});
 * another reads for those that come back with an id, until they have what the first one has ({@link
 * CatchUpReader}).
 */
@Component
class EventStreams implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

  /** How often names of channels are read anew. */
  private static final Duration LEARN_EVERY = Duration.ofSeconds(1);

  /** Longest answer of Redis; a server that hangs is left after this, and asked anew. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final EventsProperties properties;
  private final Channels channels;
  private final RedisPumpConnections pumps;
  private final SubscriberRegistry audience;
  private final LiveReader live;
  private final StreamSeats seats;
  private Thread reader;
  private Thread catchUp;
  private List<WorkLoop> keepers;

  EventStreams(
      EventsProperties properties,
      Channels channels,
      RedisPumpConnections pumps,
      MeterRegistry registry) {
    this.properties = properties;
    this.channels = channels;
    this.pumps = pumps;
    this.seats = new StreamSeats(properties.open(), "hub.events.open");
    this.audience = new SubscriberRegistry(properties, registry);
    this.live =
        new LiveReader(audience, channels, this::connect, () -> seats.taken() > 0, registry);
    Gauge.builder("hub.events.open", seats, StreamSeats::taken)
        .description("Clients that listen to events of this hub")
        .register(registry);
    Gauge.builder("hub.events.lag", this, EventStreams::lag)
        .baseUnit("seconds")
        .description(
            "Since when clients had no news because streams were not read; 0: nobody is connected")
        .register(registry);
  }

  private double lag() {
    return seats.taken() == 0 ? 0 : live.lag();
  }

  private StreamReader connect() {
    return new StreamReader(pumps.open(PATIENCE), properties.prefix());
  }

  /** Streams that are open. */
  int open() {
    return seats.taken();
  }

  /**
   * Admits a client.
   *
   * @param after where it was; null: it wants what comes from now on
   * @throws routes.kernel.errors.HttpException 503 when there are as many as may be
   */
  void open(EventFilter filter, StreamPosition after, StreamSeats.Opening opening)
      throws IOException {
    seats.admit(
        new Subscriber(filter, after),
        "ask again in a while",
        opening,
        audience::join,
        audience::forget);
  }

  @Override
  public void start() {
    seats.open(true);
    reader = DaemonThreads.named("events-reader").newThread(live);
    catchUp =
        DaemonThreads.named("events-catch-up")
            .newThread(new CatchUpReader(audience, properties.resume(), this::connect));
    reader.start();
    catchUp.start();
    long every = Math.max(10, Math.min(500, properties.heartbeat().toMillis() / 4));
    keepers =
        List.of(
            WorkLoop.every(
                Duration.ofMillis(every), "events-tend", "tending event streams", audience::tend),
            WorkLoop.every(
                LEARN_EVERY, "events-channels", "reading names of channels", channels::refresh));
  }

  /** First of all: a server that stops gracefully would wait for streams that do not end. */
  @Override
  public void stop() {
    seats.open(false);
    reader.interrupt();
    catchUp.interrupt();
    keepers.forEach(WorkLoop::stop);
    for (Subscriber listener : audience.all()) {
      listener.stream().end();
      listener.stream().drop(); // who has not taken all comes back and goes on from there
    }
  }

  @Override
  public boolean isRunning() {
    return seats.isOpen();
  }

  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
