package routes.traces;

import java.time.Clock;
import org.springframework.stereotype.Component;
import routes.platform.http.ApiRoutes;
import routes.platform.http.Page;

/** Ports {@code api.traces.*}. */
@Component
class TraceRoutes extends ApiRoutes {

  /** The name this hub has in Jaeger. */
  private static final String OWN = "ml-security-hub";

  private final Jaeger jaeger;
  private final Clock clock;

  TraceRoutes(Jaeger jaeger, Clock clock) {
    this.jaeger = jaeger;
    this.clock = clock;
  }

  @Override
  public void configure() {
    port(
        "api.traces.list",
        "Lists traces that Jaeger keeps",
        r -> Page.of(jaeger.find(TraceQuery.of(r, OWN, clock.instant()))));
    port("api.traces.get", "Shows one trace", r -> jaeger.get(TraceQuery.id(r.path("id"))));
  }
}
