package routes.jobs.triggers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import routes.RouteTest;

@RouteTest.Of("schedule.*")
class ScheduleRouteTest extends RouteTest {

  private static final Date FIRE = Date.from(Instant.parse("2026-03-29T01:00:00Z"));

  private final List<String> woken = new ArrayList<>();

  /** Stands for {@link Triggers}, with the parameters that it has. */
  public final class Woken {
    public void wake(
        @ExchangeProperty("schedule") String schedule,
        @Header("scheduledFireTime") Date scheduled) {
      woken.add(schedule + " at " + scheduled.toInstant());
      if (scheduled.equals(new Date(0))) {
        throw new IllegalStateException("the ledger is away");
      }
    }
  }

  @BeforeEach
  void start() throws Exception {
    context.getRegistry().bind("triggers", new Woken());
    load("templates");
    TemplatedRouteBuilder.builder(context, "job")
        .routeId("schedule.nightly")
        .parameter("job", "backup.postgres")
        .parameter("name", "main-nightly")
        .parameter("cron", "0 0 2 * * ?")
        .add();
    advise("schedule.nightly", route -> route.replaceFromWith("direct:quartz"));
    context.start();
  }

  private Exchange fire(Date time) {
    return template.send(
        "direct:quartz",
        exchange -> exchange.getMessage().setHeaders(Map.of("scheduledFireTime", time)));
  }

  @Test
  void aFireWakesItsTriggersWithTheTimeThatWasPlanned() {
    assertThat(fire(FIRE).getException()).isNull();

    assertThat(woken).containsExactly("backup.postgres/main-nightly at 2026-03-29T01:00:00Z");
  }

  @Test
  void aFireThatCannotBeWrittenIsAFailureOfTheRouteAndTheNextOneComes() {
    assertThat(fire(new Date(0)).getException()).hasMessage("the ledger is away");
    assertThat(fire(FIRE).getException()).isNull();

    assertThat(woken).hasSize(2);
  }
}
