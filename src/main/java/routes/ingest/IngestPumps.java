package routes.ingest;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import routes.platform.redis.RedisPumps;

/** Runs a pump for each source of {@code hub.ingest}, from when the hub is ready. */
@Component
class IngestPumps implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(IngestPumps.class);

  private final IngestProperties properties;
  private final Ingest ingest;
  private final RedisPumps redis;
  private final MeterRegistry registry;
  private final List<Pump> pumps = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private ScheduledExecutorService sweeper;

  IngestPumps(
      IngestProperties properties, Ingest ingest, RedisPumps redis, MeterRegistry registry) {
    this.properties = properties;
    this.ingest = ingest;
    this.redis = redis;
    this.registry = registry;
  }

  @EventListener(ApplicationReadyEvent.class)
  synchronized void start() {
    if (sweeper != null || properties.ingest().isEmpty()) {
      return;
    }
    properties
        .ingest()
        .forEach(
            (name, source) ->
                start(
                    name,
                    source.isStream()
                        ? new StreamPump(name, source, "hub-" + UUID.randomUUID(), ingest, redis)
                        : new ChannelPump(name, source, ingest, redis)));
    sweeper =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "ingest-sweeper");
              thread.setDaemon(true);
              return thread;
            });
    sweeper.scheduleWithFixedDelay(this::sweep, 1, 60, TimeUnit.MINUTES);
  }

  private void start(String name, Pump pump) {
    Gauge.builder("hub.ingest.lag", pump, Pump::lag)
        .tag("source", name)
        .baseUnit("seconds")
        .description("Age of the oldest message that waits to be taken; 0 when there is none")
        .register(registry);
    FunctionCounter.builder("hub.ingest.lost", pump, Pump::lost)
        .tag("source", name)
        .description("Messages of a channel that came faster than they could be taken")
        .register(registry);
    Thread thread = new Thread(pump, "ingest-" + name);
    thread.setDaemon(true);
    thread.start();
    pumps.add(pump);
    threads.add(thread);
  }

  private void sweep() {
    try {
      ingest.forget();
    } catch (RuntimeException e) {
      LOG.warn("old ids of ingest are not forgotten: {}", e.getMessage());
    }
  }

  /** Waits a little for what was begun; what is not acknowledged, the next hub takes over. */
  @Override
  public synchronized void destroy() throws InterruptedException {
    pumps.forEach(Pump::stop);
    if (sweeper != null) {
      sweeper.shutdownNow();
    }
    for (Thread thread : threads) {
      thread.join(1_500);
    }
  }
}
