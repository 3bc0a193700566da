package routes.jobs.triggers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.camel.component.quartz.QuartzComponent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quartz.TriggerKey;
import org.springframework.beans.factory.annotation.Autowired;
import routes.jobs.ledger.Run;
import routes.kernel.errors.ConflictException;

/** Triggers from the template to the ledger. */
class TriggersTest extends DeclaredTriggers {

  @Autowired private TriggerMetrics metrics;
  @Autowired private MeterRegistry meters;

  @Test
  void aUsersOwnFileDeclaresTriggers() {
    TriggerStates.Trigger daily = states.get("test.echo/daily");

    assertThat(daily.cron()).isEqualTo("0 0 2 * * ?");
    assertThat(daily.zone()).isEqualTo("Europe/Berlin");
    assertThat(daily.params()).isEqualTo(Map.of("text", "from a file", "count", 3L));
    assertThat(daily.misfire()).isEqualTo("all");
    assertThat(daily.overlap()).isEqualTo("forbid");
    assertThat(daily.timeout()).isEqualTo("PT5M");
    assertThat(daily.maxAge()).isEqualTo("PT26H");
    assertThat(daily.description()).isEqualTo("Says the same each night");
    assertThat(daily.next()).isAfter(Instant.EPOCH);
    assertThat(catalogue.of("test.wait/nightly-{value}"))
        .extracting(TriggerDefinition::id)
        .containsExactly(
            "test.wait/nightly-a",
            "test.wait/nightly-b",
            "test.wait/nightly-c",
            "test.wait/nightly-d",
            "test.wait/nightly-e",
            "test.wait/nightly-f");
  }

  @Test
  void quartzFiresTheRouteAndTheRunnerRunsIt() throws Exception {
    declare("* * * * * ?", Map.of("overlap", "allow"));

    List<Run> succeeded =
        await()
            .atMost(PATIENCE)
            .until(() -> fires("succeeded"), runsOfTrigger -> runsOfTrigger.size() >= 2);

    Run run = succeeded.get(0);
    assertThat(run.triggerKind()).isEqualTo("schedule");
    assertThat(run.requestedBy()).isEqualTo(id);
    assertThat(run.fireTime().getNano()).as("as planned, not as it came").isZero();
    assertThat(succeeded).extracting(Run::fireTime).doesNotHaveDuplicates();
  }

  @ParameterizedTest(name = "{0} in {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 30 2 * * ?   | Europe/Berlin
          0 30 2 * * ?   | +02:00
          0 30 2 * * ?   | -03:30
          0 30 2 * * ?   | GMT+5
          0 30 2 * * ?   | Australia/Lord_Howe
          0 0/30 * * * ? | America/St_Johns
          0 0 2 1W * ?   | UTC
          0 0 2 L-3W * ? | Asia/Kathmandu
          0 0 5 ? * 6#3  | UTC
          """)
  void quartzWakesWhenTheApiSays(String cron, String zone) throws Exception {
    declare(cron, Map.of("zone", zone));
    Date next =
        camel
            .getComponent("quartz", QuartzComponent.class)
            .getScheduler()
            .getTrigger(new TriggerKey(name, "test.tick"))
            .getNextFireTime();

    assertThat(next).isEqualTo(states.get(id).next());
    assertThat(ZoneId.of(states.get(id).zone())).isEqualTo(ZoneId.of(zone));
    assertThat(states.get(id).state()).isEqualTo("active");
  }

  @Test
  void aTriggerWhoseLastTimeHasPassedHasEnded() throws Exception {
    declare("0 19 17 30 11 ? 2020", Map.of());

    assertThat(states.get(id).state()).isEqualTo("ended");
    assertThat(states.get(id).next()).isNull();
  }

  @Test
  void aBrokenTriggerIsToldWithItsPlaceAndReason() {
    JsonNode broken = admin().get("/api/triggers/test.echo/broken").json();

    assertThat(broken.get("state").asText()).isEqualTo("broken");
    assertThat(broken.get("file").asText()).endsWith(".camel.yaml");
    assertThat(broken.get("line").asInt()).isGreaterThan(30);
    assertThat(broken.get("route").asText()).isEqualTo("schedule.test-broken");
    assertThat(broken.get("reason").asText())
        .contains("trigger test.echo/broken: timezone is not a parameter of a schedule");
    assertThat(broken.has("next")).isFalse();
    assertThatThrownBy(() -> states.pause("test.echo/broken", true, "ops"))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("is broken: ");
    metrics.refresh();
    assertThat(
            meters
                .get("hub.trigger.broken")
                .tags("trigger", "test.echo/broken", "route", "schedule.test-broken")
                .tags("line", broken.get("line").asText())
                .gauge()
                .value())
        .isEqualTo(1);
  }

  @Test
  void howeverManyHubsFireOneRunExists() throws Exception {
    declare("0 0 0 * * ?", Map.of("overlap", "allow"));
    List<Callable<Void>> fires = new ArrayList<>();
    for (int fire = 0; fire < 250; fire++) {
      Instant time = MIDNIGHT.plusSeconds(fire);
      for (int hub = 0; hub < 4; hub++) {
        fires.add(
            () -> {
              fire(time);
              return null;
            });
      }
    }
    var hubs = Executors.newFixedThreadPool(4);
    try {
      for (var fired : hubs.invokeAll(fires)) {
        fired.get();
      }
    } finally {
      hubs.shutdown();
    }

    List<Run> all = await().atMost(PATIENCE).until(() -> fires("succeeded"), r -> r.size() == 250);
    assertThat(all).extracting(Run::fireTime).doesNotHaveDuplicates();
    assertThat(all).allMatch(run -> run.attempt() == 1);
  }

  @Test
  void aFireWhileItsPredecessorRunsIsSkippedAndSaysSo() throws Exception {
    declare("0 0 0 * * ?", Map.of());
    UUID active = holdKey();

    fire(MIDNIGHT);

    List<Run> skipped = fires("skipped");
    assertThat(skipped).hasSize(1);
    assertThat(skipped.get(0).headline()).isEqualTo("skipped: run " + active + " has not ended");
    assertThat(skipped.get(0).finishedAt()).isNotNull();
    freeKey(active);
  }

  @Test
  void withOverlapQueueAFireWaitsItsTurn() throws Exception {
    declare("0 0 0 * * ?", Map.of("overlap", "queue"));
    UUID active = holdKey();

    fire(MIDNIGHT);
    fire(MIDNIGHT.plusSeconds(60));
    assertThat(fires("queued")).hasSize(2);

    freeKey(active);
    await().atMost(PATIENCE).until(() -> fires("succeeded").size() == 2);
  }

  @ParameterizedTest(name = "overlap {0}, trigger declared: {1}")
  @CsvSource({"queue,true", "forbid,true", "allow,true", "forbid,false", "allow,false"})
  void aRunThatIsTriedAgainIsTriedAsItsTriggerSays(String overlap, boolean declared)
      throws Exception {
    declare(
        "0 0 0 * * ?",
        Map.of("overlap", overlap, "timeout", "7m", "retries", "3", "backoff", "11s"));
    UUID first = UUID.randomUUID();
    jdbc.sql(
            """
            INSERT INTO hub.job_run (id, job, trigger_kind, trigger_id, fire_time, params, state, exclusive_key,
                                     requested_by, retries, retries_left, backoff_ms, timeout_ms, finished_at)
            VALUES (:id, 'test.tick', 'schedule', :trigger, now(), CAST(:params AS jsonb), 'failed',
                    :key, :trigger, 3, 0, 11000, 420000, now())""")
        .param("id", first)
        .param("trigger", id)
        .param("params", "{\"text\": \"" + name + "\"}")
        .param("key", overlap.equals("allow") ? null : "test.tick|" + name)
        .update();
    if (!declared) {
      takeAway();
    }
    UUID active = overlap.equals("queue") ? holdKey() : null;

    Run again = runs.retry(first, "ops");

    assertThat(policy(again.id()))
        .containsEntry("retries", 3)
        .containsEntry("backoff_ms", 11_000L)
        .containsEntry("timeout_ms", 420_000L)
        .containsEntry("exclusive_key", overlap.equals("allow") ? null : "test.tick|" + name);
    assertThat(again.trigger()).isEqualTo(id);
    if (active != null) {
      assertThat(again.state()).as("waits its turn, as its trigger's fires do").isEqualTo("queued");
      assertThatThrownBy(() -> runs.retry(first, "somebody else"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("is tried again already: run " + again.id());
      freeKey(active);
    }
    assertThat(ended(again.id()).state()).isEqualTo("succeeded");
  }

  private Map<String, Object> policy(UUID run) {
    return jdbc.sql(
            "SELECT retries, backoff_ms, timeout_ms, exclusive_key FROM hub.job_run WHERE id = :id")
        .param("id", run)
        .query()
        .singleRow();
  }

  @Test
  void aPausedTriggerNeitherFiresNorMakesUpForIt() throws Exception {
    declare("0 0 0 * * ?", Map.of("misfire", "all"));
    TriggerStates.Trigger paused = states.pause(id, true, "ops");
    states.pause(id, true, "somebody later");
    assertThat(paused.pausedBy()).isEqualTo("ops");
    assertThat(paused.next()).isNull();
    coveredUntil(MIDNIGHT.minus(3, ChronoUnit.DAYS));

    fire(MIDNIGHT);
    triggers.reconcile(MIDNIGHT.plusSeconds(60));
    assertThatThrownBy(() -> triggers.backfill(id, MIDNIGHT, MIDNIGHT.plusSeconds(1)))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("paused");
    TriggerStates.Trigger resumed = states.pause(id, false, "ops");
    triggers.reconcile(MIDNIGHT.plusSeconds(60));

    assertThat(fires(null)).isEmpty();
    assertThat(resumed.pausedAt()).isNull();
    assertThat(resumed.next()).isNotNull();
  }

  @Test
  void theSwitchHoldsEveryTrigger() throws Exception {
    declare("0 0 0 * * ?", Map.of("misfire", "all"));
    triggers.reconcile(MIDNIGHT.minusSeconds(1));
    states.switchAll(false, "admin");
    assertThat(states.switchedOn()).isFalse();

    fire(MIDNIGHT);
    triggers.reconcile(MIDNIGHT.plusSeconds(60));
    states.switchAll(true, "admin");
    triggers.reconcile(MIDNIGHT.plusSeconds(120));

    assertThat(fires(null)).isEmpty();
  }
}
