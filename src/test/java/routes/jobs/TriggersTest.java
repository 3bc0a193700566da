package routes.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import routes.HubTest;
import routes.platform.error.ConflictException;
import routes.platform.error.InvalidInputException;

/**
 * Triggers from the template to the ledger. Every test declares its own, fires it at instants of
 * its own choice, and takes it away again.
 */
class TriggersTest extends HubTest {

  private static final Instant MIDNIGHT = Instant.parse("2026-03-10T00:00:00Z");

  @Autowired private Triggers triggers;
  @Autowired private TriggerStates states;
  @Autowired private TriggerCatalogue catalogue;

  private final String name = "t" + UUID.randomUUID().toString().substring(0, 8);
  private final String id = "test.tick/" + name;

  @AfterEach
  void takeAway() throws Exception {
    states.switchAll(true, "test");
    if (camel.getRoute(name) != null) {
      camel.getRouteController().stopRoute(name);
      camel.removeRoute(name);
      catalogue.afterApplicationStart(camel);
    }
  }

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

  @Test
  void howeverManyHubsFireOneRunExists() throws Exception {
    declare("0 0 0 * * ?", Map.of("overlap", "allow"));
    List<Callable<Void>> fires = new ArrayList<>();
    for (int fire = 0; fire < 250; fire++) {
      Date time = Date.from(MIDNIGHT.plusSeconds(fire));
      for (int hub = 0; hub < 4; hub++) {
        fires.add(
            () -> {
              triggers.fire(id, time);
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

    triggers.fire(id, Date.from(MIDNIGHT));

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

    triggers.fire(id, Date.from(MIDNIGHT));
    triggers.fire(id, Date.from(MIDNIGHT.plusSeconds(60)));
    assertThat(fires("queued")).hasSize(2);

    freeKey(active);
    await().atMost(PATIENCE).until(() -> fires("succeeded").size() == 2);
  }

  @ParameterizedTest(name = "{0}: {1} runs for three missed fires")
  @CsvSource({"all, 3", "last, 1", "none, 0"})
  void missedFiresAreMadeUpForAsThePolicySays(String policy, int made) throws Exception {
    declare("0 0 0 * * ?", Map.of("misfire", policy));
    coveredUntil(MIDNIGHT.minus(3, ChronoUnit.DAYS));

    triggers.reconcile(MIDNIGHT.plusSeconds(60));
    triggers.reconcile(MIDNIGHT.plusSeconds(61));

    List<Run> runs =
        await().atMost(PATIENCE).until(() -> fires("succeeded"), r -> r.size() == made);
    assertThat(fires(null)).hasSize(made);
    if (policy.equals("last")) {
      assertThat(runs.get(0).fireTime()).isEqualTo(MIDNIGHT);
    }
    assertThat(coveredUntil()).isEqualTo(MIDNIGHT);
  }

  @Test
  void aFireRightAfterAStartDoesNotHideTheMissedOnes() throws Exception {
    declare("0 0 0 * * ?", Map.of("misfire", "all", "overlap", "queue"));
    coveredUntil(MIDNIGHT.minus(3, ChronoUnit.DAYS));

    triggers.fire(id, Date.from(MIDNIGHT)); // before this hub has looked back
    triggers.reconcile(MIDNIGHT.plusSeconds(60));

    await().atMost(PATIENCE).until(() -> fires("succeeded").size() == 3);
    assertThat(fires(null)).hasSize(3);
  }

  @Test
  void aFireWithinTheGraceIsNotMissedYet() throws Exception {
    declare("0 0 0 * * ?", Map.of("misfire", "all"));
    coveredUntil(MIDNIGHT.minusSeconds(60));

    triggers.reconcile(MIDNIGHT.plusSeconds(9));

    assertThat(fires(null)).isEmpty();
    assertThat(coveredUntil()).isEqualTo(MIDNIGHT.minusSeconds(60));
  }

  @Test
  void aChangedScheduleStartsANewCount() throws Exception {
    declare("0 0 0 * * ?", Map.of("misfire", "all"));
    coveredUntil(MIDNIGHT.minus(30, ChronoUnit.DAYS));
    jdbc.sql("UPDATE hub.trigger_state SET schedule = 'before' WHERE trigger_id = :id")
        .param("id", id)
        .update();

    triggers.reconcile(MIDNIGHT.plusSeconds(60));

    assertThat(fires(null)).isEmpty();
  }

  @Test
  void aPausedTriggerNeitherFiresNorMakesUpForIt() throws Exception {
    declare("0 0 0 * * ?", Map.of("misfire", "all"));
    TriggerStates.Trigger paused = states.pause(id, true, "ops");
    states.pause(id, true, "somebody later");
    assertThat(paused.pausedBy()).isEqualTo("ops");
    assertThat(paused.next()).isNull();
    coveredUntil(MIDNIGHT.minus(3, ChronoUnit.DAYS));

    triggers.fire(id, Date.from(MIDNIGHT));
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

    triggers.fire(id, Date.from(MIDNIGHT));
    triggers.reconcile(MIDNIGHT.plusSeconds(60));
    states.switchAll(true, "admin");
    triggers.reconcile(MIDNIGHT.plusSeconds(120));

    assertThat(fires(null)).isEmpty();
  }

  @Test
  void aBackfillWritesEachFireOfItsSpanOnce() throws Exception {
    declare("0 0 0 * * ?", Map.of("misfire", "none"));
    Instant from = MIDNIGHT.minus(2, ChronoUnit.DAYS);

    assertThat(triggers.backfill(id, from, MIDNIGHT)).isEqualTo(3);
    assertThat(triggers.backfill(id, from, MIDNIGHT)).isZero();

    await().atMost(PATIENCE).until(() -> fires("succeeded").size() == 3);
    assertThat(fires(null)).allMatch(run -> run.triggerKind().equals("backfill"));
  }

  @Test
  void aBackfillRefusesASpanThatMakesNoSense() throws Exception {
    declare("* * * * * ?", Map.of("overlap", "forbid"), false);
    Instant soon = Instant.parse("2099-01-01T00:00:00Z");

    assertThatThrownBy(() -> triggers.backfill(id, MIDNIGHT, MIDNIGHT))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("from");
    assertThatThrownBy(() -> triggers.backfill(id, null, MIDNIGHT)).hasMessageStartingWith("from");
    assertThatThrownBy(() -> triggers.backfill(id, MIDNIGHT, soon)).hasMessageStartingWith("to");
    assertThatThrownBy(() -> triggers.backfill(id, MIDNIGHT, MIDNIGHT.plusSeconds(3600)))
        .hasMessageContaining("more than 1000 fires");
    assertThat(fires(null)).isEmpty();
  }

  private void declare(String cron, Map<String, String> more) throws Exception {
    declare(cron, more, true);
  }

  private void declare(String cron, Map<String, String> more, boolean started) throws Exception {
    TemplatedRouteBuilder route =
        TemplatedRouteBuilder.builder(camel, TriggerCatalogue.TEMPLATE)
            .routeId(name)
            .parameter("job", "test.tick")
            .parameter("name", name)
            .parameter("cron", cron)
            .parameter("params", "{\"text\": \"" + name + "\"}")
            .parameter("what", "Declared by a test");
    more.forEach(route::parameter);
    route.add();
    if (!started) {
      camel.getRouteController().stopRoute(name);
    }
    catalogue.afterApplicationStart(camel);
  }

  private List<Run> fires(String state) {
    return runs.list(new Runs.Filter(null, state, id, null, Runs.MOST_PER_PAGE));
  }

  private UUID holdKey() {
    UUID active = UUID.randomUUID();
    jdbc.sql(
            """
            INSERT INTO hub.job_run (id, job, trigger_kind, fire_time, state, exclusive_key, requested_by,
                                     timeout_ms, fence, lease_owner, lease_until)
            VALUES (:id, 'test.tick', 'api', now(), 'running', :key, 'test', 60000,
                    nextval('hub.fence'), 'another', now() + interval '1 hour')""")
        .param("id", active)
        .param("key", "test.tick|" + name)
        .update();
    return active;
  }

  private void freeKey(UUID active) {
    jdbc.sql(
            """
            UPDATE hub.job_run SET state = 'succeeded', finished_at = now(), lease_until = NULL
            WHERE id = :id""")
        .param("id", active)
        .update();
  }

  private void coveredUntil(Instant until) {
    triggers.seen(catalogue.get(id), until);
    jdbc.sql("UPDATE hub.trigger_state SET covered_until = :until WHERE trigger_id = :id")
        .param("id", id)
        .param("until", java.sql.Timestamp.from(until))
        .update();
  }

  private Instant coveredUntil() {
    return jdbc.sql("SELECT covered_until FROM hub.trigger_state WHERE trigger_id = :id")
        .param("id", id)
        .query(java.sql.Timestamp.class)
        .single()
        .toInstant();
  }
}
