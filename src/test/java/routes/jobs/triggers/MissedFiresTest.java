package routes.jobs.triggers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import routes.jobs.JobCatalogue;
import routes.jobs.JobsProperties;
import routes.jobs.ledger.Run;
import routes.jobs.ledger.RunnerSignal;
import routes.kernel.errors.InvalidInputException;

/** Fires that no hub was there for, and fires asked for after the event. */
class MissedFiresTest extends DeclaredTriggers {

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

    fire(MIDNIGHT); // before this hub has looked back
    triggers.reconcile(MIDNIGHT.plusSeconds(60));

    await().atMost(PATIENCE).until(() -> fires("succeeded").size() == 3);
    assertThat(fires(null)).hasSize(3);
  }

  @ParameterizedTest(name = "{0}: {1} runs after a standstill of forty seconds")
  @CsvSource({"all, 40", "last, 1", "none, 1"})
  void whatAStandstillMissedIsDecidedByThePolicyAndNotRunOneByOne(String policy, int made)
      throws Exception {
    declare("* * * * * ?", Map.of("misfire", policy, "overlap", "allow"), false);
    Instant woken = now().truncatedTo(ChronoUnit.SECONDS);
    coveredUntil(woken.minusSeconds(40));

    // As Quartz catches up: each fire that it slept through, in its order.
    triggers.wake(id, Date.from(woken.minusSeconds(39)));
    Instant decided = coveredUntil();
    for (Instant at = woken.minusSeconds(38); !at.isAfter(decided); at = at.plusSeconds(1)) {
      triggers.wake(id, Date.from(at));
    }

    assertThat(decided).isAfterOrEqualTo(woken);
    List<Run> upTo = fires(null).stream().filter(r -> !r.fireTime().isAfter(decided)).toList();
    long later = Duration.between(woken, decided).toSeconds();
    assertThat(upTo).hasSize(policy.equals("all") ? (int) (made + later) : made);
    if (!policy.equals("all")) {
      assertThat(upTo.get(0).fireTime()).as("the newest").isEqualTo(decided);
    }
  }

  @Test
  void oneMissedAndOneThatIsDueNowAreOneRunWithPolicyLast() throws Exception {
    declare("0 0 0 * * ?", Map.of("misfire", "last"));
    coveredUntil(MIDNIGHT.minus(2, ChronoUnit.DAYS));

    triggers.reconcile(MIDNIGHT.plusSeconds(5));
    triggers.reconcile(MIDNIGHT.plusSeconds(60));

    assertThat(fires(null)).extracting(Run::fireTime).containsExactly(MIDNIGHT);
  }

  @Test
  void aFireThatDaylightSavingMovedIsNoMissedFire() throws Exception {
    declare("0 30 2 * * ?", Map.of("misfire", "all", "zone", "Europe/Berlin"), false);
    Instant moved = Instant.parse("2026-03-29T01:00:00Z");
    coveredUntil(Instant.parse("2026-03-28T01:30:00Z"));
    fire(moved);

    triggers.reconcile(moved.plus(1, ChronoUnit.HOURS));

    assertThat(fires(null)).extracting(Run::fireTime).containsExactly(moved);
    assertThat(coveredUntil()).isEqualTo(moved);
  }

  private Instant now() {
    return jdbc.sql("SELECT clock_timestamp()")
        .query(java.sql.Timestamp.class)
        .single()
        .toInstant();
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

  @Test
  void resumingATriggerThatIsNotPausedKeepsItsMissedFires() throws Exception {
    declare("0 0 0 * * ?", Map.of("misfire", "all"));
    coveredUntil(MIDNIGHT.minus(3, ChronoUnit.DAYS));

    states.pause(id, false, "ops");

    assertThat(coveredUntil()).isEqualTo(MIDNIGHT.minus(3, ChronoUnit.DAYS));
    states.switchAll(true, "ops"); // switched on already
    assertThat(coveredUntil()).isEqualTo(MIDNIGHT.minus(3, ChronoUnit.DAYS));
    triggers.reconcile(MIDNIGHT.plusSeconds(60));
    assertThat(fires(null)).hasSize(3);
  }

  @Test
  void aBackfillFromBeforeThereWereComputersIsTheCallersMistake() throws Exception {
    declare("0 0 0 * * ?", Map.of());

    for (Instant from : List.of(Instant.MIN, Instant.EPOCH.minusMillis(1))) {
      assertThatThrownBy(() -> triggers.backfill(id, from, MIDNIGHT))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("from: must not lie before 1970");
    }
    assertThatThrownBy(() -> triggers.backfill(id, Instant.MIN, Instant.MIN.plusSeconds(1)))
        .isInstanceOf(InvalidInputException.class);
    assertThat(fires(null)).isEmpty();
  }

  @Test
  void aTriggerThatFailsKeepsNoOtherFromItsFires() throws Exception {
    declare("0 0 0 * * ?", Map.of("misfire", "all"));
    TriggerDefinition sound = catalogue.get(id);
    TriggerDefinition failing =
        new TriggerDefinition(
            id + "-failing",
            sound.job(),
            sound.cron(),
            sound.zone(),
            sound.params(),
            sound.overlap(),
            sound.misfire(),
            Duration.ofSeconds(Long.MAX_VALUE), // overflows as milliseconds
            0,
            sound.backoff(),
            null,
            "");
    List<TriggerDefinition> both = List.of(failing, sound);
    Triggers ofBoth =
        new Triggers(
            new TriggerCatalogue(beans.getBean(JobCatalogue.class)) {
              @Override
              List<TriggerDefinition> of(String schedule) {
                return both;
              }

              @Override
              public Collection<TriggerDefinition> all() {
                return both;
              }
            },
            beans.getBean(JobCatalogue.class),
            jdbc,
            beans.getBean(PlatformTransactionManager.class),
            beans.getBean(ObjectMapper.class),
            beans.getBean(JobsProperties.class),
            beans.getBean(RunnerSignal.class),
            beans.getBean(TriggerMetrics.class),
            Clock.fixed(MIDNIGHT.plusSeconds(60), ZoneOffset.UTC));
    coveredUntil(MIDNIGHT.minus(1, ChronoUnit.DAYS));
    triggers.seen(failing, MIDNIGHT.minus(1, ChronoUnit.DAYS));

    // Not what reaches the console: another test of this JVM may have turned that off.
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(Triggers.class);
    said.start();
    logger.addAppender(said);
    try {
      ofBoth.reconcile(MIDNIGHT.plusSeconds(60));
    } finally {
      logger.detachAppender(said);
    }

    assertThat(fires(null)).extracting(Run::fireTime).containsExactly(MIDNIGHT);
    assertThat(said.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(
            line -> line.startsWith("trigger " + id + "-failing failed: its fires that are due"))
        .hasSize(1);

    coveredUntil(MIDNIGHT.minus(1, ChronoUnit.DAYS));
    jdbc.sql("DELETE FROM hub.job_run WHERE trigger_id = :id").param("id", id).update();
    ofBoth.wake(id, Date.from(MIDNIGHT));

    assertThat(fires(null)).extracting(Run::fireTime).containsExactly(MIDNIGHT);
  }
}
