package routes.web.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.autoconfigure.tracing.TracingProperties;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import routes.HubTest;
import routes.telemetry.Spans;
import routes.telemetry.TraceSampling;
import routes.telemetry.TracesProperties;
import routes.web.security.Role;

/** Which requests' traces are kept, with a share of none and of all. */
class FrequentRequestsTest extends HubTest {

  @Autowired private Operations operations;

  private static Tracer tracer(double share) {
    TracingProperties tracing = new TracingProperties();
    tracing.getSampling().setProbability(1);
    return SdkTracerProvider.builder()
        .setSampler(new TraceSampling().sampler(tracing, new TracesProperties(share)))
        .build()
        .get("test");
  }

  private boolean isKept(Tracer tracer, String method, String path) throws Exception {
    AtomicBoolean kept = new AtomicBoolean();
    new FrequentRequests(operations)
        .doFilter(
            new MockHttpServletRequest(method, path),
            new MockHttpServletResponse(),
            (request, response) -> kept.set(isKept(tracer, Context.root())));
    return kept.get();
  }

  private static boolean isKept(Tracer tracer, Context parent) {
    Span span = tracer.spanBuilder("a request").setParent(parent).startSpan();
    span.end();
    return span.getSpanContext().isSampled();
  }

  @Test
  void whatChangesSomethingIsKeptAndOfTheRestAShare() throws Exception {
    Tracer none = tracer(0);
    Tracer all = tracer(1);
    List<String> kept = new ArrayList<>();
    List<String> shared = new ArrayList<>();
    for (Operation operation : operations.all()) {
      boolean often =
          operation.method().equals("GET")
              || (operation.role() == Role.SERVICE && !operation.isIdempotentByKey());
      assertThat(isKept(none, operation.method(), operation.path()))
          .as(operation.id())
          .isEqualTo(!often);
      assertThat(isKept(all, operation.method(), operation.path())).as(operation.id()).isTrue();
      (often ? shared : kept).add(operation.id());
    }
    assertThat(kept).contains("jobs.run", "runs.cancel", "notifications.publish");
    assertThat(shared).contains("runs.list", "predictions.lookup", "sessions.put");
    assertThat(isKept(none, Context.root())).as("after a request").isTrue();
  }

  @Test
  void aCallerHasTheLastWord() throws Exception {
    Tracer none = tracer(0);
    String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-";
    TraceSampling.often();
    try {
      assertThat(isKept(none, Spans.after(trace + "01"))).isTrue();
      assertThat(isKept(tracer(1), Spans.after(trace + "00"))).isFalse();
    } finally {
      TraceSampling.seldom();
    }
  }

  @Test
  void aShareIsOfOne() {
    for (double share : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> tracer(share)).hasMessageContaining("hub.traces.requests");
    }
  }
}
