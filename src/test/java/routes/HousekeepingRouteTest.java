package routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

@RouteTest.Of("housekeeping")
class HousekeepingRouteTest extends RouteTest {

  private static final String MESSAGES = "mock:sql:classpath:sql/ingest/forget.sql";
  private static final String UPLOADS = "mock:sql:classpath:sql/redteam/drop-forget.sql";

  @BeforeEach
  void start() throws Exception {
    context.getRegistry().bind("dataSource", new SimpleDriverDataSource());
    load("housekeeping");
    assertThat(context.getRouteDefinition("housekeeping").getInput().getEndpointUri())
        .startsWith("timer:");
    advise(
        "housekeeping",
        route -> {
          route.replaceFromWith("direct:hour");
          route.mockEndpointsAndSkip("sql:*");
        });
    context.start();
  }

  @Test
  void eachHourIdsOfMessagesAndOfUploadsAreForgotten() throws Exception {
    getMockEndpoint(MESSAGES).expectedMessageCount(1);
    getMockEndpoint(UPLOADS).expectedMessageCount(1);

    template.sendBody("direct:hour", null);

    MockEndpoint.assertIsSatisfied(context);
  }

  @Test
  void aDatabaseThatIsAwayFailsTheHour() {
    failing(MESSAGES, new IllegalStateException("away"));

    assertThat(template.send("direct:hour", exchange -> {}).getException()).hasMessage("away");
  }
}
