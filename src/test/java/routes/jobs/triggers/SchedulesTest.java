package routes.jobs.triggers;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.quartz.TriggerKey;
import org.springframework.beans.factory.annotation.Autowired;
import routes.Covers;
import routes.HubTest;
import routes.TestTelemetry;

/**
 * Each schedule that is shipped, fired once: a queued run per trigger, in the trace of the fire.
 */
@Covers("schedule.*")
class SchedulesTest extends HubTest {

  /** In far years nobody claims a run. Quartz counts a hundred. */
  private static final Instant FAR = Instant.parse("2120-01-01T00:00:00Z");

  @Autowired private TriggerCatalogue catalogue;
  @Autowired private Triggers triggers;
  @Autowired private Clock clock;

  @TestFactory
  Stream<DynamicTest> fires() {
    return camel.getRoutes().stream()
        .filter(route -> route.getId().startsWith("schedule."))
        .map(route -> DynamicTest.dynamicTest(route.getId(), () -> fires(route)));
  }

  /** What a clock of the hub's own begins, without waiting for it. */
  @TestFactory
  Stream<DynamicTest> timers() {
    return camel.getRoutes().stream()
        .filter(route -> route.getEndpoint().getEndpointUri().startsWith("timer:"))
        .map(
            route ->
                DynamicTest.dynamicTest(
                    route.getId(),
                    () -> {
                      Exchange tick = route.getEndpoint().createExchange();
                      route.getProcessor().process(tick);
                      assertThat(tick.getException()).isNull();
                    }));
  }

  private void fires(Route route) throws Exception {
    String schedule = schedule(route);
    List<TriggerDefinition> expected = catalogue.of(schedule);
    List<String> ids = expected.stream().map(TriggerDefinition::id).toList();
    Instant far = FAR.plusSeconds(Math.floorMod(route.getId().hashCode(), 1_000_000));
    Instant at = expected.isEmpty() ? far : expected.get(0).next(far);
    expected.forEach(trigger -> coveredUntil(trigger, far));
    Exchange fire = route.getEndpoint().createExchange();
    fire.getMessage().setHeader("scheduledFireTime", Date.from(at));
    try {
      route.getProcessor().process(fire);

      assertThat(fire.getException()).isNull();
      assertThat(fire.getProperty("schedule")).isEqualTo(schedule);
      assertThat(
              jdbc.sql("SELECT trigger_id FROM hub.job_run WHERE fire_time = :at")
                  .param("at", Timestamp.from(at))
                  .query(String.class)
                  .list())
          .containsAll(ids);
      if (ids.isEmpty()) {
        return;
      }
      List<String> traces =
          jdbc.sql(
                  """
                  SELECT DISTINCT trace_id FROM hub.job_run
                  WHERE fire_time = :at AND trigger_id IN (:triggers)""")
              .param("at", Timestamp.from(at))
              .param("triggers", ids)
              .query(String.class)
              .list();
      assertThat(traces).as("one trace, the fire's").hasSize(1);
      assertThat(TestTelemetry.ofTrace(traces.get(0)))
          .extracting(SpanData::getName)
          .anyMatch(name -> name.startsWith("trigger "));
    } finally {
      expected.forEach(trigger -> coveredUntil(trigger, clock.instant()));
      jdbc.sql("DELETE FROM hub.job_run WHERE fire_time = :at")
          .param("at", Timestamp.from(at))
          .update();
    }
  }

  private static String schedule(Route route) {
    TriggerKey key = ((QuartzEndpoint) route.getEndpoint()).getTriggerKey();
    return key.getGroup() + "/" + key.getName();
  }

  private void coveredUntil(TriggerDefinition trigger, Instant until) {
    triggers.seen(trigger, until);
    jdbc.sql("UPDATE hub.trigger_state SET covered_until = :until WHERE trigger_id = :id")
        .param("id", trigger.id())
        .param("until", Timestamp.from(until))
        .update();
  }
}
