package routes.jobs.triggers;

import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import routes.jobs.ConfiguredNames;
import routes.jobs.Job;
import routes.jobs.JobCatalogue;
import routes.kernel.HubProperties;
import routes.kernel.doctor.Check;
import routes.kernel.doctor.Checkup;
import routes.kernel.doctor.Findings;
import routes.kernel.routefiles.BrokenRoute;
import routes.kernel.routefiles.RouteCheck;
import routes.kernel.routefiles.RouteFiles;
import routes.kernel.routefiles.RouteFolderProperties;

/** Whether every schedule, shipped or the user's own, can fire: as the hub looks at its start. */
@Order(25)
record TriggerCheckup(
    ObjectProvider<Job<?>> jobs,
    ObjectProvider<ConfiguredNames> names,
    ObjectProvider<ScheduleProperties> schedule,
    ObjectProvider<RouteFolderProperties> folder,
    ObjectProvider<HubProperties> hub,
    ObjectProvider<RouteCheck> routeChecks,
    Environment environment)
    implements Checkup {

  @Override
  public List<Check> checks() {
    return List.of(new Check("hub.routes.folder", this::tell));
  }

  private void tell(Findings findings) throws Exception {
    JobCatalogue catalogue = new JobCatalogue(jobs, names);
    // A wrong key is a finding of the configuration, and not of each trigger that needs it, too.
    schedule.getObject();
    catalogue.all();
    TriggerCatalogue triggers = new TriggerCatalogue(catalogue);
    RouteFiles files =
        new RouteFiles(
            folder.getObject(), hub.getObject(), List.of(triggers), routeChecks.stream().toList());
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.getPropertiesComponent().addPropertiesSource(new Keys(environment));
      context.build();
      List<BrokenRoute> broken = files.examine(context);
      broken.forEach(route -> findings.fail(route.told(), "the hub starts without it"));
      if (broken.isEmpty()) {
        findings.ok(
            folder.getObject().folder() + ": " + triggers.declared() + " triggers can fire");
      }
    }
  }

  /** The hub's configuration, for placeholders. */
  private record Keys(Environment environment) implements PropertiesSource {

    @Override
    public String getName() {
      return "hub";
    }

    @Override
    public String getProperty(String name) {
      return environment.getProperty(name);
    }
  }
}
