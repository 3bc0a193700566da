package routes.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What of Camel's own metrics is kept: one series per route, none that counts the same thing again,
 * no label whose values nobody bounds.
 */
@Configuration(proxyBeanMethods = false)
class SeriesLimits {

  /**
   * Bounds of a route's time, in ns: from a cached answer to what a caller no longer waits for.
   * Six, for every route has each of them; jobs, which take longer, have ten of their own.
   */
  private static final double[] BUCKETS =
      Stream.of(10, 50, 250, 1_000, 5_000, 30_000)
          .mapToDouble(millis -> Duration.ofMillis(millis).toNanos())
          .toArray();

  @Bean
  MeterFilter camelCountsOnce() {
    return new MeterFilter() {
      @Override
      public MeterFilterReply accept(Meter.Id id) {
        return isTwice(id) || isIdle(id.getName())
            ? MeterFilterReply.DENY
            : MeterFilterReply.NEUTRAL;
      }
    };
  }

  @Bean
  MeterFilter routeTimesHaveBuckets() {
    return new MeterFilter() {
      @Override
      public DistributionStatisticConfig configure(
          Meter.Id id, DistributionStatisticConfig config) {
        return id.getName().equals("camel.route.policy")
            ? DistributionStatisticConfig.builder()
                .serviceLevelObjectives(BUCKETS)
                .build()
                .merge(config)
            : config;
      }
    };
  }

  /** Nobody looks at them, or {@code hub_route_exchanges_total} tells the same and is right. */
  private static boolean isIdle(String name) {
    return name.equals("camel.exchanges.succeeded")
        || name.equals("camel.exchanges.failures.handled")
        || name.equals("camel.exchanges.external.redeliveries");
  }

  private static boolean isTwice(Meter.Id id) {
    return id.getName().startsWith("camel.exchanges") && "context".equals(id.getTag("eventType"));
  }
}
