package routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.rest.RestDefinition;
import org.apache.camel.model.rest.VerbDefinition;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import routes.jobs.Job;
import routes.jobs.JobCatalogue;

/** What ArchUnit cannot see, since it is text: ports that are called and ports that are served. */
class WiringTest extends HubTest {

  @Autowired private JobCatalogue jobCatalogue;

  private List<RouteDefinition> routes() {
    return ((ModelCamelContext) camel).getRouteDefinitions();
  }

  private List<VerbDefinition> operations() {
    return ((ModelCamelContext) camel)
        .getRestDefinitions().stream().map(RestDefinition::getVerbs).flatMap(List::stream).toList();
  }

  private Set<String> served() {
    return routes().stream()
        .map(route -> port(filledIn(route, route.getInput().getEndpointUri())))
        .filter(port -> port != null)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyPortThatIsCalledIsServed() {
    Set<String> called = new TreeSet<>();
    for (RouteDefinition route : routes()) {
      sends(route)
          .map(uri -> port(filledIn(route, uri)))
          .filter(port -> port != null)
          .forEach(called::add);
    }
    operations().stream()
        .filter(operation -> operation.getTo() != null) // a controller serves the others
        .forEach(operation -> called.add(port(operation.getTo().getEndpointUri())));

    assertThat(called).contains("notify.camel");
    assertThat(served()).containsAll(called);
  }

  @Test
  void everyJobHasItsPort() {
    assertThat(served()).containsAll(jobCatalogue.all().stream().map(Job::id).toList());
  }

  @Test
  void everyRouteHasAnIdAndADescription() {
    for (RouteDefinition route : routes()) {
      assertThat(route.hasCustomIdAssigned()).as("id of " + route).isTrue();
      if (!Boolean.TRUE.equals(route.isRest())) {
        assertThat(route.getDescriptionText())
            .as("description of " + route.getId())
            .isNotBlank()
            .doesNotContain("{{");
      }
    }
    for (VerbDefinition operation : operations()) {
      assertThat(operation.getRouteId()).as("route of " + operation).isNotBlank();
      assertThat(operation.getDescriptionText()).as(operation.getRouteId()).isNotBlank();
    }
  }

  @Test
  void everyEndpointOfRedisNamesItsSerializer() {
    Stream<String> uris =
        routes().stream()
            .flatMap(
                route -> Stream.concat(Stream.of(route.getInput().getEndpointUri()), sends(route)));

    assertThat(uris.filter(uri -> uri.startsWith("spring-redis:")))
        .allMatch(uri -> uri.contains("serializer="), "or Java's own would read what anyone wrote");
  }

  @SuppressWarnings("rawtypes") // as Camel has them
  private static Stream<String> sends(RouteDefinition route) {
    Collection<ProcessorDefinition> steps =
        ProcessorDefinitionHelper.filterTypeInOutputs(
            route.getOutputs(), ProcessorDefinition.class);
    return steps.stream()
        .map(
            step ->
                step instanceof SendDefinition<?> to
                    ? to.getEndpointUri()
                    : step instanceof ToDynamicDefinition to ? to.getUri() : null)
        .filter(Objects::nonNull);
  }

  /** A route that was made of a template still has the template's words. */
  private static String filledIn(RouteDefinition route, String uri) {
    String filled = uri;
    if (route.getTemplateParameters() != null) {
      for (var parameter : route.getTemplateParameters().entrySet()) {
        filled = filled.replace("{{" + parameter.getKey() + "}}", "" + parameter.getValue());
      }
    }
    return filled;
  }

  /** Name of a {@code direct:} port, or null. */
  private static String port(String uri) {
    return uri.startsWith("direct:")
        ? uri.substring("direct:".length()).replaceFirst("^//", "").replaceFirst("\\?.*", "")
        : null;
  }
}
