package routes.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.stereotype.Component;

/**
 * Spans of what Camel cannot see: COPY streams, child processes. Names and attributes hold no
 * values, no SQL text and no personal data.
 */
@Component
public class Spans {

  private static final TextMapGetter<Map<String, String>> CARRIER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> carrier) {
          return carrier.keySet();
        }

        @Override
        public String get(Map<String, String> carrier, String name) {
          return carrier.get(name);
        }
      };

  private final Tracer tracer;

  public Spans(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer("ml-security-hub");
  }

  public Tracer tracer() {
    return tracer;
  }

  /**
   * Does the work inside a span that is current on this thread and ends with it; a failure marks it
   * as an error.
   */
  public <T> T in(String name, SpanKind kind, Map<String, String> attributes, Callable<T> work)
      throws Exception {
    Span span = tracer.spanBuilder(name).setSpanKind(kind).startSpan();
    attributes.forEach(span::setAttribute);
    try (Scope ignored = span.makeCurrent()) {
      return work.call();
    } catch (Exception e) {
      fail(span, e);
      throw e;
    } finally {
      span.end();
    }
  }

  /** Marks a span as failed by its exception's class: messages may hold values. */
  public static void fail(Span span, Throwable failure) {
    span.setAttribute("error.type", failure.getClass().getName());
    span.setStatus(StatusCode.ERROR, failure.getClass().getSimpleName());
  }

  /** Trace id of the span that is current on this thread, or null. */
  public static String currentTraceId() {
    var context = Span.current().getSpanContext();
    return context.isValid() ? context.getTraceId() : null;
  }

  /**
   * Where work goes on that was asked for elsewhere: in a ledger's row, in an event's envelope.
   *
   * @param traceparent W3C trace context; null or nonsense: a new trace begins
   */
  public static Context after(String traceparent) {
    return W3CTraceContextPropagator.getInstance()
        .extract(
            Context.root(),
            traceparent == null ? Map.of() : Map.of("traceparent", traceparent),
            CARRIER);
  }

  /** The current span as a {@code traceparent} header's value, or null. */
  public static String currentTraceparent() {
    return traceparent(Span.current());
  }

  static String traceparent(Span span) {
    var context = span.getSpanContext();
    return context.isValid()
        ? "00-%s-%s-%s"
            .formatted(context.getTraceId(), context.getSpanId(), context.getTraceFlags().asHex())
        : null;
  }
}
