package routes.jobs.triggers;

import java.util.List;
import org.springframework.stereotype.Component;
import routes.kernel.routefiles.BrokenRoute;
import routes.kernel.routefiles.RouteFiles;

/** Triggers that do not run since something in their file is wrong, as the files were at start. */
@Component
record BrokenTriggers(RouteFiles files) {

  /**
   * One of them.
   *
   * @param id {@code <job>/<name>} as far as they are given; else the route's, or the file's name
   */
  record Broken(String id, BrokenRoute route) {

    /** As declared, or null. */
    String given(String parameter) {
      return route.parameters().get(parameter);
    }
  }

  List<Broken> all() {
    return files.broken().stream().map(route -> new Broken(id(route), route)).toList();
  }

  private static String id(BrokenRoute route) {
    String job = route.parameters().get("job");
    String name = route.parameters().get("name");
    if (job != null && name != null) {
      return job + "/" + name;
    }
    return route.route() == null ? route.file() : route.route();
  }
}
