package routes.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.RouteTest;
import routes.messaging.outbox.RelayLanes.Batch;
import routes.messaging.outbox.RelayLanes.Lane;
import routes.stores.redis.StreamWriter;
import routes.telemetry.ExchangeOutcome;

@RouteTest.Of({"outbox.relay", "outbox.republish"})
class OutboxRoutesTest extends RouteTest {

  private static final Batch BATCH =
      new Batch(new Lane(3, "hub", 1, "life"), "life", null, List.of());

  private final List<String> steps = new ArrayList<>();
  private RuntimeException failure;
  private Relay.Outcome outcome = new Relay.Outcome(true, null, 0);

  @Override
  protected RoutesBuilder createRouteBuilder() {
    return new OutboxRoutes(
        new Relay(null, null, null, null, null, new SimpleMeterRegistry()) {
          @Override
          Sent write(Batch batch) {
            steps.add("write");
            if (failure != null) {
              throw failure;
            }
            return new Sent(batch, new StreamWriter.Written(0, Map.of(), null));
          }

          @Override
          Outcome settle(Sent sent) {
            steps.add("settle lane " + sent.batch().lane().number());
            return outcome;
          }

          @Override
          void republish(String channel, String id, String type, byte[] envelope) {
            steps.add(
                String.join(" ", channel, id, type, new String(envelope, StandardCharsets.UTF_8)));
          }
        });
  }

  @BeforeEach
  void start() {
    context.start();
  }

  private Exchange relay() {
    return template.send("direct:outbox.relay", exchange -> exchange.getMessage().setBody(BATCH));
  }

  @Test
  void aBatchIsMarkedAfterItIsWritten() {
    Exchange done = relay();

    assertThat(steps).containsExactly("write", "settle lane 3");
    assertThat(done.getMessage().getBody()).isEqualTo(outcome);
    assertThat(ExchangeOutcome.of(done)).isEqualTo("succeeded");
  }

  @Test
  void whatIsNotWrittenIsNotMarked() {
    failure = new IllegalStateException("Redis is away");

    assertThat(relay().getException()).isSameAs(failure);
    assertThat(steps).containsExactly("write");
  }

  @ParameterizedTest
  @CsvSource({"true, it has to wait, 0", "false,, 0", "true,, 2"})
  void whatIsNotAllRelayedIsAFailureInMetricsAndNoException(
      boolean held, String halt, int refused) {
    outcome = new Relay.Outcome(held, halt, refused);

    Exchange done = relay();

    assertThat(done.getException()).isNull();
    assertThat(ExchangeOutcome.of(done)).isEqualTo("failed");
    assertThat(done.getMessage().getBody()).isEqualTo(outcome);
  }

  @Test
  void aDeadLetterGoesToItsChannelWithItsIdAndType() {
    template.sendBodyAndHeaders(
        "direct:outbox.republish",
        "{}".getBytes(StandardCharsets.UTF_8),
        Map.of("channel", "runs", "id", "7", "type", "run.ended"));

    assertThat(steps).containsExactly("runs 7 run.ended {}");
  }
}
