package routes.stores.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * What a Redis server says of itself in {@code INFO}. What it does not say is an empty text: some
 * hosted servers hide fields.
 */
public record RedisInfo(Map<String, String> fields) {

  /** What a person should know, and what to do about it. */
  public record Warning(String what, String mend) {}

  /**
   * @param info lines of {@code name:value}; others are passed over
   */
  public static RedisInfo parse(String info) {
    Map<String, String> fields = new HashMap<>();
    info.lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0 && line.charAt(0) != '#') {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
              }
            });
    return new RedisInfo(fields);
  }

  /**
   * @param info as Spring reads it; null is nothing
   */
  public static RedisInfo of(Properties info) {
    Map<String, String> fields = new HashMap<>();
    if (info != null) {
      info.stringPropertyNames().forEach(name -> fields.put(name, info.getProperty(name)));
    }
    return new RedisInfo(fields);
  }

  public String text(String field) {
    return fields.getOrDefault(field, "");
  }

  /** Another one after each start, and on each server. */
  public String runId() {
    return text("run_id");
  }

  /** Settings by which events can be lost that the hub has handed over. */
  public List<Warning> warnings() {
    List<Warning> warnings = new ArrayList<>();
    if (text("aof_enabled").equals("0")) {
      warnings.add(
          new Warning(
              "Redis keeps no append-only file: a restart loses every event since its last snapshot,"
                  + " and only those of the last seconds are relayed again",
              "CONFIG SET appendonly yes, and in redis.conf: appendonly yes, appendfsync everysec"));
    }
    if (text("maxmemory_policy").startsWith("allkeys") && !text("maxmemory").equals("0")) {
      warnings.add(
          new Warning(
              "Redis evicts any key when its memory is full (maxmemory-policy "
                  + text("maxmemory_policy")
                  + "), streams with unread events among them",
              "CONFIG SET maxmemory-policy volatile-ttl, and the same in redis.conf"));
    }
    return List.copyOf(warnings);
  }
}
