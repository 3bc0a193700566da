package routes.probes;

import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.springframework.stereotype.Component;

/** Port {@code direct:probes.run}. */
@Component
class ProbeRoutes extends EndpointRouteBuilder {

  private final ProbesRun run;

  ProbeRoutes(ProbesRun run) {
    this.run = run;
  }

  @Override
  public void configure() {
    from(direct("probes.run"))
        .routeId("probes.run")
        .routeDescription("Looks at the probes now")
        .bean(run, "run")
        .id("probes.run.look");
  }
}
