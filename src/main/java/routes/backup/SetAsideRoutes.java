package routes.backup;

import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.springframework.stereotype.Component;
import routes.jobs.RunContext;

/** Port {@code direct:backup.set-aside}. Body in: the request record; body out: the outcome. */
@Component
class SetAsideRoutes extends EndpointRouteBuilder {

  private final SettingAside settingAside;

  SetAsideRoutes(SettingAside settingAside) {
    this.settingAside = settingAside;
  }

  @Override
  public void configure() {
    from(direct("backup.set-aside"))
        .routeId("backup.set-aside")
        .routeDescription("Takes a damaged manifest out of the listing of snapshots")
        .choice()
        .when(exchange -> exchange.getProperty(RunContext.PROPERTY, RunContext.class).dryRun())
        .bean(settingAside, "plan")
        .id("backup.set-aside.plan")
        .otherwise()
        .bean(settingAside, "run")
        .id("backup.set-aside.run")
        .end();
  }
}
