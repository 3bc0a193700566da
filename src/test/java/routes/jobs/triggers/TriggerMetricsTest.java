package routes.jobs.triggers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import routes.jobs.ledger.LedgerMetrics;

/** What the ledger knows of triggers and of runs that have not ended, as series. */
class TriggerMetricsTest extends DeclaredTriggers {

  @Autowired private TriggerMetrics metrics;
  @Autowired private LedgerMetrics ledger;
  @Autowired private MeterRegistry meters;

  @Test
  void aTriggerThatFailsInARowIsCountedFromItsLastSuccess() throws Exception {
    declare("0 0 0 1 1 ?", Map.of("maxAge", "26h"));
    Instant now = Instant.now();
    coveredUntil(now);
    run("failed", now.minus(5, ChronoUnit.DAYS));
    run("succeeded", now.minus(4, ChronoUnit.DAYS));
    run("failed", now.minus(3, ChronoUnit.DAYS));
    run("failed", now.minus(2, ChronoUnit.DAYS));
    run("skipped", now.minus(1, ChronoUnit.DAYS));

    metrics.refresh();

    assertThat(gauge("failures")).isEqualTo(2);
    assertThat(gauge("success.age")).isEqualTo(4 * 86_400.0, within(60.0));
    assertThat(gauge("max.age")).isEqualTo(26 * 3600.0);
    assertThat(gauge("last.success.timestamp"))
        .isEqualTo(now.minus(4, ChronoUnit.DAYS).getEpochSecond(), within(1.0));
    assertThat(gauge("never.ran")).isZero();
    assertThat(gauge("paused")).isZero();
  }

  @Test
  void oneThatNeverSucceededIsAsOldAsItsFirstFire() throws Exception {
    declare("0 0 0 1 1 ?", Map.of());
    Instant now = Instant.now();
    coveredUntil(now);
    run("failed", now.minus(3, ChronoUnit.DAYS));

    metrics.refresh();

    assertThat(gauge("success.age")).isEqualTo(3 * 86_400.0, within(60.0));
    assertThat(gauge("last.success.timestamp")).isZero();
    assertThat(gauge("max.age")).isNaN();
  }

  @Test
  void oneWhoseFireWentByWithoutARunNeverRan() throws Exception {
    declare("0 0 0 * * ?", Map.of("misfire", "none"));
    coveredUntil(MIDNIGHT.minusSeconds(60));
    metrics.refresh();
    assertThat(gauge("never.ran")).as("it is due, and nobody looked back").isEqualTo(1);
    assertThat(gauge("success.age")).isNaN();

    triggers.reconcile(MIDNIGHT.plusSeconds(60));
    metrics.refresh();
    assertThat(gauge("never.ran")).as("it was let go").isEqualTo(1);
    assertThat(meters.get("hub.trigger.missed").tag("trigger", id).counter().count()).isEqualTo(1);

    states.pause(id, true, "test");
    metrics.refresh();
    assertThat(gauge("never.ran")).isZero();
    assertThat(gauge("paused")).isEqualTo(1);

    states.pause(id, false, "test");
    coveredUntil(Instant.now().truncatedTo(ChronoUnit.SECONDS).minusMillis(1));
    metrics.refresh();
    assertThat(gauge("never.ran")).as("nothing was due yet").isZero();

    run("failed", MIDNIGHT);
    coveredUntil(MIDNIGHT);
    metrics.refresh();
    assertThat(gauge("never.ran")).as("it ran, if badly").isZero();
  }

  @Test
  void allSwitchedOffArePaused() throws Exception {
    declare("0 0 0 * * ?", Map.of());
    coveredUntil(Instant.now());
    states.switchAll(false, "test");

    metrics.refresh();

    assertThat(gauge("paused")).isEqualTo(1);
  }

  @Test
  void runsThatWaitRunLongOrAreStuckAreTold() {
    String job = "gone." + UUID.randomUUID().toString().substring(0, 8);
    open(job, "queued", 7200, 600, "NULL");
    open(job, "running", 1800, 3600, "now() + interval '1 hour'");
    open(job, "running", 600, 3600, "now() - interval '1 minute'");

    ledger.refresh();

    assertThat(job("wait", job)).isEqualTo(7200, within(60.0));
    assertThat(job("oldest", job)).isEqualTo(1800, within(60.0));
    assertThat(job("timeout.ratio", job)).isEqualTo(0.5, within(0.02));
    assertThat(job("stuck", job)).isEqualTo(1);
    assertThat(job("stuck", "backup.sweep")).isZero();

    jdbc.sql("DELETE FROM hub.job_run WHERE job = :job").param("job", job).update();
    ledger.refresh();
    assertThat(meters.find("hub.job.stuck").tag("job_id", job).gauge()).isNull();
  }

  @Test
  void aRunThatWaitsForItsTurnIsNotForgotten() {
    String job = "gone." + UUID.randomUUID().toString().substring(0, 8);
    open(job, "running", 7200, 86_400, "now() + interval '1 hour'");
    open(job, "queued", 7200, 86_400, "NULL");
    jdbc.sql("UPDATE hub.job_run SET exclusive_key = job WHERE job = :job")
        .param("job", job)
        .update();

    ledger.refresh();

    assertThat(job("wait", job)).isZero();
    jdbc.sql("DELETE FROM hub.job_run WHERE job = :job").param("job", job).update();
  }

  private void run(String state, Instant at) {
    jdbc.sql(
            """
            INSERT INTO hub.job_run (id, job, trigger_kind, trigger_id, fire_time, state, requested_by,
                                     timeout_ms, finished_at)
            VALUES (:id, 'test.tick', 'schedule', :trigger, :at, :state, 'test', 60000, :at)""")
        .param("id", UUID.randomUUID())
        .param("trigger", id)
        .param("at", Timestamp.from(at))
        .param("state", state)
        .update();
  }

  private void open(String job, String state, int seconds, int timeout, String lease) {
    jdbc.sql(
            """
            INSERT INTO hub.job_run (id, job, trigger_kind, fire_time, state, requested_by, timeout_ms,
                                     queued_at, not_before, started_at, lease_until)
            SELECT :id, :job, 'api', at, :state, 'test', :timeout * 1000, at, at, at, %s
            FROM (SELECT now() - make_interval(secs => :seconds) AS at) a"""
                .formatted(lease))
        .param("id", UUID.randomUUID())
        .param("job", job)
        .param("state", state)
        .param("seconds", seconds)
        .param("timeout", timeout)
        .update();
  }

  private double gauge(String name) {
    return meters.get("hub.trigger." + name).tag("trigger", id).gauge().value();
  }

  private double job(String name, String job) {
    return meters.get("hub.job." + name).tag("job_id", job).gauge().value();
  }
}
