package routes.backup.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import routes.kernel.errors.NotFoundException;
import routes.stores.postgres.ConnectionProperties;
import routes.stores.postgres.PostgresAddress;

/**
 * {@code hub.sources.<name>} and {@code hub.targets.<name>}: the databases that are backed up, and
 * the servers where a restore may create new ones. A wrong URL stops the hub and names its key.
 *
 * @param sources by name, {@code [a-z0-9][a-z0-9-]{0,62}}
 * @param targets by name; the database in the URL is only the one to connect to first
 */
@ConfigurationProperties("hub")
public record Sources(
    Map<String, ConnectionProperties> sources, Map<String, ConnectionProperties> targets) {

  public Sources {
    sources = sources == null ? Map.of() : new TreeMap<>(sources);
    targets = targets == null ? Map.of() : new TreeMap<>(targets);
    sources.forEach((name, database) -> check("hub.sources." + name, name, database));
    targets.forEach((name, server) -> check("hub.targets." + name, name, server));
  }

  private static void check(String key, String name, ConnectionProperties connection) {
    if (!name.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException(
          key + ": a name is 1 to 63 of a-z, 0-9 and '-', not beginning with '-'");
    }
    connection.address(key);
  }

  public List<String> names() {
    return List.copyOf(sources.keySet());
  }

  public List<String> targetNames() {
    return List.copyOf(targets.keySet());
  }

  /**
   * @throws NotFoundException when no source has that name
   */
  public PostgresAddress source(String name) {
    ConnectionProperties found = sources.get(name);
    if (found == null) {
      throw new NotFoundException("source", name, "set hub.sources." + name + ".url");
    }
    return found.address("hub.sources." + name);
  }

  /**
   * @throws NotFoundException when no target has that name
   */
  public PostgresAddress target(String name) {
    ConnectionProperties found = targets.get(name);
    if (found == null) {
      throw new NotFoundException("target", name, "set hub.targets." + name + ".url");
    }
    return found.address("hub.targets." + name);
  }

  @Override
  public String toString() {
    return "hub.sources" + sources.keySet() + ", hub.targets" + targets.keySet();
  }
}
