package routes.jobs.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import routes.HubTest;
import routes.jobs.JobsProperties;
import routes.jobs.triggers.TriggerStates;

/**
 * Who gets a slot, on real PostgreSQL. The jobs are unknown to the shared hub, whose runner leaves
 * them alone; each ledger here is one hub with slots of its own.
 */
class FairClaimsTest extends HubTest {

  @Autowired private ObjectMapper json;
  @Autowired private TriggerStates states;

  private String job;
  private int queued;

  @BeforeEach
  void ownJob() {
    job = "fair.t" + UUID.randomUUID().toString().substring(0, 8);
  }

  @AfterEach
  void takeAway() {
    states.switchAll(true, "test");
    jdbc.sql("DELETE FROM hub.job_run WHERE job = :job").param("job", job).update();
  }

  @ParameterizedTest(
      name = "of {0} slots: {1} for a trigger, {2} for fresh runs, {3} for late ones")
  @CsvSource({"1,1,1,1", "2,1,2,1", "3,1,3,2", "4,2,3,3", "8,4,6,6", "64,32,48,48"})
  void shares(int slots, int trigger, int fresh, int late) {
    SlotShares shares = new SlotShares(slots);

    assertThat(shares.ofOneTrigger()).isEqualTo(trigger);
    assertThat(shares.ofFreshRuns()).isEqualTo(fresh);
    assertThat(shares.ofLateRuns()).isEqualTo(late);
    assertThat(shares.lateTurn(3)).isEqualTo(slots < 4);
    assertThat(shares.lateTurn(2)).isFalse();
  }

  @ParameterizedTest(name = "in a hub of {0} slots")
  @CsvSource({"1", "2", "4", "8"})
  void aFreshRunGoesBeforeALongBackfill(int slots) {
    backfill("long", 301);
    queue("fresh", "schedule", 0);

    assertThat(new Hub("a", slots).claim()).isEqualTo("fresh");
  }

  @ParameterizedTest(name = "in a hub of {0} slots")
  @CsvSource({"2", "4", "8"})
  void aFreshRunFindsASlotWhileBackfillsRun(int slots) {
    backfill("one", 301);
    backfill("other", 301);
    Hub hub = new Hub("a", slots);

    List<String> late = hub.claimAll();
    assertThat(late).hasSize(new SlotShares(slots).ofLateRuns()).hasSizeLessThan(slots);

    queue("fresh", "schedule", 0);
    assertThat(hub.claim()).isEqualTo("fresh");
  }

  @Test
  void hubsAreFairTogetherAsEachIs() {
    backfill("one", 301);
    backfill("other", 301);
    Hub first = new Hub("a", 4);
    Hub second = new Hub("b", 4);

    assertThat(first.claimAll()).hasSize(3).containsOnlyOnce("other");
    assertThat(second.claimAll()).hasSize(3);
    queue("fresh", "schedule", 0);
    assertThat(second.claim()).isEqualTo("fresh");
    assertThat(first.claim()).isNull();
  }

  @Test
  void aTriggerFillsHalfTheSlotsAtMost() {
    for (int run = 0; run < 10; run++) {
      queue("busy", run % 2 == 0 ? "schedule" : "replay", 60);
    }
    Hub hub = new Hub("a", 4);

    assertThat(hub.claimAll()).containsExactly("busy", "busy");
    queue("fresh", "schedule", 0);
    queue(null, "api", 0);
    assertThat(hub.claimAll()).containsExactlyInAnyOrder("fresh", null);
    hub.finish("busy");
    assertThat(hub.claimAll()).containsExactly("busy");
  }

  @Test
  void everyFourthSlotIsForBackfillThatWaits() {
    for (int trigger = 0; trigger < 8; trigger++) {
      for (int run = 0; run < 10; run++) {
        queue("fresh" + trigger, "schedule", 0);
      }
    }
    backfill("long", 301);
    Hub hub = new Hub("a", 4);

    assertThat(hub.claimSome(4)).startsWith("fresh0").endsWith("long").containsOnlyOnce("long");
    for (int more = 0; more < 8; more++) {
      hub.finishOldest(name -> !name.equals("long"));
      assertThat(hub.claim()).startsWith("fresh");
    }
    hub.finish("long");
    assertThat(hub.claim()).isEqualTo("long");
  }

  @Test
  void aHubOfOneSlotGivesItEveryFourthTime() {
    backfill("long", 301);
    for (int run = 0; run < 9; run++) {
      queue("fresh" + run, "schedule", 0);
    }
    Hub hub = new Hub("a", 1);
    List<String> order = new ArrayList<>();
    for (int turn = 0; turn < 12; turn++) {
      order.add(hub.claim().replaceAll("\\d", ""));
      hub.finishOldest(name -> true);
    }

    assertThat(order)
        .containsExactly(
            "fresh", "fresh", "fresh", "long", "fresh", "fresh", "fresh", "long", "fresh", "fresh",
            "fresh", "long");
  }

  @Test
  void firesThatAreMadeUpForWaitAsBackfillDoes() {
    for (int run = 0; run < 50; run++) {
      queue("missed", "schedule", 3_000 - run);
    }
    jdbc.sql("UPDATE hub.job_run SET catch_up = true WHERE job = :job").param("job", job).update();
    queue("fresh", "schedule", 0);
    Hub hub = new Hub("a", 1);

    assertThat(hub.claim()).isEqualTo("fresh");
    hub.finish("fresh");
    assertThat(hub.claim()).isEqualTo("missed");
  }

  @Test
  void aPauseHoldsBackfillThatWaits() {
    backfill("held", 3);
    queue("held", "replay", 0);
    pause("held", true);
    Hub hub = new Hub("a", 8);

    assertThat(hub.claimAll()).as("what a person asked for goes on").containsExactly("held");
    pause("held", false);
    assertThat(hub.claimAll()).containsExactly("held", "held", "held");
  }

  @Test
  void theSwitchOfAllTriggersHoldsBackfillToo() {
    backfill("held", 3);
    states.switchAll(false, "test");
    Hub hub = new Hub("a", 8);

    assertThat(hub.claim()).isNull();
    states.switchAll(true, "test");
    assertThat(hub.claim()).isEqualTo("held");
  }

  @Test
  void aBackfillWhoseHubDiedGoesOnAlthoughItIsPaused() {
    backfill("held", 1);
    new Hub("gone", 1).claim();
    pause("held", true);
    jdbc.sql("UPDATE hub.job_run SET lease_until = now() - interval '1 s' WHERE job = :job")
        .param("job", job)
        .update();

    assertThat(new Hub("a", 1).claim()).isEqualTo("held");
  }

  private void backfill(String trigger, int windows) {
    for (int window = 0; window < windows; window++) {
      queue(trigger, "backfill", 3600L * (windows - window));
    }
  }

  private void queue(String trigger, String kind, long secondsAgo) {
    jdbc.sql(
            """
            INSERT INTO hub.job_run (id, job, trigger_kind, trigger_id, fire_time, state, requested_by,
                                     timeout_ms)
            VALUES (:id, :job, :kind, :trigger,
                    now() - make_interval(secs => :ago) - make_interval(secs => 1 - :n / 10000.0),
                    'queued', 'test', 60000)""")
        .param("id", UUID.randomUUID())
        .param("job", job)
        .param("kind", kind)
        .param("trigger", trigger == null ? null : id(trigger))
        .param("ago", (double) secondsAgo)
        .param("n", queued++)
        .update();
  }

  private String id(String trigger) {
    return job + "/" + trigger;
  }

  private void pause(String trigger, boolean paused) {
    jdbc.sql(
            """
            INSERT INTO hub.trigger_state (trigger_id, covered_until, schedule, paused_at)
            VALUES (:id, now(), 'test', CASE WHEN :paused THEN now() END)
            ON CONFLICT (trigger_id) DO UPDATE SET paused_at = excluded.paused_at""")
        .param("id", id(trigger))
        .param("paused", paused)
        .update();
  }

  /** One hub: its ledger and the runs in its slots. Claims no more than it has slots. */
  private final class Hub {
    private final String node;
    private final int slots;
    private final Ledger ledger;
    private final List<ClaimedRun> running = new ArrayList<>();

    private Hub(String node, int slots) {
      this.node = node + UUID.randomUUID();
      this.slots = slots;
      Duration hour = Duration.ofHours(1);
      this.ledger =
          new Ledger(
              jdbc,
              json,
              new JobsProperties(
                  slots, hour, Duration.ofSeconds(2), hour, hour, hour, 3, Duration.ZERO));
    }

    /** The trigger whose run was claimed; null: none was, or one without a trigger. */
    private String claim() {
      return claimed().map(this::name).orElse(null);
    }

    private Optional<ClaimedRun> claimed() {
      if (running.size() == slots) {
        return Optional.empty();
      }
      Optional<ClaimedRun> claimed = ledger.claim(node, List.of(job));
      claimed.ifPresent(running::add);
      return claimed;
    }

    private String name(ClaimedRun run) {
      return run.triggerId() == null ? null : run.triggerId().substring(job.length() + 1);
    }

    private List<String> claimAll() {
      return claimSome(Integer.MAX_VALUE);
    }

    private List<String> claimSome(int most) {
      List<String> names = new ArrayList<>();
      for (Optional<ClaimedRun> run = claimed(); run.isPresent(); run = claimed()) {
        names.add(name(run.get()));
        if (names.size() == most) {
          break;
        }
      }
      return names;
    }

    private void finish(String trigger) {
      finishOldest(trigger::equals);
    }

    private void finishOldest(java.util.function.Predicate<String> which) {
      ClaimedRun run = running.stream().filter(r -> which.test(name(r))).findFirst().orElseThrow();
      assertThat(ledger.finish(run, new Ledger.End("succeeded", "", null, null, null, null)))
          .isTrue();
      running.remove(run);
    }
  }
}
