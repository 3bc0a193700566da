package routes.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the last looks weighed, and what that means for all keys: a look sees the keys in the order
 * of their hashes, so some looks are a fair sample of all. Pure; not thread-safe.
 */
final class KeySizeEstimate {

  /** Looks that count. With one every ten seconds, ten minutes. */
  static final int LOOKS = 60;

  /** Prefixes with a line of their own; the rest is one line. */
  static final int PREFIXES = 20;

  /** Keys that are named as the biggest. */
  static final int BIGGEST = 10;

  /** Of keys without a prefix that looks like one. */
  static final String NONE = "(none)";

  /** Of all prefixes beyond the {@value #PREFIXES} that weigh most. */
  static final String OTHER = "(other)";

  private static final Pattern PREFIX =
      Pattern.compile("([A-Za-z][A-Za-z0-9_.-]{0,31}):.*", Pattern.DOTALL);

  private final Deque<List<KeySize>> looks = new ArrayDeque<>();
  private final Map<String, KeySize> biggest = new HashMap<>();

  /**
   * Keys of one prefix, as estimated for the whole of Redis.
   *
   * @param keys how many there are
   * @param bytes that they take
   * @param forever how many of them never expire
   * @param seen how many of them were weighed
   */
  record Prefix(String prefix, long keys, long bytes, long forever, long seen) {}

  /** Adds a look. A key that was among the biggest and is seen again is weighed anew. */
  void add(List<KeySize> look) {
    looks.addLast(List.copyOf(look));
    if (looks.size() > LOOKS) {
      looks.removeFirst();
    }
    weighAgain(look);
    List<KeySize> kept = biggest();
    biggest.clear();
    kept.forEach(each -> biggest.put(each.key(), each));
  }

  /** Takes new weights of keys among the biggest, which are no part of a look. */
  void weighAgain(List<KeySize> keys) {
    keys.forEach(each -> biggest.put(each.key(), each));
  }

  /** Says that a key is gone. */
  void gone(String key) {
    biggest.remove(key);
  }

  /** The biggest keys seen, biggest first. */
  List<KeySize> biggest() {
    return biggest.values().stream()
        .sorted(Comparator.comparingLong(KeySize::bytes).reversed().thenComparing(KeySize::key))
        .limit(BIGGEST)
        .toList();
  }

  /**
   * Heaviest prefix first; {@value #OTHER} last.
   *
   * @param keys how many Redis holds
   */
  List<Prefix> prefixes(long keys) {
    Map<String, long[]> sums = new HashMap<>();
    long seen = 0;
    for (List<KeySize> look : looks) {
      for (KeySize each : look) {
        long[] sum = sums.computeIfAbsent(prefix(each.key()), name -> new long[3]);
        sum[0]++;
        sum[1] += each.bytes();
        sum[2] += each.expires() ? 0 : 1;
        seen++;
      }
    }
    double each = seen == 0 ? 0 : (double) keys / seen;
    List<Prefix> all = new ArrayList<>();
    sums.forEach((name, sum) -> all.add(scaled(name, sum, each)));
    all.sort(Comparator.comparingLong(Prefix::bytes).reversed().thenComparing(Prefix::prefix));
    if (all.size() <= PREFIXES) {
      return all;
    }
    Prefix rest =
        all.subList(PREFIXES, all.size()).stream()
            .reduce(new Prefix(OTHER, 0, 0, 0, 0), KeySizeEstimate::sum);
    List<Prefix> most = new ArrayList<>(all.subList(0, PREFIXES));
    most.add(rest);
    return most;
  }

  private static Prefix scaled(String name, long[] sum, double each) {
    return new Prefix(
        name,
        Math.round(sum[0] * each),
        Math.round(sum[1] * each),
        Math.round(sum[2] * each),
        sum[0]);
  }

  private static Prefix sum(Prefix one, Prefix two) {
    return new Prefix(
        one.prefix(),
        one.keys() + two.keys(),
        one.bytes() + two.bytes(),
        one.forever() + two.forever(),
        one.seen() + two.seen());
  }

  /** What stands before the first colon when it is a name; it becomes a label of metrics. */
  static String prefix(String key) {
    Matcher name = PREFIX.matcher(key);
    return name.matches() ? name.group(1) : NONE;
  }
}
