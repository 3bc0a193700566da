package routes;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** Keeps the spans of the tests' hub, to be looked at by trace id. */
@TestConfiguration(proxyBeanMethods = false)
public class TestTelemetry {

  public static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();

  @Bean
  SimpleSpanProcessor keepsSpans() {
    return (SimpleSpanProcessor) SimpleSpanProcessor.create(SPANS);
  }

  public static List<SpanData> ofTrace(String traceId) {
    return SPANS.getFinishedSpanItems().stream()
        .filter(span -> span.getTraceId().equals(traceId))
        .toList();
  }
}
