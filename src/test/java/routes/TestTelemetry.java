package routes;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import routes.telemetry.ExchangeOutcome;

/** Keeps the spans of the tests' hub, to be looked at by trace id. */
@TestConfiguration(proxyBeanMethods = false)
public class TestTelemetry {

  public static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();

  @Bean
  SimpleSpanProcessor keepsSpans() {
    return (SimpleSpanProcessor) SimpleSpanProcessor.create(SPANS);
  }

  /** Exchange property: goes through its route without a step being done. */
  public static final String HOLLOW = "hollow";

  private static final Map<String, LongAdder> DONE = new ConcurrentHashMap<>();

  /** How many exchanges a route of the shared hub has brought to a good end, for a test. */
  static long done(String routeId) {
    LongAdder count = DONE.get(routeId);
    return count == null ? 0 : count.sum();
  }

  @Bean
  RoutePolicyFactory countsWhatTestsDid() {
    return (context, routeId, route) ->
        new RoutePolicySupport() {
          @Override
          public void onExchangeDone(Route done, Exchange exchange) {
            boolean good = ExchangeOutcome.of(exchange).equals("succeeded");
            if (good && exchange.getProperty(HOLLOW) == null) {
              DONE.computeIfAbsent(routeId, id -> new LongAdder()).increment();
            }
          }
        };
  }

  @Bean
  InterceptStrategy letsHollowExchangesThrough() {
    return (context, definition, target, next) ->
        new DelegateAsyncProcessor(target) {
          @Override
          public boolean process(Exchange exchange, AsyncCallback callback) {
            if (exchange.getProperty(HOLLOW) == null) {
              return super.process(exchange, callback);
            }
            callback.done(true);
            return true;
          }
        };
  }

  public static List<SpanData> ofTrace(String traceId) {
    return SPANS.getFinishedSpanItems().stream()
        .filter(span -> span.getTraceId().equals(traceId))
        .toList();
  }
}
