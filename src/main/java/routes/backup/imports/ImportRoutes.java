package routes.backup.imports;

import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.springframework.stereotype.Component;
import routes.jobs.RunContext;

/** Port {@code direct:backup.import}. */
@Component
class ImportRoutes extends EndpointRouteBuilder {

  private final Importing importing;

  ImportRoutes(Importing importing) {
    this.importing = importing;
  }

  @Override
  public void configure() {
    from(direct("backup.import"))
        .routeId("backup.import")
        .routeDescription("Takes over dumps that lie elsewhere")
        .choice()
        .when(exchange -> exchange.getProperty(RunContext.PROPERTY, RunContext.class).dryRun())
        .bean(importing, "plan")
        .id("backup.import.plan")
        .otherwise()
        .bean(importing, "run")
        .id("backup.import.run")
        .end();
  }
}
