package routes.memory;

import java.util.HashMap;
import java.util.Map;

/**
 * What Redis says of itself.
 *
 * @param usedBytes of its data and buffers
 * @param maxBytes that it may use: {@code maxmemory}, or the machine's memory when that is 0
 * @param limited whether there is a {@code maxmemory}
 * @param policy what goes when it is full, such as {@code volatile-ttl}
 * @param fragmentation memory of the process per used byte
 * @param evicted keys that went because it was full, since it started
 * @param run names its life: another one after each start
 */
record MemoryInfo(
    long usedBytes,
    long maxBytes,
    boolean limited,
    String policy,
    double fragmentation,
    long evicted,
    String run) {

  /**
   * @param info the answer to {@code INFO}
   * @throws IllegalArgumentException when it lacks a number that every Redis from 6 on gives
   */
  static MemoryInfo of(String info) {
    Map<String, String> told = new HashMap<>();
    for (String line : info.split("\r?\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        told.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    long max = number(told, "maxmemory");
    return new MemoryInfo(
        number(told, "used_memory"),
        max > 0 ? max : number(told, "total_system_memory"),
        max > 0,
        told.getOrDefault("maxmemory_policy", "noeviction"),
        Double.parseDouble(told.getOrDefault("mem_fragmentation_ratio", "0")),
        number(told, "evicted_keys"),
        told.getOrDefault("run_id", ""));
  }

  /** Share of its memory that is used. */
  double share() {
    return maxBytes == 0 ? 0 : (double) usedBytes / maxBytes;
  }

  private static long number(Map<String, String> told, String name) {
    String text = told.get(name);
    if (text == null) {
      throw new IllegalArgumentException("INFO of Redis lacks " + name);
    }
    return Long.parseLong(text);
  }
}
