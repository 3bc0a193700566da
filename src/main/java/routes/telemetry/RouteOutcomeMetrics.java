package routes.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.springframework.stereotype.Component;

/**
 * {@code hub_route_exchanges_total}: what went through each route, by how it ended. Camel's own
 * counters call what left a dead letter a success.
 */
@Component
record RouteOutcomeMetrics(MeterRegistry registry) implements RoutePolicyFactory {

  @Override
  public RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode route) {
    counter(routeId, "succeeded");
    // There from the start: an alert on "increased" sees the first one.
    counter(routeId, "failed");
    return new RoutePolicySupport() {
      @Override
      public void onExchangeBegin(Route begun, Exchange exchange) {
        ExchangeOutcome.begun(exchange);
      }

      @Override
      public void onExchangeDone(Route done, Exchange exchange) {
        counter(routeId, ExchangeOutcome.of(exchange)).increment();
      }
    };
  }

  private Counter counter(String routeId, String outcome) {
    return Counter.builder("hub.route.exchanges")
        .description("What went through a route, by how it ended; a dead letter is a failure")
        .tags("route_id", routeId, "outcome", outcome)
        .register(registry);
  }
}
