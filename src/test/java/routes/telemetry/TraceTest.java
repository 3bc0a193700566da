package routes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import routes.Api;
import routes.HubTest;
import routes.TestTelemetry;

/** One request, one trace: the caller's, when it has one. */
class TraceTest extends HubTest {

  @Test
  void aCallersTraceGoesOnThroughCamel() {
    String trace = UUID.randomUUID().toString().replace("-", "");
    String parent = "00f067aa0ba902b7";

    Api.Answer answer =
        admin().get("/hooks/page?unknown=1", "traceparent", "00-" + trace + "-" + parent + "-01");

    assertThat(answer.text("/traceId")).isEqualTo(trace);
    List<SpanData> all = tree(trace);
    assertThat(all.stream().filter(span -> span.getParentSpanId().equals(parent)))
        .as("only the server's span hangs on the caller's")
        .hasSize(1);
  }

  @Test
  void withoutOneARequestIsOneNewTrace() {
    Api.Answer answer = admin().get("/hooks/page?unknown=1");

    List<SpanData> all = tree(answer.text("/traceId"));
    assertThat(all.stream().filter(span -> !span.getParentSpanContext().isValid())).hasSize(1);
  }

  @Test
  void nonsenseIsIgnored() {
    Api.Answer answer = admin().get("/api/runs/1", "traceparent", "00-zz-zz-01");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/traceId")).matches("[0-9a-f]{32}");
  }

  /** Waits for Camel's and the server's spans, and sees that every parent is among them. */
  private List<SpanData> tree(String trace) {
    List<SpanData> all =
        await()
            .atMost(PATIENCE)
            .until(
                () -> TestTelemetry.ofTrace(trace),
                found ->
                    found.stream().anyMatch(span -> span.getKind() == SpanKind.SERVER)
                        && found.stream().anyMatch(span -> span.getName().equals("/hooks/page")));
    Set<String> ids = all.stream().map(SpanData::getSpanId).collect(Collectors.toSet());
    assertThat(all).extracting(SpanData::getName).noneMatch(name -> name.contains("security"));
    assertThat(all.stream().filter(span -> !ids.contains(span.getParentSpanId()))).hasSize(1);
    return all;
  }
}
