package routes.backup.repositories;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import routes.backup.repositories.Repositories.Location;
import routes.stores.s3.S3Properties;

/**
 * {@code hub.copies.<name>}: second places for backups. A wrong URL stops the hub and names its
 * key.
 *
 * @param copies by name, {@code [a-z0-9][a-z0-9-]{0,62}}
 */
@ConfigurationProperties("hub")
public record CopyProperties(Map<String, Place> copies) {

  /**
   * @param url {@code s3://bucket/prefix} or {@code file:/folder}
   * @param s3 how the bucket is reached; null: by {@code hub.s3}
   */
  public record Place(String url, S3Properties s3) {}

  public CopyProperties {
    copies = copies == null ? Map.of() : new TreeMap<>(copies);
    copies.forEach(CopyProperties::check);
  }

  private static void check(String name, Place place) {
    String key = "hub.copies." + name;
    if (!name.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException(
          key + ": a name is 1 to 63 of a-z, 0-9 and '-', not beginning with '-'");
    }
    if (place.url() == null || place.url().isBlank()) {
      throw new IllegalArgumentException(
          key + ".url is missing: s3://bucket/prefix or file:/folder");
    }
    Location.check(key + ".url", place.url());
  }

  public List<String> names() {
    return List.copyOf(copies.keySet());
  }
}
