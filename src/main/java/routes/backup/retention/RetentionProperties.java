package routes.backup.retention;

import static java.util.Objects.requireNonNullElse;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code hub.retention.*}: which snapshots stay. A snapshot stays when any rule keeps it.
 *
 * @param keepWithin all that are at most this much older than the newest; default 3 days
 * @param keepLast the newest, count, ≥ 1; default 3
 * @param keepHourly one for each of the newest hours that have one, count; default 0
 * @param keepDaily the same for days; default 14
 * @param keepWeekly the same for weeks, Monday to Sunday; default 8
 * @param keepMonthly the same for months; default 12
 * @param keepYearly the same for years; default 3
 * @param minVerified the newest proven ones, count, ≥ 1; default 3
 * @param shrinkLimit nothing goes while the newest snapshot holds less than this share of the bytes
 *     of those before it, 0 to 1; 0: never mind; default 0.5
 * @param zone whose hours and days; default UTC
 * @param sweepGrace how long a chunk that no snapshot names is left lying; default 24 hours
 * @param sources what is different for a source, by its name
 */
@Validated
@ConfigurationProperties("hub.retention")
public record RetentionProperties(
    @NotNull @DefaultValue("3d") Duration keepWithin,
    @DefaultValue("3") int keepLast,
    @DefaultValue("0") int keepHourly,
    @DefaultValue("14") int keepDaily,
    @DefaultValue("8") int keepWeekly,
    @DefaultValue("12") int keepMonthly,
    @DefaultValue("3") int keepYearly,
    @DefaultValue("3") int minVerified,
    @DefaultValue("0.5") double shrinkLimit,
    @NotNull @DefaultValue("UTC") ZoneId zone,
    @NotNull @DefaultValue("24h") Duration sweepGrace,
    Map<String, Source> sources) {

  /** {@code hub.retention.sources.<name>.*}: what is left out is as for all. */
  public record Source(
      Duration keepWithin,
      Integer keepLast,
      Integer keepHourly,
      Integer keepDaily,
      Integer keepWeekly,
      Integer keepMonthly,
      Integer keepYearly,
      Integer minVerified,
      Double shrinkLimit,
      ZoneId zone) {

    private static final Source AS_ALL =
        new Source(null, null, null, null, null, null, null, null, null, null);
  }

  /**
   * @throws IllegalArgumentException naming the key that is out of its bounds
   */
  public RetentionProperties {
    sources = sources == null ? Map.of() : new TreeMap<>(sources);
    if (sweepGrace.isNegative()) {
      throw new IllegalArgumentException("hub.retention.sweep-grace must not be negative");
    }
    Policy all =
        checked(
            "hub.retention",
            () ->
                new Policy(
                    keepWithin,
                    keepLast,
                    keepHourly,
                    keepDaily,
                    keepWeekly,
                    keepMonthly,
                    keepYearly,
                    minVerified,
                    shrinkLimit,
                    zone));
    sources.forEach(
        (name, source) -> checked("hub.retention.sources." + name, () -> different(all, source)));
  }

  /** What holds for a source. */
  public Policy policy(String source) {
    Policy all =
        new Policy(
            keepWithin,
            keepLast,
            keepHourly,
            keepDaily,
            keepWeekly,
            keepMonthly,
            keepYearly,
            minVerified,
            shrinkLimit,
            zone);
    return different(all, sources.getOrDefault(source, Source.AS_ALL));
  }

  private static Policy checked(String key, java.util.function.Supplier<Policy> policy) {
    try {
      return policy.get();
    } catch (IllegalArgumentException e) {
      // Without its cause: what stops the hub is told by the last one, and that would lack the key.
      throw new IllegalArgumentException(key + ": " + e.getMessage());
    }
  }

  private static Policy different(Policy all, Source source) {
    return new Policy(
        requireNonNullElse(source.keepWithin(), all.within()),
        requireNonNullElse(source.keepLast(), all.last()),
        requireNonNullElse(source.keepHourly(), all.hourly()),
        requireNonNullElse(source.keepDaily(), all.daily()),
        requireNonNullElse(source.keepWeekly(), all.weekly()),
        requireNonNullElse(source.keepMonthly(), all.monthly()),
        requireNonNullElse(source.keepYearly(), all.yearly()),
        requireNonNullElse(source.minVerified(), all.minVerified()),
        requireNonNullElse(source.shrinkLimit(), all.shrinkLimit()),
        requireNonNullElse(source.zone(), all.zone()));
  }
}
