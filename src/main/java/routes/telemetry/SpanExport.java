package routes.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.util.function.Predicate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What becomes of spans on their way to the collector. At most 2,048 wait (the SDK's batch
 * processor, which Spring Boot makes); while the collector is dead the rest is dropped and counted,
 * and no work waits.
 */
@Configuration(proxyBeanMethods = false)
class SpanExport {

  /** Spring Boot hands it to the batch processor, which tells of itself by these alone. */
  @Bean
  SdkMeterProvider spanQueueMeters(MeterRegistry meters) {
    Reader reader = new Reader();
    Gauge.builder("hub.spans.queued", () -> reader.sum("queueSize", point -> true))
        .description("Spans that wait to be sent to the collector; 2048 at most")
        .register(meters);
    FunctionCounter.builder(
            "hub.spans.dropped", reader, queue -> queue.sum("processedSpans", SpanExport::dropped))
        .description("Spans that were dropped, since too many waited for the collector")
        .register(meters);
    return SdkMeterProvider.builder().registerMetricReader(reader).build();
  }

  private static boolean dropped(LongPointData point) {
    return point.getAttributes().asMap().entrySet().stream()
        .anyMatch(tag -> tag.getKey().getKey().equals("dropped") && tag.getValue().equals(true));
  }

  /** Reads when a scrape asks. */
  private static final class Reader implements MetricReader {

    private volatile CollectionRegistration source = CollectionRegistration.noop();

    private double sum(String metric, Predicate<LongPointData> which) {
      double sum = 0;
      for (MetricData each : source.collectAllMetrics()) {
        if (each.getName().equals(metric)) {
          for (var point : each.getData().getPoints()) {
            if (point instanceof LongPointData whole && which.test(whole)) {
              sum += whole.getValue();
            }
          }
        }
      }
      return sum;
    }

    @Override
    public void register(CollectionRegistration registration) {
      source = registration;
    }

    @Override
    public CompletableResultCode forceFlush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
      return AggregationTemporality.CUMULATIVE;
    }
  }
}
