package routes.memory;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/** {@code hub_redis_*}: what lies in Redis, by prefix of its keys. */
@Component
class MemoryMetrics {

  /** Commands with a series of their own. */
  private static final int COMMANDS = 20;

  private final MeterRegistry registry;
  private final MultiGauge keys;
  private final MultiGauge bytes;
  private final MultiGauge forever;
  private final Set<String> commands = ConcurrentHashMap.newKeySet();
  private volatile MemoryView view;

  MemoryMetrics(MeterRegistry registry) {
    this.registry = registry;
    gauge(
        "hub.redis.memory.used", "Memory that Redis uses for data and buffers", v -> v.usedBytes());
    gauge(
        "hub.redis.memory.max",
        "Memory that Redis may use: maxmemory, or the machine's when there is none",
        v -> v.maxBytes());
    this.keys =
        MultiGauge.builder("hub.redis.keys")
            .description("Keys by prefix, estimated from those that were weighed")
            .register(registry);
    this.bytes =
        MultiGauge.builder("hub.redis.keys.size")
            .baseUnit("bytes")
            .description("Memory of keys by prefix, estimated from those that were weighed")
            .register(registry);
    this.forever =
        MultiGauge.builder("hub.redis.keys.forever")
            .description("Keys that never expire by prefix, estimated from those that were weighed")
            .register(registry);
  }

  private void gauge(String name, String description, ToDoubleFunction<MemoryView> value) {
    Gauge.builder(name, () -> view == null ? Double.NaN : value.applyAsDouble(view))
        .baseUnit("bytes")
        .description(description)
        .register(registry);
  }

  void show(MemoryView seen) {
    view = seen;
    rows(keys, seen, KeySizeEstimate.Prefix::keys);
    rows(bytes, seen, KeySizeEstimate.Prefix::bytes);
    rows(forever, seen, KeySizeEstimate.Prefix::forever);
  }

  private static void rows(
      MultiGauge gauge, MemoryView seen, ToDoubleFunction<KeySizeEstimate.Prefix> value) {
    List<MultiGauge.Row<?>> rows =
        seen.prefixes().stream()
            .<MultiGauge.Row<?>>map(
                each ->
                    MultiGauge.Row.of(Tags.of("prefix", each.prefix()), value.applyAsDouble(each)))
            .toList();
    gauge.register(rows, true);
  }

  /** Counts a command of the slow log. */
  void slow(String command) {
    boolean known = commands.contains(command);
    if (!known && commands.size() < COMMANDS) {
      known = commands.add(command);
    }
    Counter.builder("hub.redis.slow.commands")
        .description("Commands that Redis wrote into its slow log")
        .tag("command", known ? command : KeySizeEstimate.OTHER)
        .register(registry)
        .increment();
  }
}
