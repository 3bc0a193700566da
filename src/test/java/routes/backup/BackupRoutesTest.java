package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.jobs.Plan;
import routes.jobs.RunContext;

/** Which step a port takes, by itself: what the steps do is for the tests on real servers. */
class BackupRoutesTest extends CamelTestSupport {

  private static final Plan PLAN = new Plan(List.of(new Plan.Item("copy", "a", "b")));

  @Override
  protected RoutesBuilder createRouteBuilder() {
    // Every step is woven out before it is called.
    return new BackupRoutes(
        new Backup(null, null, null, null, null, null, null, null, null),
        new Drill(null, null, null, null, null, null, null, null, null, null),
        new Verification(null, null, null, null, null, null),
        new Restore(null, null, null, null, null),
        new CatalogueRebuild(null, null, null),
        new BackupMetrics(
            null, new Sources(Map.of(), Map.of()), new SimpleMeterRegistry(), Clock.systemUTC()),
        null);
  }

  @ParameterizedTest(name = "a dry run of {0} asks for the plan and nothing else")
  @CsvSource({
    "backup.postgres,  take",
    "backup.drill,     run",
    "restore.postgres, run",
  })
  void aDryRunOnlyPlans(String port, String work) throws Exception {
    AdviceWith.adviceWith(
        context,
        port,
        route -> {
          route.weaveById(port + ".plan").replace().setBody(exchange -> PLAN);
          route.weaveById(port + "." + work).replace().to("mock:work");
        });
    MockEndpoint worked = getMockEndpoint("mock:work");
    worked.expectedMessageCount(0);

    Exchange answer = send(port, true);

    assertThat(answer.getException()).isNull();
    assertThat(answer.getMessage().getBody()).isEqualTo(PLAN);
    worked.assertIsSatisfied();
  }

  @ParameterizedTest(name = "{0} does its work and answers with its outcome")
  @CsvSource({
    "backup.drill,     run",
    "backup.verify,    run",
    "restore.postgres, run",
  })
  void aRunWorks(String port, String work) throws Exception {
    Outcomes.Verified outcome =
        new Outcomes.Verified("main", "snapshot", 1, 1, 2, "", Duration.ofSeconds(3));
    AdviceWith.adviceWith(
        context,
        port,
        route -> route.weaveById(port + "." + work).replace().setBody(exchange -> outcome));

    assertThat(send(port, false).getMessage().getBody()).isEqualTo(outcome);
  }

  @Test
  void theCatalogueLearnsOfASnapshotOnlyAfterItIsPublished() throws Exception {
    AdviceWith.adviceWith(
        context,
        "backup.postgres",
        route -> {
          route
              .weaveById("backup.postgres.take")
              .replace()
              .throwException(new IllegalStateException("no manifest"));
          route.weaveById("backup.postgres.catalogue").replace().to("mock:catalogue");
        });
    MockEndpoint catalogue = getMockEndpoint("mock:catalogue");
    catalogue.expectedMessageCount(0);

    Exchange answer = send("backup.postgres", false);

    assertThat(answer.getException()).hasMessage("no manifest");
    catalogue.assertIsSatisfied();
  }

  private Exchange send(String port, boolean dryRun) {
    return template.send(
        "direct:" + port,
        exchange -> {
          exchange.setProperty(RunContext.PROPERTY, new FakeRun(new UUID(0, 1), 1, dryRun));
          exchange.getMessage().setBody(Map.of());
        });
  }
}
