package routes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import routes.Api;
import routes.HubTest;
import routes.TestTelemetry;
import routes.backup.TestSources;
import routes.jobs.ledger.Run;
import routes.messaging.deadletters.DeadLetters;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * One trace from the request through the ledger, the routes, seda and S3 to the event; and what
 * failed for good is red in it, whatever Camel's own counters say.
 */
class OneTraceTest extends HubTest {

  @Autowired private MeterRegistry meters;
  @Autowired private ProducerTemplate template;
  @Autowired private S3Client s3;

  @Test
  void aRequestsTraceGoesOnInTheRunItsObjectsAndItsEvent() {
    String trace = UUID.randomUUID().toString().replace("-", "");

    Api.Answer asked =
        admin()
            .post(
                "/api/jobs/backup.postgres/runs?overlap=queue",
                "{\"source\": \"small\"}",
                "traceparent",
                "00-" + trace + "-00f067aa0ba902b7-01");

    assertThat(asked.status()).as(asked.toString()).isEqualTo(202);
    assertThat(asked.text("/traceId")).as("from when it is queued").isEqualTo(trace);
    assertThat(asked.text("/trace")).isEqualTo("/api/traces/" + trace);
    Run run = ended(UUID.fromString(asked.text("/id")));
    assertThat(run.state()).as(run.headline()).isEqualTo("succeeded");
    assertThat(run.traceId()).isEqualTo(trace);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(TestTelemetry.ofTrace(trace))
                    .extracting(SpanData::getName)
                    .contains(
                        "http post /api/jobs/{job}/runs", "job backup.postgres", "S3.PutObject"));
    String snapshot = run.summary().path("snapshot").asText();
    assertThat(snapshot).isNotEmpty();
    List<String> keys =
        s3.listObjectsV2Paginator(list -> list.bucket(TestSources.BUCKET)).contents().stream()
            .map(S3Object::key)
            .toList();
    assertThat(keys.stream().filter(key -> key.contains(snapshot)))
        .isNotEmpty()
        .allSatisfy(key -> assertThat(traceOf(key)).contains(trace));
    assertThat(keys.stream().filter(key -> key.contains("chunks/")))
        .as("chunks are the same bytes whoever sent them")
        .isNotEmpty()
        .allSatisfy(key -> assertThat(traceOf(key)).isNull());
    assertThat(
            jdbc.sql(
                    "SELECT envelope ->> 'traceparent' FROM hub.outbox"
                        + " WHERE envelope ->> 'traceparent' LIKE :trace")
                .param("trace", "00-" + trace + "-%")
                .query(String.class)
                .list())
        .as("events of the run")
        .isNotEmpty();
  }

  @Test
  void aTraceThatIsNotKeptHasNoSpansAndItsIdStays() {
    String trace = UUID.randomUUID().toString().replace("-", "");
    String next = UUID.randomUUID().toString().replace("-", "");

    Api.Answer refused =
        admin().get("/api/runs/no-uuid", "traceparent", "00-" + trace + "-00f067aa0ba902b7-00");
    Api.Answer kept =
        admin().get("/api/runs/no-uuid", "traceparent", "00-" + next + "-00f067aa0ba902b7-01");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("/traceId")).isEqualTo(trace);
    assertThat(kept.text("/traceId")).isEqualTo(next);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(TestTelemetry.ofTrace(next))
                    .extracting(SpanData::getName)
                    .contains("http get /api/runs/{id}"));
    assertThat(TestTelemetry.ofTrace(trace)).isEmpty();
  }

  private String traceOf(String key) {
    return s3.headObject(head -> head.bucket(TestSources.BUCKET).key(key))
        .metadata()
        .get("traceparent");
  }

  @Test
  void whoReadsAnEventGoesOnInItsTrace() {
    String trace = UUID.randomUUID().toString().replace("-", "");

    try (Scope ignored = Spans.after("00-" + trace + "-00f067aa0ba902b7-01").makeCurrent()) {
      assertThat(Spans.currentTraceId()).isEqualTo(trace);
    }
    try (Scope ignored = Spans.after("nonsense").makeCurrent()) {
      assertThat(Spans.currentTraceId()).isNull();
    }
  }

  @Test
  void sedaCarriesTheTrace() {
    String trace = UUID.randomUUID().toString().replace("-", "");

    template.sendBodyAndHeader(
        "direct:test.seda", "x", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01");

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(TestTelemetry.ofTrace(trace))
                    .extracting(SpanData::getName, SpanData::getKind)
                    .contains(
                        org.assertj.core.groups.Tuple.tuple("test.seda.later", SpanKind.PRODUCER),
                        org.assertj.core.groups.Tuple.tuple("test.seda.later", SpanKind.CONSUMER)));
  }

  @Test
  void aMessageThatFailsForGoodIsKeptAndIsAFailureInMetricsAndTrace() {
    String trace = UUID.randomUUID().toString().replace("-", "");
    String id = UUID.randomUUID().toString();
    double failed = outcome("test.message", "failed");
    double succeeded = outcome("test.message", "succeeded");

    Exchange exchange = message(id, trace, "bad");

    assertThat(exchange.getException()).as("the route goes on to the next one").isNull();
    assertThat(
            jdbc.sql(
                    "SELECT convert_from(body, 'UTF8') FROM hub.dead_letter WHERE message_id = :id")
                .param("id", id)
                .query(String.class)
                .single())
        .isEqualTo("bad");
    assertThat(outcome("test.message", "failed")).isEqualTo(failed + 1);
    assertThat(outcome("test.message", "succeeded")).isEqualTo(succeeded);
    SpanData span =
        TestTelemetry.ofTrace(trace).stream()
            .filter(each -> each.getName().equals("test.message"))
            .findFirst()
            .orElseThrow();
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span.toString()).as("no values").doesNotContain("secret@example.org");

    message(UUID.randomUUID().toString(), trace, "good");
    assertThat(outcome("test.message", "succeeded")).isEqualTo(succeeded + 1);
  }

  @Test
  void aRunThatLeavesADeadLetterHasFailed() {
    Run run = ended(submit("test.letters", Map.of("text", UUID.randomUUID().toString())).id());

    assertThat(run.state()).isEqualTo("failed");
    assertThat(run.headline()).isEqualTo("1 messages failed permanently and wait as dead letters");
    assertThat(run.attempt()).isEqualTo(1);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(TestTelemetry.ofTrace(run.traceId()))
                    .filteredOn(span -> span.getName().equals("job test.letters"))
                    .extracting(span -> span.getStatus().getStatusCode())
                    .containsExactly(StatusCode.ERROR));
  }

  @Test
  void aRouteOfWhichAPartBecameADeadLetterHasFailed() {
    double whole = outcome("test.letters", "failed");
    double bad = outcome("test.message", "failed");
    double good = outcome("test.message", "succeeded");

    Run run = ended(submit("test.letters", Map.of("text", UUID.randomUUID().toString())).id());

    assertThat(outcome("test.letters", "failed")).isEqualTo(whole + 1);
    assertThat(outcome("test.message", "failed")).isEqualTo(bad + 1);
    assertThat(outcome("test.message", "succeeded")).as("the others are not").isEqualTo(good + 2);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(TestTelemetry.ofTrace(run.traceId()))
                    .filteredOn(span -> span.getName().equals("test.letters"))
                    .isNotEmpty()
                    .allMatch(span -> span.getStatus().getStatusCode() == StatusCode.ERROR));
  }

  @Test
  void aCallersMistakeIsRefusedAndNotFailed() {
    double refused = outcome("own.page", "refused");
    double failed = outcome("own.page", "failed");

    assertThat(admin().get("/hooks/page?unknown=1").status()).isEqualTo(400);

    await().atMost(PATIENCE).until(() -> outcome("own.page", "refused") == refused + 1);
    assertThat(outcome("own.page", "failed")).isEqualTo(failed);
  }

  private Exchange message(String id, String trace, String body) {
    return template.send(
        "direct:test.message",
        exchange -> {
          exchange.getMessage().setBody(body);
          exchange.getMessage().setHeader("traceparent", "00-" + trace + "-00f067aa0ba902b7-01");
          exchange.setProperty(
              DeadLetters.LETTER,
              new DeadLetters.Letter(
                  id,
                  "test.message",
                  body.getBytes(StandardCharsets.UTF_8),
                  "text/plain",
                  Map.of()));
        });
  }

  private double outcome(String route, String outcome) {
    var counter =
        meters.find("hub.route.exchanges").tags("route_id", route, "outcome", outcome).counter();
    return counter == null ? 0 : counter.count();
  }
}
