package routes.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import org.apache.camel.CamelContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Has Camel write its spans by {@link RouteSpans} in place of the starter's tracer. */
@Configuration(proxyBeanMethods = false)
class RouteTracing {

  // Camel starts and stops it.
  @Bean(destroyMethod = "")
  RouteSpans routeSpans(CamelContext camel, OpenTelemetry telemetry) {
    RouteSpans spans = new RouteSpans(telemetry);
    spans.init(camel);
    return spans;
  }
}
