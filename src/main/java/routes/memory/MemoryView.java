package routes.memory;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * What a look saw, as the API shows it.
 *
 * @param seenAt by Redis' last look, this replica's
 * @param usedBytes of data and buffers
 * @param maxBytes that it may use
 * @param limited false: there is no {@code maxmemory}, and {@code maxBytes} is the machine's memory
 * @param share used of it
 * @param evicted keys that went because it was full, since Redis started
 * @param keys in the hub's database
 * @param prefixes estimated from the keys weighed
 * @param biggest of the keys weighed so far
 * @param slow newest first, without arguments
 * @param refused what this user of Redis may not ask for, with Redis' words
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record MemoryView(
    Instant seenAt,
    long usedBytes,
    long maxBytes,
    boolean limited,
    double share,
    String policy,
    double fragmentation,
    long evicted,
    long keys,
    List<KeySizeEstimate.Prefix> prefixes,
    List<BigKey> biggest,
    List<SlowCommand> slow,
    List<String> refused) {

  private static final int SLOW = 20;

  /** A key, or its prefix and the beginning of its SHA-256. */
  record BigKey(String key, long bytes, boolean expires) {}

  /** A command of the slow log. */
  record SlowCommand(String command, double millis, Instant at) {}

  static MemoryView of(
      Instant seenAt,
      MemoryInfo info,
      long keys,
      KeySizeEstimate weights,
      List<KeySampler.Slow> slow,
      Collection<String> refused,
      MemoryProperties properties) {
    return new MemoryView(
        seenAt,
        info.usedBytes(),
        info.maxBytes(),
        info.limited(),
        info.share(),
        info.policy(),
        info.fragmentation(),
        info.evicted(),
        keys,
        weights.prefixes(keys),
        weights.biggest().stream()
            .map(each -> new BigKey(shown(each.key(), properties), each.bytes(), each.expires()))
            .toList(),
        slow.stream()
            .limit(SLOW)
            .map(
                each ->
                    new SlowCommand(
                        each.command(), each.micros() / 1000.0, Instant.ofEpochSecond(each.at())))
            .toList(),
        List.copyOf(refused));
  }

  /** Keys of sessions are secrets, and others may name people. */
  private static String shown(String key, MemoryProperties properties) {
    String prefix = KeySizeEstimate.prefix(key);
    if (properties.shown().contains(prefix)) {
      return key;
    }
    return prefix + ":#" + DigestUtils.sha256Hex(key).substring(0, 8);
  }
}
