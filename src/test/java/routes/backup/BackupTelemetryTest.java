package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import routes.HubTest;
import routes.TestTelemetry;
import routes.jobs.Run;

/** A run is one tree, from its root to SQL and S3, and red when the run is. */
class BackupTelemetryTest extends HubTest {

  @Autowired private MeterRegistry meters;

  @Test
  void aBackupIsOneTreeDownToSqlAndS3() {
    Run run = ended(submit("backup.postgres", Map.of("source", "small")).id());
    assertThat(run.state()).as(run.headline()).isEqualTo("succeeded");

    List<SpanData> spans = tree(run);
    Set<String> ids = spans.stream().map(SpanData::getSpanId).collect(Collectors.toSet());
    assertThat(spans)
        .filteredOn(span -> !ids.contains(span.getParentSpanId()))
        .extracting(SpanData::getName)
        .containsExactly("job backup.postgres");
    assertThat(spans)
        .extracting(SpanData::getName)
        .contains(
            "backup.postgres", "pg_dump", "pg_dumpall", "COPY public.accounts", "S3.PutObject");
    assertThat(spans)
        .filteredOn(span -> span.getName().startsWith("COPY") || span.getName().startsWith("S3"))
        .allMatch(span -> span.getKind() == SpanKind.CLIENT)
        // A HEAD that finds nothing is an answer.
        .allMatch(span -> span.getStatus().getStatusCode() == StatusCode.UNSET);
    assertThat(spans.toString()).doesNotContain(TestSources.SMALL.password(), "SELECT", "jdbc:");
    assertThat(
            meters
                .get("hub.job.runs")
                .tags("job_id", "backup.postgres", "state", "succeeded")
                .counter()
                .count())
        .isPositive();
  }

  @Test
  void aFailedRunIsRedInItsRootAndItsMetric() {
    double before = failures();

    Run run = ended(submit("backup.postgres", Map.of("source", "poor")).id());

    assertThat(run.state()).isEqualTo("failed");
    SpanData root =
        tree(run).stream()
            .filter(span -> !span.getParentSpanContext().isValid())
            .findFirst()
            .orElseThrow();
    assertThat(root.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(failures()).isEqualTo(before + 1);
  }

  private double failures() {
    return meters
        .get("hub.job.runs")
        .tags("job_id", "backup.postgres", "state", "failed")
        .counter()
        .count();
  }

  private static List<SpanData> tree(Run run) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> TestTelemetry.ofTrace(run.traceId()),
            spans -> spans.stream().anyMatch(span -> !span.getParentSpanContext().isValid()));
  }
}
