package routes.memory;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;
import routes.memory.KeySampler.Slow;
import routes.memory.MemoryLevels.Kept;
import routes.memory.MemoryLevels.Told;
import routes.messaging.outbox.HubEvent.Severity;
import routes.telemetry.RefreshedMetrics;

/**
 * Looks at Redis each time the metrics are renewed, and tells when it gets tight. While Redis is
 * down there is nothing to look at: what was seen last stands, with its time.
 */
@Component
class MemoryWatch implements RefreshedMetrics {

  /** Looks without an eviction after which they count as over: ten minutes. */
  private static final int QUIET = 60;

  private static final int SLOW_ENTRIES = 128;

  private final MemoryProperties properties;
  private final KeySampler scales;
  private final MemoryLevels levels;
  private final MemoryMetrics metrics;
  private final Clock clock;
  private final KeySizeEstimate weights = new KeySizeEstimate();
  private MemoryInfo before;
  private int quiet = QUIET;
  private long lastSlow = -1;
  private volatile MemoryView view;

  MemoryWatch(
      MemoryProperties properties,
      KeySampler scales,
      MemoryLevels levels,
      MemoryMetrics metrics,
      Clock clock) {
    this.properties = properties;
    this.scales = scales;
    this.levels = levels;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** What the last look saw; null: there was none yet. */
  MemoryView view() {
    return view;
  }

  @Override
  public synchronized void refresh() {
    MemoryInfo info;
    try {
      info = scales.info();
    } catch (RedisCommandExecutionException e) {
      throw e;
    } catch (RedisException e) {
      // It is down: hub_store_up tells it, and the log does once.
      return;
    }
    Set<String> refused = new TreeSet<>();
    long keys = scales.keys();
    weigh(refused);
    List<Slow> slow = slow(refused, info);
    MemoryView seen =
        MemoryView.of(clock.instant(), info, keys, weights, slow, refused, properties);
    view = seen;
    metrics.show(seen);
    tell(info, seen);
    before = info;
  }

  private void weigh(Set<String> refused) {
    try {
      List<KeySize> look = scales.weigh(properties.keys());
      Set<String> known = new TreeSet<>();
      weights.biggest().forEach(each -> known.add(each.key()));
      look.forEach(each -> known.remove(each.key()));
      List<KeySize> again = scales.weigh(List.copyOf(known));
      again.forEach(each -> known.remove(each.key()));
      known.forEach(weights::gone);
      weights.weighAgain(again);
      weights.add(look);
    } catch (RedisCommandExecutionException e) {
      refused.add(reason("SCAN, MEMORY USAGE", e));
    }
  }

  /** New entries are counted by command; an id below the last is a log that began anew. */
  private List<Slow> slow(Set<String> refused, MemoryInfo info) {
    try {
      List<Slow> entries = scales.slow(SLOW_ENTRIES);
      long newest = entries.isEmpty() ? -1 : entries.get(0).id();
      boolean sameLife = before != null && before.run().equals(info.run()) && newest >= lastSlow;
      for (Slow entry : entries) {
        if (before != null && (!sameLife || entry.id() > lastSlow)) {
          metrics.slow(entry.command());
        }
      }
      lastSlow = newest;
      return entries;
    } catch (RedisCommandExecutionException e) {
      refused.add(reason("SLOWLOG", e));
      return List.of();
    }
  }

  private static String reason(String commands, RedisCommandExecutionException e) {
    return commands + ": " + e.getMessage();
  }

  private void tell(MemoryInfo info, MemoryView seen) {
    Map<String, Kept> kept = levels.all();
    MemoryPressure memory = MemoryPressure.of(kept.get(MemoryLevels.MEMORY).level());
    MemoryPressure next = memory.next(info.share(), properties.tight(), properties.full());
    if (next != memory) {
      levels.change(
          MemoryLevels.MEMORY, next.severity(), told(next.text(), memory.text(), info, seen));
    }
    boolean sameLife = before != null && before.run().equals(info.run());
    boolean evicted = sameLife && info.evicted() > before.evicted();
    quiet = evicted ? 0 : Math.min(QUIET, quiet + 1);
    boolean going = kept.get(MemoryLevels.EVICTIONS).level().equals("going");
    if (evicted && !going) {
      levels.change(MemoryLevels.EVICTIONS, Severity.WARNING, told("going", "none", info, seen));
    } else if (going && quiet == QUIET) {
      levels.change(MemoryLevels.EVICTIONS, Severity.INFO, told("none", "going", info, seen));
    }
  }

  private static Told told(String level, String before, MemoryInfo info, MemoryView seen) {
    List<String> heaviest = new ArrayList<>();
    seen.prefixes().stream().limit(3).forEach(each -> heaviest.add(each.prefix()));
    return new Told(
        level,
        before,
        info.usedBytes(),
        info.maxBytes(),
        Math.round(info.share() * 1000) / 1000.0,
        info.policy(),
        info.evicted(),
        heaviest);
  }
}
