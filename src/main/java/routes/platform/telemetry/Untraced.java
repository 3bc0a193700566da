package routes.platform.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;

/**
 * Work that goes on for ever in the background and would fill the trace store with one-span traces.
 */
public final class Untraced {

  private static final Span NOT_SAMPLED =
      Span.wrap(
          SpanContext.create(
              "00000000000000000000000000000001",
              "0000000000000001",
              TraceFlags.getDefault(),
              TraceState.getDefault()));

  private Untraced() {}

  /** Runs it under a parent that was not sampled, as its children then are not. */
  public static void run(Runnable work) {
    try (Scope ignored = NOT_SAMPLED.makeCurrent()) {
      work.run();
    }
  }
}
