package routes.kernel.routefiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.TemplatedRouteDefinition;
import org.apache.camel.model.TemplatedRouteParameterDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.StringHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.springframework.stereotype.Component;
import routes.kernel.HubProperties;
import routes.kernel.errors.Failures;

/**
 * The schedules that are shipped, and the user's own {@code *.camel.yaml} in {@code
 * hub.routes.folder}, in the order of their names. What is wrong is kept in {@link #broken()}; the
 * rest runs.
 */
@Component
public class RouteFiles implements RoutesBuilder {

  private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

  private static final String SCHEDULES = "classpath:camel/schedules.camel.yaml";
  private static final String SUFFIX = ".camel.yaml";

  private record Part(String file, YamlParts.Templated route) {}

  /** Makes a route of a template. */
  private interface RouteMaker {
    void make(TemplatedRouteDefinition route) throws Exception;
  }

  private final Path folder;
  private final List<TemplateCheck> checks;
  private final List<RouteCheck> routeChecks;
  private final List<BrokenRoute> broken = new CopyOnWriteArrayList<>();
  private final List<Part> templated = new ArrayList<>();

  /** File, and line of a templated one, that a route is of; by the route's id. */
  private final Map<String, String> owners = new HashMap<>();

  /**
   * @throws IllegalArgumentException when the folder that is configured does not exist
   */
  public RouteFiles(
      RouteFolderProperties properties,
      HubProperties hub,
      List<TemplateCheck> checks,
      List<RouteCheck> routeChecks) {
    this.routeChecks = routeChecks;
    Path named = properties.folder();
    this.folder = named == null || named.toString().isBlank() ? null : named;
    this.checks = checks;
    if (folder != null
        && !Files.isDirectory(folder)
        && !folder.equals(hub.stateDir().resolve("routes"))) {
      throw new IllegalArgumentException(
          "hub.routes.folder is '" + folder + "', which is not a folder: make it, or leave it out");
    }
  }

  /** What does not run, in the order of the files. */
  public List<BrokenRoute> broken() {
    return List.copyOf(broken);
  }

  @Override
  public void addRoutesToCamelContext(CamelContext context) throws Exception {
    for (Resource file : files(context)) {
      try {
        add(read(file, context), name(file), context);
      } catch (Exception e) {
        broken(new BrokenRoute(name(file), line(e), null, null, Map.of(), Failures.describe(e)));
      }
    }
  }

  private void add(RouteBuilder routes, String file, CamelContext context) throws Exception {
    check(routes, file, context);
    if (routes instanceof RouteConfigurationsBuilder configurations) {
      context.addRoutesConfigurations(configurations);
    }
    context.addRoutes(routes);
  }

  private void check(RouteBuilder routes, String file, CamelContext context) throws Exception {
    routes.configureRests(context);
    routes.configureRoutes(context);
    for (RouteCheck check : routeChecks) {
      check.check(
          routes,
          (route, reason) -> broken(new BrokenRoute(file, 1, route, null, Map.of(), reason)));
    }
  }

  /** Notes what a file makes of templates, and returns the rest of it. */
  private RouteBuilder read(Resource file, CamelContext context) throws Exception {
    YamlParts parts = YamlParts.of(file, context);
    parts.templated().forEach(route -> templated.add(new Part(name(file), route)));
    return parts.others();
  }

  /** Comes after all templates are there. */
  @Override
  public void addTemplatedRoutesToCamelContext(CamelContext context) {
    fromTemplates(context, ((ModelCamelContext) context)::addRouteFromTemplatedRoute);
  }

  private void fromTemplates(CamelContext context, RouteMaker maker) {
    for (Part part : templated) {
      TemplatedRouteDefinition route = null;
      try {
        route = part.route().read();
        requireFree(route.getRouteId(), context);
        check(route, context);
        maker.make(route);
        note(route.getRouteId(), part.file() + " line " + part.route().line());
      } catch (Exception e) {
        broken(part, route, e);
      }
    }
    templated.clear();
  }

  /** Camel would let a second route of an id take the place of the first, without a word. */
  private void requireFree(String routeId, CamelContext context) {
    if (routeId == null) {
      return;
    }
    String owner = owners.get(routeId);
    if (owner == null && ((ModelCamelContext) context).getRouteDefinition(routeId) != null) {
      owner = "another route of the hub";
    }
    if (owner != null) {
      throw new IllegalArgumentException(
          "route id " + routeId + " is taken by " + owner + ": give this one another id");
    }
  }

  private void note(String routeId, String owner) {
    if (routeId != null) {
      owners.put(routeId, owner);
    }
  }

  /**
   * Looks at all files without adding a route, for the doctor.
   *
   * @param context with the placeholders of the hub
   * @throws IOException when the folder cannot be read
   */
  public List<BrokenRoute> examine(CamelContext context) throws IOException {
    for (Resource file : files(context)) {
      try {
        RouteBuilder others = read(file, context);
        check(others, name(file), context);
        others
            .getRouteCollection()
            .getRoutes()
            .forEach(route -> note(route.getRouteId(), name(file)));
      } catch (Exception e) {
        broken(new BrokenRoute(name(file), line(e), null, null, Map.of(), Failures.describe(e)));
      }
    }
    fromTemplates(context, route -> {}); // none is made
    return broken();
  }

  private void check(TemplatedRouteDefinition route, CamelContext context) {
    for (TemplateCheck check : checks) {
      if (check.template().equals(route.getRouteTemplateRef())) {
        Map<String, Object> resolved = new LinkedHashMap<>();
        parameters(route)
            .forEach(
                (key, value) ->
                    resolved.put(
                        StringHelper.dashToCamelCase(key),
                        context.resolvePropertyPlaceholders(value)));
        check.check(route.getRouteId(), resolved);
      }
    }
  }

  private static Map<String, String> parameters(TemplatedRouteDefinition route) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (route.getParameters() != null) {
      for (TemplatedRouteParameterDefinition parameter : route.getParameters()) {
        parameters.put(parameter.getName(), parameter.getValue());
      }
    }
    return parameters;
  }

  private void broken(Part part, TemplatedRouteDefinition route, Exception e) {
    broken(
        new BrokenRoute(
            part.file(),
            part.route().line(),
            route == null ? null : route.getRouteId(),
            route == null ? null : route.getRouteTemplateRef(),
            route == null ? Map.of() : parameters(route),
            e instanceof IllegalArgumentException ? e.getMessage() : Failures.describe(e)));
  }

  private void broken(BrokenRoute route) {
    broken.add(route);
    LOG.error("{}; it does not run, everything else does", route.told());
  }

  private static int line(Exception e) {
    MarkedYamlEngineException marked = Failures.find(e, MarkedYamlEngineException.class);
    return marked == null || marked.getProblemMark().isEmpty()
        ? 1
        : marked.getProblemMark().get().getLine() + 1;
  }

  private List<Resource> files(CamelContext context) throws IOException {
    List<Resource> files = new ArrayList<>();
    files.add(ResourceHelper.resolveMandatoryResource(context, SCHEDULES));
    if (folder != null && Files.isDirectory(folder)) {
      try (Stream<Path> all = Files.list(folder)) {
        all.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
            .sorted()
            .forEach(file -> files.add(ResourceHelper.resolveResource(context, "file:" + file)));
      }
    }
    return files;
  }

  private static String name(Resource file) {
    String location = file.getLocation();
    return location.equals(SCHEDULES)
        ? location.substring(location.indexOf(':') + 1)
        : location.substring(location.lastIndexOf('/') + 1);
  }

  @Override
  public Set<String> updateRoutesToCamelContext(CamelContext context) {
    throw new UnsupportedOperationException("files are read once, when the hub starts");
  }
}
