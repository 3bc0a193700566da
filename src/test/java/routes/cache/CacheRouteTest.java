package routes.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import routes.RouteTest;
import routes.kernel.errors.InvalidInputException;

@RouteTest.Of("cache.invalidate")
class CacheRouteTest extends RouteTest {

  private static final byte[] EVENT =
      "{\"model\":\"fraud\",\"version\":\"2\"}".getBytes(StandardCharsets.UTF_8);

  private MockEndpoint epoch;
  private MockEndpoint unlinked;

  @Override
  protected RoutesBuilder createRouteBuilder() {
    return new CacheRoutes(null, null);
  }

  @BeforeEach
  void start() throws Exception {
    epoch = getMockEndpoint("mock:epoch");
    unlinked = getMockEndpoint("mock:unlink");
    advise(
        "cache.invalidate",
        route -> {
          route.weaveById("cache.invalidate.epoch").replace().to("mock:epoch");
          route.weaveById("cache.invalidate.unlink").replace().to("mock:unlink");
        });
    context.start();
  }

  private Exchange send(Object body, Map<String, Object> headers) {
    return fluentTemplate.to("direct:cache.invalidate").withHeaders(headers).withBody(body).send();
  }

  @Test
  void theEpochIsWrittenBeforeAnythingIsUnlinked() throws Exception {
    epoch.whenAnyExchangeReceived(
        exchange ->
            assertThat(unlinked.getReceivedCounter()).isEqualTo(epoch.getReceivedCounter() - 1));
    epoch.expectedMessageCount(2);
    unlinked.expectedMessageCount(2);

    assertThat(send(EVENT, Map.of()).getException()).isNull();
    assertThat(send(EVENT, Map.of()).getException()).isNull();

    MockEndpoint.assertIsSatisfied(context);
    assertThat(values("CamelRedis.Key"))
        .containsOnly(new ModelVersion("fraud", "2").versionEpoch());
    assertThat(values("CamelRedis.Value")).doesNotContainNull().doesNotHaveDuplicates();
    assertThat(values("CamelRedis.Timeout")).containsOnly(PredictionStore.EPOCH.toSeconds());
  }

  private List<Object> values(String header) {
    return epoch.getExchanges().stream()
        .map(exchange -> exchange.getMessage().getHeader(header))
        .toList();
  }

  @Test
  void noHeaderOfTheCallerReachesRedis() {
    send(EVENT, Map.of("CamelRedis.Command", "FLUSHALL", "CamelRedis.Field", "x", "own", "y"));

    assertThat(epoch.getExchanges().get(0).getMessage().getHeaders().keySet())
        .containsExactlyInAnyOrder("CamelRedis.Key", "CamelRedis.Value", "CamelRedis.Timeout");
  }

  @Test
  void whenTheEpochIsNotWrittenNothingIsUnlinked() throws Exception {
    failing("mock:epoch", new IllegalStateException("Redis is away"));
    unlinked.expectedMessageCount(0);

    assertThat(send(EVENT, Map.of()).getException()).hasMessage("Redis is away");

    unlinked.assertIsSatisfied();
  }

  @Test
  void whatNamesNoModelIsRefusedBeforeRedisIsAsked() throws Exception {
    epoch.expectedMessageCount(0);

    assertThat(send("{}".getBytes(StandardCharsets.UTF_8), Map.of()).getException())
        .isInstanceOf(InvalidInputException.class);

    epoch.assertIsSatisfied();
  }
}
