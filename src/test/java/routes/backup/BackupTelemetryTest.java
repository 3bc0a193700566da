package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import routes.HubTest;
import routes.TestTelemetry;
import routes.jobs.ledger.Run;

/** A run is one tree, from its root to SQL and S3, and red when the run is. */
class BackupTelemetryTest extends HubTest {

  @Autowired private MeterRegistry meters;
  @Autowired private BackupMetrics metrics;

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

  @Test
  void aBackupAndItsProofAreMetricsOfTheirSource() {
    ended(submit("backup.postgres", Map.of("source", "small")).id());
    ended(submit("backup.drill", Map.of("source", "small")).id());

    metrics.refresh();

    Map<String, Object> row =
        jdbc.sql(
                "SELECT extract(epoch FROM taken_at)::float8 AS taken, row_count, rto_ms,"
                    + " extract(epoch FROM drilled_at)::float8 AS proven FROM hub.snapshot"
                    + " WHERE source = 'small' ORDER BY taken_at DESC LIMIT 1")
            .query()
            .singleRow();
    assertThat(gauge("taken.timestamp", "small"))
        .isEqualTo((double) row.get("taken"), within(1e-3));
    assertThat(gauge("proven.timestamp", "small"))
        .isEqualTo((double) row.get("proven"), within(1e-3));
    assertThat(gauge("rows", "small")).isEqualTo(((Number) row.get("row_count")).doubleValue());
    assertThat(gauge("rto", "small"))
        .isEqualTo(((Number) row.get("rto_ms")).doubleValue() / 1000, within(1e-3));
    assertThat(gauge("age", "small"))
        .isEqualTo(Instant.now().getEpochSecond() - (double) row.get("taken"), within(60.0));
    assertThat(gauge("proven.age", "small")).isBetween(0.0, 60.0);
    assertThat(gauge("size.ratio", "small"))
        .isEqualTo(gauge("plain", "small") / gauge("stored", "small"), within(1e-6))
        .isGreaterThan(1);
    assertThat(gauge("last.outcome", "small")).isEqualTo(1);
    assertThat(gauge("drill.last.outcome", "small")).isEqualTo(1);
    // A source that was never backed up is there, so that its age alarms.
    assertThat(gauge("taken.timestamp", "poor")).isZero();
    assertThat(gauge("age", "poor")).isInfinite();
    assertThat(gauge("size.ratio", "poor")).isNaN();
  }

  @Test
  void aSourceWhoseBackupFailedSaysSo() {
    ended(submit("backup.postgres", Map.of("source", "poor")).id());

    metrics.refresh();

    assertThat(gauge("last.outcome", "poor")).isZero();
    assertThat(gauge("drill.last.outcome", "poor")).isNaN();
  }

  private double gauge(String name, String source) {
    return meters.get("hub.backup." + name).tag("source", source).gauge().value();
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
