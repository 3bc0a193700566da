package routes.messaging.outbox;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.springframework.stereotype.Component;
import routes.messaging.outbox.Relay.Outcome;
import routes.messaging.outbox.Relay.Sent;
import routes.messaging.outbox.RelayLanes.Batch;
import routes.telemetry.ExchangeOutcome;

/**
 * Port {@code direct:outbox.relay}: a lane's next events go to Redis. Body in: {@link Batch}, out:
 * {@link Outcome}. The pump calls it; while it is stopped, events wait.
 *
 * <p>Port {@code direct:outbox.republish}: a dead letter that Redis refused is sent again. Body in:
 * the envelope, bytes; headers {@code channel}, {@code id} and {@code type} as the letter has them.
 */
@Component
class OutboxRoutes extends EndpointRouteBuilder {

  private final Relay relay;

  OutboxRoutes(Relay relay) {
    this.relay = relay;
  }

  @Override
  public void configure() {
    from(direct("outbox.relay"))
        .routeId("outbox.relay")
        .routeDescription("Writes a lane's next events to Redis, and marks what arrived")
        .transform()
        .body(Batch.class, relay::write)
        .id("outbox.relay.write")
        .transform()
        .body(Sent.class, relay::settle)
        .id("outbox.relay.settle")
        .process(OutboxRoutes::tell)
        .id("outbox.relay.tell");

    from(direct(Relay.PORT))
        .routeId(Relay.PORT)
        .routeDescription("Sends an event again that Redis refused permanently")
        .process(this::republish)
        .id("outbox.republish.write");
  }

  private void republish(Exchange exchange) {
    Message letter = exchange.getMessage();
    relay.republish(
        letter.getHeader("channel", String.class),
        letter.getHeader("id", String.class),
        letter.getHeader("type", String.class),
        letter.getBody(byte[].class));
  }

  /** What has to wait is a failure in metrics and trace, though it heals by itself. */
  private static void tell(Exchange exchange) {
    Outcome outcome = exchange.getMessage().getBody(Outcome.class);
    if (outcome.halt() != null) {
      ExchangeOutcome.failed(exchange, new IllegalStateException(outcome.halt()));
    } else if (!outcome.held()) {
      ExchangeOutcome.failed(
          exchange, new IllegalStateException("the lane is another hub's by now"));
    } else if (outcome.refused() > 0) {
      ExchangeOutcome.failed(
          exchange,
          new IllegalStateException(
              outcome.refused() + " events were refused and are dead letters"));
    }
  }
}
