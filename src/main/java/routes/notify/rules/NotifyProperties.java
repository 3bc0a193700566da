package routes.notify.rules;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * {@code hub.notify.*}: who is told of which events, and how hard it is tried. A wrong value stops
 * the hub and names its key.
 *
 * @param dataLimit of one published event's data as JSON, 1 B to 1 MB; default 64 KB
 * @param keep how long deliveries that ended are kept, 1 h to 1 year; default 7 days
 * @param poll how often a target's waiting deliveries are looked for, 10 ms to 1 min; default 1 s
 * @param lease how long a delivery belongs to the hub that took it, longer than every target's
 *     timeout; default 2 min
 * @param rotation how long webhooks are signed with a secret that a file no longer holds, too;
 *     default 1 day
 * @param allow hosts, addresses and CIDRs that webhooks may go to although they are private
 * @param retry what follows a failed attempt
 * @param rules by name, 500 at most; an event goes once to each target, by its first rule by name
 * @param targets by name, 100 at most
 */
@ConfigurationProperties("hub.notify")
public record NotifyProperties(
    @DefaultValue("64KB") DataSize dataLimit,
    @DefaultValue("7d") Duration keep,
    @DefaultValue("1s") Duration poll,
    @DefaultValue("2m") Duration lease,
    @DefaultValue("1d") Duration rotation,
    @DefaultValue List<String> allow,
    @DefaultValue Retry retry,
    Map<String, Rule> rules,
    Map<String, Target> targets) {

  /**
   * Attempts with growing waits.
   *
   * @param attempts in all, 1 to 100; default 10
   * @param first wait after the first failed attempt; default 5 s
   * @param factor each wait is so much longer than the one before, 1 to 10; default 3
   * @param longest wait, also where a target's Retry-After asks for more; default 1 h
   */
  public record Retry(
      @DefaultValue("10") int attempts,
      @DefaultValue("5s") Duration first,
      @DefaultValue("3") double factor,
      @DefaultValue("1h") Duration longest) {

    public Retry {
      String key = "hub.notify.retry.";
      Assert.isTrue(attempts >= 1 && attempts <= 100, key + "attempts must be 1 to 100");
      Assert.isTrue(
          first.toMillis() >= 1 && first.compareTo(longest) <= 0,
          key + "first must be 1ms or more, and not over 'longest'");
      Assert.isTrue(factor >= 1 && factor <= 10, key + "factor must be 1 to 10");
      Assert.isTrue(longest.toDays() <= 7, key + "longest must be 7d at most");
    }
  }

  public NotifyProperties {
    String key = "hub.notify.";
    Assert.isTrue(
        dataLimit.toBytes() >= 1 && dataLimit.toBytes() <= 1 << 20,
        key + "data-limit must be 1B to 1MB");
    Assert.isTrue(keep.toHours() >= 1 && keep.toDays() <= 366, key + "keep must be 1h to 366d");
    Assert.isTrue(
        poll.toMillis() >= 10 && poll.toSeconds() <= 60, key + "poll must be 10ms to 60s");
    Assert.isTrue(
        !rotation.isNegative() && rotation.toDays() <= 31, key + "rotation must be 0 to 31d");
    allow = List.copyOf(allow);
    AddressGuard.check(allow);
    rules = rules == null ? Map.of() : new TreeMap<>(rules);
    targets = targets == null ? Map.of() : new TreeMap<>(targets);
    Assert.isTrue(rules.size() <= 500, key + "rules may hold 500 rules");
    Assert.isTrue(targets.size() <= 100, key + "targets may hold 100 targets");
    targets.forEach((name, target) -> target.check(key + "targets." + name, name));
    for (var target : targets.entrySet()) {
      Assert.isTrue(
          lease.compareTo(target.getValue().timeout().plusSeconds(1)) > 0,
          key + "lease must be longer than " + key + "targets." + target.getKey() + ".timeout");
    }
    for (var rule : rules.entrySet()) {
      rule.getValue().check(key + "rules." + rule.getKey(), rule.getKey(), targets.keySet());
    }
  }
}
