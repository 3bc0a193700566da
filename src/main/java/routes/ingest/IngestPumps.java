package routes.ingest;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import routes.stores.redis.RedisPumpConnections;

/** Runs a pump for each stream of {@code hub.ingest}, from when the hub is ready. */
@Component
class IngestPumps implements DisposableBean {

  private final IngestProperties properties;
  private final Ingest ingest;
  private final RedisPumpConnections redis;
  private final MeterRegistry registry;
  private final List<StreamPump> pumps = new ArrayList<>();

  IngestPumps(
      IngestProperties properties,
      Ingest ingest,
      RedisPumpConnections redis,
      MeterRegistry registry) {
    this.properties = properties;
    this.ingest = ingest;
    this.redis = redis;
    this.registry = registry;
  }

  @EventListener(ApplicationReadyEvent.class)
  synchronized void start() {
    if (!pumps.isEmpty()) {
      return;
    }
    properties
        .ingest()
        .forEach(
            (name, source) -> {
              if (source.isStream()) {
                StreamPump pump =
                    new StreamPump(name, source, "hub-" + UUID.randomUUID(), ingest, redis);
                watch(name, pump, registry);
                pump.start();
                pumps.add(pump);
              }
            });
  }

  /** Shows what waits of a source. */
  static void watch(String name, Backlog source, MeterRegistry registry) {
    Gauge.builder("hub.ingest.lag", source, Backlog::lag)
        .tag("source", name)
        .baseUnit("seconds")
        .description("Age of the oldest message that waits to be taken; 0 when there is none")
        .register(registry);
    FunctionCounter.builder("hub.ingest.lost", source, Backlog::lost)
        .tag("source", name)
        .description("Messages of a channel that came faster than they could be taken")
        .register(registry);
  }

  @Override
  public synchronized void destroy() {
    pumps.forEach(StreamPump::stop);
    pumps.forEach(StreamPump::end);
  }
}
