package routes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.MicrometerTracingAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.otlp.OtlpTracingAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A collector that is dead costs spans, and nothing else: neither memory nor time of who works. */
class SpanExportTest {

  private static final int MOST_QUEUED = 2_048;
  private static final int SPANS = 50_000;

  @Test
  void whatACollectorThatDoesNotAnswerCannotTakeIsDroppedAndCounted() throws IOException {
    CountDownLatch dead = new CountDownLatch(1);
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/",
        exchange -> {
          await(dead);
          exchange.sendResponseHeaders(400, -1); // what is left over is not sent again and again
          exchange.close();
        });
    collector.start();
    hub(collector.getAddress().getPort())
        .run(
            context -> {
              try {
                dropsAndCounts(
                    context.getBean(MeterRegistry.class),
                    context.getBean(OpenTelemetry.class).getTracer("test"));
              } finally {
                dead.countDown();
              }
            });
    collector.stop(0);
  }

  private static void dropsAndCounts(MeterRegistry meters, Tracer tracer) {
    double most = 0;
    for (int i = 0; i < SPANS; i++) {
      tracer.spanBuilder("work").startSpan().end(); // would never return if it waited
      if (i % 1_000 == 0) {
        most = Math.max(most, meters.get("hub.spans.queued").gauge().value());
      }
    }

    assertThat(most).isBetween(MOST_QUEUED / 2.0, (double) MOST_QUEUED);
    assertThat(meters.get("hub.spans.dropped").functionCounter().count())
        .as("all but those that wait, and some that are on their way")
        .isBetween((double) SPANS - 2 * MOST_QUEUED, (double) SPANS - MOST_QUEUED);
  }

  private static ApplicationContextRunner hub(int port) {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                OpenTelemetryAutoConfiguration.class,
                OpenTelemetryTracingAutoConfiguration.class,
                MicrometerTracingAutoConfiguration.class,
                OtlpTracingAutoConfiguration.class))
        .withUserConfiguration(SpanExport.class)
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withPropertyValues(
            "management.tracing.sampling.probability=1.0",
            "management.otlp.tracing.endpoint=http://127.0.0.1:" + port + "/v1/traces");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
