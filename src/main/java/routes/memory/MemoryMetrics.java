package routes.memory;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;
import routes.telemetry.RowGauges;

/** {@code hub_redis_*}: what lies in Redis, by prefix of its keys. */
@Component
class MemoryMetrics {

  /** Commands with a series of their own. */
  private static final int COMMANDS = 20;

  private final MeterRegistry registry;
  private final RowGauges<KeySizeEstimate.Prefix> prefixes;
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
    this.prefixes =
        new RowGauges<KeySizeEstimate.Prefix>(registry, each -> Tags.of("prefix", each.prefix()))
            .add(
                "hub.redis.keys",
                null,
                "Keys by prefix, estimated from those that were weighed",
                KeySizeEstimate.Prefix::keys)
            .add(
                "hub.redis.keys.size",
                "bytes",
                "Memory of keys by prefix, estimated from those that were weighed",
                KeySizeEstimate.Prefix::bytes)
            .add(
                "hub.redis.keys.forever",
                null,
                "Keys that never expire by prefix, estimated from those that were weighed",
                KeySizeEstimate.Prefix::forever);
  }

  private void gauge(String name, String description, ToDoubleFunction<MemoryView> value) {
    Gauge.builder(name, () -> view == null ? Double.NaN : value.applyAsDouble(view))
        .baseUnit("bytes")
        .description(description)
        .register(registry);
  }

  void show(MemoryView seen) {
    view = seen;
    prefixes.show(seen.prefixes());
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
