package routes.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** {@code hub_cache_*}, by model; as many series as models are configured, and one more. */
@Component
class CacheMetrics {

  private static final Duration[] BUCKETS =
      Stream.of(1, 5, 25, 100, 250, 1_000).map(Duration::ofMillis).toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final CacheProperties properties;
  private final Map<String, OfModel> models = new ConcurrentHashMap<>();

  CacheMetrics(MeterRegistry registry, CacheProperties properties) {
    this.registry = registry;
    this.properties = properties;
    // There from the start: an alert on "increased" sees the first one.
    properties.models().keySet().forEach(this::of);
  }

  /** Meters of one model, found without a search among all meters. */
  record OfModel(
      Counter hits,
      Counter stale,
      Counter misses,
      Counter away,
      Counter unreadable,
      Counter puts,
      Counter read,
      Counter written,
      Timer lookups) {

    Counter of(Prediction.Result result) {
      return switch (result) {
        case HIT -> hits;
        case STALE -> stale;
        case MISS -> misses;
      };
    }
  }

  OfModel of(String model) {
    return models.computeIfAbsent(properties.labelOf(model), this::make);
  }

  private OfModel make(String label) {
    return new OfModel(
        lookups(label, "hit"),
        lookups(label, "stale"),
        lookups(label, "miss"),
        lookups(label, "away"),
        lookups(label, "unreadable"),
        Counter.builder("hub.cache.puts")
            .description("Predictions that were stored")
            .tag("model", label)
            .register(registry),
        bytes(label, "read"),
        bytes(label, "written"),
        Timer.builder("hub.cache.lookup")
            .description(
                "How long a look-up took, that of a batch or the wait for a loader included")
            .serviceLevelObjectives(BUCKETS)
            .tag("model", label)
            .register(registry));
  }

  private Counter lookups(String label, String result) {
    return Counter.builder("hub.cache.lookups")
        .description("Predictions that were looked up, by what was found")
        .tags("model", label, "result", result)
        .register(registry);
  }

  private Counter bytes(String label, String direction) {
    return Counter.builder("hub.cache.value")
        .baseUnit("bytes")
        .description("Size of the values that were read or written")
        .tags("model", label, "direction", direction)
        .register(registry);
  }
}
