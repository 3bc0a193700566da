package routes.backup.copy;

import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.springframework.stereotype.Component;
import routes.jobs.RunContext;

/** Port {@code direct:backup.copy}. */
@Component
class CopyRoutes extends EndpointRouteBuilder {

  private final Copying copying;

  CopyRoutes(Copying copying) {
    this.copying = copying;
  }

  @Override
  public void configure() {
    from(direct("backup.copy"))
        .routeId("backup.copy")
        .routeDescription("Sends a second place the snapshots that it lacks")
        .choice()
        .when(exchange -> exchange.getProperty(RunContext.PROPERTY, RunContext.class).dryRun())
        .bean(copying, "plan")
        .id("backup.copy.plan")
        .otherwise()
        .bean(copying, "run")
        .id("backup.copy.run")
        .end();
  }
}
