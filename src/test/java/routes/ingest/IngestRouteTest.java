package routes.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import routes.RouteTest;

@RouteTest.Of("ingest.*")
class IngestRouteTest extends RouteTest {

  private final List<Object> letters = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private MockEndpoint note;
  private MockEndpoint port;

  /** Stands for {@link IngestRoutes}. */
  public final class Routes {
    public void heard(String source, byte[] body) {
      heard.add(source + " " + new String(body, StandardCharsets.ISO_8859_1));
    }

    public void leaveLetter(Exchange exchange) {
      letters.add(exchange.getMessage().getBody());
    }
  }

  @Override
  protected RoutesBuilder createRouteBuilder() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from("direct:port").to("mock:port");
      }
    };
  }

  @BeforeEach
  void start() throws Exception {
    context.getRegistry().bind("ingestRoutes", new Routes());
    context.getRegistry().bind("transaction", transaction);
    load("events");
    TemplatedRouteBuilder.builder(context, "ingest")
        .routeId("ingest.models")
        .parameter("source", "models")
        .parameter("port", "port")
        .add();
    TemplatedRouteBuilder.builder(context, "channel")
        .routeId("ingest.models.channel")
        .parameter("source", "models")
        .add();
    advise("ingest.models", route -> route.weaveByToUri("sql:.*note.*").replace().to("mock:note"));
    advise("ingest.models.channel", route -> route.replaceFromWith("direct:channel"));
    note = getMockEndpoint("mock:note");
    port = getMockEndpoint("mock:port");
    noted(1);
    context.start();
  }

  /** Rows that the note has written: none for a message that is known. */
  private void noted(int rows) {
    note.whenAnyExchangeReceived(
        exchange -> exchange.getMessage().setHeader("CamelSqlUpdateCount", rows));
  }

  private Exchange send(Object body) {
    return template.send(
        "direct:ingest.models",
        exchange -> {
          exchange.setProperty("messageId", "m-1");
          exchange.getMessage().setBody(body);
        });
  }

  @Test
  void aMessageIsNotedAndThenItsPortTakesItInOneTransaction() throws Exception {
    port.expectedBodiesReceived("body");
    port.whenAnyExchangeReceived(
        exchange -> {
          assertThat(note.getReceivedCounter()).isOne();
          assertThat(exchange.getMessage().getHeaders().keySet())
              .as("none that camel-sql of the port would obey")
              .noneMatch(header -> header.startsWith("Camel"));
          assertThat(transactions).as("not ended yet").isEmpty();
        });

    assertThat(send("body").getException()).isNull();

    port.assertIsSatisfied();
    assertThat(transactions).containsExactly("kept");
  }

  @Test
  void oneThatIsKnownIsNotTakenAgain() throws Exception {
    noted(0);
    port.expectedMessageCount(0);

    assertThat(send("body").getProperty("known", Boolean.class)).isTrue();

    port.assertIsSatisfied();
  }

  @Test
  void whatThePortCannotTakeIsNotNotedEither() {
    failing("mock:port", new IllegalStateException("away"));

    assertThat(send("body").getException()).hasMessage("away");
    assertThat(transactions).containsExactly("rolled back");
  }

  /** As the error policy marks it when a step of the port became a dead letter. */
  @Test
  void whatAPortHandledByADeadLetterIsRolledBack() {
    port.whenAnyExchangeReceived(exchange -> exchange.setRollbackOnlyLast(true));

    assertThat(send("body").getException()).isNull();
    assertThat(transactions).containsExactly("rolled back");
  }

  @Test
  void aNoteThatCannotBeWrittenCallsNoPort() throws Exception {
    failing("mock:note", new IllegalStateException("away"));
    port.expectedMessageCount(0);

    assertThat(send("body").getException()).hasMessage("away");

    port.assertIsSatisfied();
    assertThat(transactions).containsExactly("rolled back");
  }

  @Test
  void whatMayNotGoOnIsADeadLetterAndNeitherNotedNorTaken() throws Exception {
    note.expectedMessageCount(0);
    port.expectedMessageCount(0);

    template.send(
        "direct:ingest.models",
        exchange -> {
          exchange.setProperty("why", new IllegalArgumentException("not of its schema"));
          exchange.getMessage().setBody("the letter");
        });

    MockEndpoint.assertIsSatisfied(context);
    assertThat(letters).containsExactly("the letter");
    assertThat(transactions).isEmpty();
  }

  @Test
  void whatIsPublishedIsHeardByteForByte() {
    template.sendBody("direct:channel", new byte[] {(byte) 0xff, 'a', 0});

    assertThat(heard).containsExactly("models \u00ffa\u0000");
  }
}
