package routes.notify.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.model.BeanDefinition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import routes.RouteTest;
import routes.messaging.deadletters.ReplayPort;
import routes.notify.rules.NotifyProperties;
import routes.notify.rules.Target.Kind;
import routes.notify.transport.Answer;
import routes.notify.transport.Message;

@RouteTest.Of({"notify.deliver", "notify.camel"})
class NotifyRoutesTest extends RouteTest {

  /** In the order of the route. */
  private static final List<String> BEANS = List.of("replay", "webhook", "slack", "email");

  private NotifyRoutes routes;

  @Override
  protected RoutesBuilder createRouteBuilder() {
    NotifyProperties properties =
        new Binder(
                new MapConfigurationPropertySource(
                    Map.of(
                        "hub.notify.targets.own.kind",
                        "camel",
                        "hub.notify.targets.own.uri",
                        "mock:a,b")))
            .bind("hub.notify", NotifyProperties.class)
            .get();
    routes = new NotifyRoutes(properties, null, null, null, null);
    return routes;
  }

  @BeforeEach
  void start() throws Exception {
    advise(
        "notify.deliver",
        route -> {
          // From the last on: what is replaced is no bean any more.
          for (int bean = BEANS.size() - 1; bean >= 0; bean--) {
            route
                .weaveByType(BeanDefinition.class)
                .selectIndex(bean)
                .replace()
                .to("mock:" + BEANS.get(bean));
          }
        });
    context.start();
  }

  private static Message message(Kind kind) {
    return new Message(new UUID(0, 1), "own", kind, "{\"type\":\"run.failed\"}", 1);
  }

  @ParameterizedTest
  @EnumSource(names = "CAMEL", mode = EnumSource.Mode.EXCLUDE)
  void aMessageGoesToTheTransportOfItsTargetAndToNoOther(Kind kind) throws Exception {
    Message message = message(kind);
    for (String bean : BEANS) {
      MockEndpoint mock = getMockEndpoint("mock:" + bean);
      boolean its = bean.equals(kind.name().toLowerCase(java.util.Locale.ROOT));
      mock.expectedMessageCount(its ? 1 : 0);
      mock.whenAnyExchangeReceived(
          exchange -> {
            assertThat(exchange.getMessage().getBody()).isSameAs(message);
            exchange.getMessage().setBody(new Answer(204, null));
          });
    }

    assertThat(routes.bring(message)).isEqualTo(new Answer(204, null));

    MockEndpoint.assertIsSatisfied(context);
  }

  @Test
  void aDeadLetterIsQueuedAgainAndNotSent() throws Exception {
    getMockEndpoint("mock:replay").expectedBodiesReceived("the letter");
    getMockEndpoint("mock:webhook").expectedMessageCount(0);

    template.send(
        "direct:notify.deliver",
        exchange -> {
          exchange.setProperty(ReplayPort.LETTER, "the letter");
          exchange.getMessage().setBody(message(Kind.WEBHOOK));
        });

    MockEndpoint.assertIsSatisfied(context);
  }

  @Test
  void anEndpointOfCamelsGetsTheEventAndNoHeaderOfAnybody() throws Exception {
    MockEndpoint own = getMockEndpoint("mock:a,b");
    own.expectedBodiesReceived("{\"type\":\"run.failed\"}");

    Exchange done =
        template.send(
            "direct:notify.deliver",
            exchange -> {
              exchange.getMessage().setHeader("CamelHttpUri", "http://elsewhere");
              exchange.getMessage().setBody(message(Kind.CAMEL));
            });

    own.assertIsSatisfied();
    assertThat(own.getExchanges().get(0).getMessage().getHeaders())
        .containsExactly(Map.entry(Exchange.CONTENT_TYPE, "application/json"));
    assertThat(done.getMessage().getBody()).isEqualTo(Answer.TAKEN);
  }

  @Test
  void whatAnEndpointDoesNotTakeIsNotCalledTaken() {
    failing("mock:a,b", new IllegalStateException("away"));

    org.assertj.core.api.Assertions.assertThatThrownBy(() -> routes.bring(message(Kind.CAMEL)))
        .hasStackTraceContaining("away");
  }
}
