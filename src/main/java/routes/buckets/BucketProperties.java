package routes.buckets;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code hub.buckets.<name>}: buckets that {@code buckets.apply} makes, on the server of {@code
 * hub.s3}. A wrong value stops the hub and names its key.
 *
 * @param buckets by name: 3 to 63 of a-z, 0-9, '-' and '.', as S3 has it
 */
@ConfigurationProperties("hub")
record BucketProperties(Map<String, Bucket> buckets) {

  private static final Duration DAY = Duration.ofDays(1);

  /**
   * How one bucket is.
   *
   * @param versioned what is overwritten or deleted stays as an older version; default false
   * @param locked older versions cannot be deleted before their time; wants a server that has
   *     object lock, implies {@code versioned}; default false
   * @param lockFor how long a version is locked from its writing, in whole days; 0: only what asks
   *     for it; default 0
   * @param keepDeleted older versions go after this, in whole days; 0: never; default 0
   */
  record Bucket(
      @DefaultValue("false") boolean versioned,
      @DefaultValue("false") boolean locked,
      @DefaultValue("0d") Duration lockFor,
      @DefaultValue("0d") Duration keepDeleted) {

    Bucket {
      versioned = versioned || locked;
    }

    int lockDays() {
      return (int) lockFor.toDays();
    }

    int keepDays() {
      return (int) keepDeleted.toDays();
    }
  }

  BucketProperties {
    buckets = buckets == null ? Map.of() : new TreeMap<>(buckets);
    buckets.forEach(BucketProperties::check);
  }

  private static void check(String name, Bucket bucket) {
    String key = "hub.buckets." + name;
    if (!name.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]") || name.contains("..")) {
      throw new IllegalArgumentException(
          key + ": a bucket's name is 3 to 63 of a-z, 0-9, '-' and '.'; in YAML write [na.me]");
    }
    wholeDays(key + ".lock-for", bucket.lockFor());
    wholeDays(key + ".keep-deleted", bucket.keepDeleted());
    if (bucket.lockDays() > 0 && !bucket.locked()) {
      throw new IllegalArgumentException(key + ".lock-for wants " + key + ".locked=true");
    }
    if (bucket.keepDays() > 0 && !bucket.versioned()) {
      throw new IllegalArgumentException(key + ".keep-deleted wants " + key + ".versioned=true");
    }
  }

  private static void wholeDays(String key, Duration value) {
    if (value.isNegative()
        || !DAY.multipliedBy(value.toDays()).equals(value)
        || value.toDays() > 36_500) {
      throw new IllegalArgumentException(
          key + " is " + value + " but must be whole days, such as 30d; 0d to 36500d");
    }
  }
}
