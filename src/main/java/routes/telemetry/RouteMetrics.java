package routes.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.springframework.stereotype.Component;

/**
 * {@code hub_route_started}: every route that should run, by id, and whether it does; {@code
 * hub_route_inflight}: what each has at work. The latter are asked for now and then: Camel's own
 * gauge of them costs each exchange a search through all series.
 */
@Component
class RouteMetrics implements RefreshedMetrics {

  private final CamelContext camel;
  private final MultiGauge started;
  private final MultiGauge inflight;

  RouteMetrics(CamelContext camel, MeterRegistry registry) {
    this.camel = camel;
    this.started =
        MultiGauge.builder("hub.route.started")
            .description("1 when a route that starts with the hub takes work; 0 when it stopped")
            .register(registry);
    this.inflight =
        MultiGauge.builder("hub.route.inflight")
            .description("Exchanges that a route of this hub has at work")
            .register(registry);
  }

  @Override
  public void refresh() {
    List<MultiGauge.Row<?>> rows =
        camel.getRoutes().stream()
            .filter(RouteMetrics::shouldRun)
            .<MultiGauge.Row<?>>map(this::row)
            .toList();
    started.register(rows, true);
    List<MultiGauge.Row<?>> working =
        camel.getRoutes().stream()
            .<MultiGauge.Row<?>>map(
                route ->
                    MultiGauge.Row.of(
                        Tags.of("route_id", route.getId()),
                        camel.getInflightRepository().size(route.getId())))
            .toList();
    inflight.register(working, true);
  }

  /** The controller that supervises a route starts it itself, and has it say that it does not. */
  private static boolean shouldRun(Route route) {
    return !Boolean.FALSE.equals(route.isAutoStartup())
        || route.getProperties().containsKey(Route.SUPERVISED);
  }

  private MultiGauge.Row<Number> row(Route route) {
    boolean runs = camel.getRouteController().getRouteStatus(route.getId()).isStarted();
    return MultiGauge.Row.of(Tags.of("route_id", route.getId()), runs ? 1 : 0);
  }
}
