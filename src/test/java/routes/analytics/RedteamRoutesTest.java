package routes.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.model.ToDefinition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.TransientDataAccessResourceException;
import routes.RouteTest;
import routes.analytics.Redteam.Outcome;

@RouteTest.Of("redteam.ingest")
class RedteamRoutesTest extends RouteTest {

  private static final String ROW =
      """
      {"vulnerability_id":"%s","model_name":"fraud","model_version":"1","title":"t",\
      "severity":"%s","status":"open","cvss":9.8,"discovered_at":"2026-01-31T02:00:00+01:00"}""";

  private MockEndpoint written;
  private MockEndpoint noted;
  private MockEndpoint told;

  @Override
  protected RoutesBuilder createRouteBuilder() {
    return new RedteamRoutes(new Redteam(null), null, null, transaction, manager);
  }

  @BeforeEach
  void start() throws Exception {
    advise(
        "redteam.ingest",
        route -> {
          route.weaveById("redteam.ingest.told").replace().to("mock:noted");
          route.weaveById("redteam.ingest.tell").replace().to("mock:tell");
          route
              .weaveById("redteam.ingest.refuse")
              .replace()
              .process(
                  exchange ->
                      exchange
                          .getMessage()
                          .setBody(exchange.getProperty("tally", Redteam.Tally.class).outcome()));
          for (int kind = 2; kind >= 0; kind--) {
            route
                .weaveByType(ToDefinition.class)
                .selectIndex(kind)
                .replace()
                .to("mock:" + Kind.values()[kind].text());
          }
        });
    written = getMockEndpoint("mock:vulnerabilities");
    noted = getMockEndpoint("mock:noted");
    told = getMockEndpoint("mock:tell");
    written.whenAnyExchangeReceived(
        exchange -> exchange.getMessage().setHeader("fresh", Boolean.TRUE));
    noted(1);
    context.start();
  }

  private void noted(int rows) {
    noted.whenAnyExchangeReceived(
        exchange -> exchange.getMessage().setHeader("CamelSqlUpdateCount", rows));
  }

  private static String row(String id, String severity) {
    return ROW.formatted(id, severity);
  }

  private Exchange send(String... rows) {
    byte[] message =
        "{\"kind\":\"vulnerabilities\",\"rows\":[%s]}"
            .formatted(String.join(",", rows))
            .getBytes(StandardCharsets.UTF_8);
    return fluentTemplate
        .to("direct:redteam.ingest")
        .withHeader("CamelSqlQuery", "DROP TABLE analytics.vulnerabilities")
        .withBody(message)
        .send();
  }

  @Test
  void goodRowsAreWrittenInOneTransactionAndAWrongOneIsData() throws Exception {
    written.expectedMessageCount(2);
    getMockEndpoint("mock:results").expectedMessageCount(0);
    getMockEndpoint("mock:attack-patterns").expectedMessageCount(0);

    Exchange done = send(row("V-1", "low"), "{\"severity\":\"x\"}", row("V-2", "low"));

    MockEndpoint.assertIsSatisfied(context);
    Outcome outcome = done.getMessage().getBody(Outcome.class);
    assertThat(outcome.created()).isEqualTo(2);
    assertThat(outcome.refused()).extracting(Redteam.Refused::line).containsExactly(2L);
    assertThat(transactions).containsExactly("row kept", "row kept", "kept");
    assertThat(written.getExchanges().get(0).getMessage().getHeaders())
        .as("camel-sql would take its statement from one")
        .isEmpty();
  }

  @Test
  void aRowThatBreaksARuleOfItsTableIsRolledBackAlone() {
    written.whenExchangeReceived(
        1,
        exchange -> {
          throw new DataIntegrityViolationException("check");
        });

    Outcome outcome =
        send(row("V-1", "critical"), row("V-2", "low")).getMessage().getBody(Outcome.class);

    assertThat(outcome.created()).isOne();
    assertThat(outcome.critical()).isZero();
    assertThat(outcome.refused()).extracting(Redteam.Refused::line).containsExactly(1L);
    assertThat(transactions).containsExactly("row rolled back", "row kept", "kept");
  }

  @Test
  void aDatabaseThatGoesAwayInTheMiddleLeavesNothing() {
    written.whenExchangeReceived(
        2,
        exchange -> {
          throw new TransientDataAccessResourceException("away");
        });

    Exchange done = send(row("V-1", "low"), row("V-2", "low"), row("V-3", "low"));

    assertThat(done.getException()).hasRootCauseMessage("away");
    assertThat(written.getReceivedCounter()).as("the third is not tried").isEqualTo(2);
    assertThat(transactions).containsExactly("row kept", "row rolled back", "rolled back");
  }

  @Test
  void aCriticalFindingIsNotedThenToldAndOnlyOnce() throws Exception {
    told.expectedMessageCount(1);
    told.whenAnyExchangeReceived(exchange -> noted(0));

    assertThat(send(row("V-1", "critical"), row("V-1", "critical")).getException()).isNull();

    told.assertIsSatisfied();
    assertThat(noted.getReceivedCounter()).isEqualTo(2);
  }

  @Test
  void aFindingThatCannotBeToldIsNotWritten() {
    failing("mock:tell", new IllegalStateException("no room in the outbox"));

    assertThat(send(row("V-1", "critical")).getException())
        .hasRootCauseMessage("no room in the outbox");
    assertThat(transactions).containsExactly("row rolled back", "rolled back");
  }
}
