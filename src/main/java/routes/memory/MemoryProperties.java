package routes.memory;

import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code hub.memory}: the watch over Redis' memory.
 *
 * @param keys that one look weighs, 1 to 10,000
 * @param tight share of {@code maxmemory} from which it is told, above 0, below {@code full}
 * @param full share from which it is told as critical, at most 1
 * @param shown prefixes of keys that may be shown whole; all other keys, which may name people or
 *     sessions, are shown by prefix and a hash
 */
@ConfigurationProperties("hub.memory")
record MemoryProperties(
    @DefaultValue("300") int keys,
    @DefaultValue("0.8") double tight,
    @DefaultValue("0.95") double full,
    @DefaultValue({"prediction", "events"}) Set<String> shown) {

  MemoryProperties {
    shown = Set.copyOf(new TreeSet<>(shown));
    if (keys < 1 || keys > 10_000) {
      throw new IllegalArgumentException(
          "hub.memory.keys is " + keys + " but must be from 1 to 10000");
    }
    if (!(tight > 0 && tight < full && full <= 1)) {
      throw new IllegalArgumentException(
          ("hub.memory.tight is %s and hub.memory.full %s but they must be shares, such as 0.8 "
                  + "and 0.95, the first below the second")
              .formatted(tight, full));
    }
  }
}
