package routes.bench;

import io.lettuce.core.api.StatefulRedisConnection;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What {@link RedisBench} saw, round by round, and its table of the README. */
final class RedisFigures {

  static final String LOOKUP = "look-up, hub";
  static final String PEER = "look-up, Vert.x";
  static final String BARE = "GET, redis-benchmark";
  static final String BATCHES = "look-ups in batches of 100, hub";
  static final String PUBLISH = "notifications to 10 readers, hub";
  static final String XADD = "XADD, redis-benchmark";

  private static final PrintStream OUT = System.out;

  private final Map<String, Series> perSecond = new LinkedHashMap<>();
  private final Map<String, Series> p99 = new LinkedHashMap<>();
  private final Map<String, Series> processor = new LinkedHashMap<>();
  private final Series streams = new Series();
  private long lost;
  private long missed;
  private long without;

  /** Notifications that no reader received. */
  void lost(long count) {
    lost += count;
  }

  /** Answers of the hub without the prediction, which is there. */
  void without(long count) {
    without += count;
  }

  void streams(EventClients.Seen seen) {
    streams.add(seen.p99());
    missed += seen.missed();
    OUT.printf(
        Locale.ROOT,
        "  %-36s %10.1f ms p99, %d of %d received%n",
        "200 event streams at 100 msg/s",
        seen.p99(),
        seen.received(),
        seen.received() + seen.missed());
  }

  void add(String name, double value) {
    perSecond.computeIfAbsent(name, n -> new Series()).add(value);
    OUT.printf(Locale.ROOT, "  %-36s %10.0f /s%n", name, value);
  }

  void time(String name, double millis) {
    p99.computeIfAbsent(name, n -> new Series()).add(millis);
    OUT.printf(Locale.ROOT, "  %-36s %10.1f ms p99%n", "", millis);
  }

  /** Processor time of the server's process for one answer. */
  void processor(String name, double micros) {
    processor.computeIfAbsent(name, n -> new Series()).add(micros);
    OUT.printf(Locale.ROOT, "  %-36s %10.0f µs of processor each%n", "", micros);
  }

  void report(StatefulRedisConnection<String, String> redis, int connections) {
    String version =
        redis
            .sync()
            .info("server")
            .lines()
            .filter(line -> line.startsWith("redis_version:"))
            .map(line -> line.substring(14).strip())
            .findFirst()
            .orElse("?");
    OUT.printf(
        Locale.ROOT,
        "%n%d cores, JDK %s, Redis %s, %d connections, medians%n%n",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        version,
        connections);
    OUT.println("| | seen | beside | ratio | wanted |");
    OUT.println("|---|---|---|---|---|");
    row(perSecond, LOOKUP, PEER, "/s", "≥ 0.5");
    row(p99, LOOKUP, PEER, "ms, p99", "≤ 2");
    row(processor, LOOKUP, PEER, "µs of processor", "–");
    row(perSecond, LOOKUP, BARE, "/s", "–");
    row(perSecond, BATCHES, LOOKUP, "/s", "≥ 20");
    row(perSecond, PUBLISH, XADD, "/s", "≥ 0.5, and 0 lost: " + lost + " lost");
    OUT.printf(
        "| answers of the hub without the prediction, all rounds | %d | – | – | 0 |%n", without);
    OUT.printf(
        Locale.ROOT,
        "| 200 event streams at 100 msg/s | %.1f ms, p99 | %d missed | – | ≤ 250 ms |%n",
        streams.median(),
        missed);
  }

  private static void row(
      Map<String, Series> all, String ours, String theirs, String unit, String wanted) {
    if (!all.containsKey(theirs)) {
      OUT.printf(
          "| %s | %.0f %s | %s is not here | – | %s |%n",
          ours, all.get(ours).median(), unit, theirs, wanted);
      return;
    }
    double mine = all.get(ours).median();
    double peers = all.get(theirs).median();
    OUT.printf(
        Locale.ROOT,
        "| %s | %,.1f %s | %s: %,.1f | %.2f | %s |%n",
        ours,
        mine,
        unit,
        theirs,
        peers,
        mine / peers,
        wanted);
  }
}
