package routes.web.hooks;

import java.util.function.BiConsumer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.rest.RestDefinition;
import org.springframework.stereotype.Component;
import routes.kernel.routefiles.RouteCheck;

/** A REST route outside of {@value Hook#PREFIX} is broken: nobody could call it. */
@Component
class HookCheck implements RouteCheck {

  private static final String COMPONENT = "platform-http:";

  @Override
  public void check(RouteBuilder routes, BiConsumer<String, String> broken) {
    routes.getRestCollection().getRests().removeIf(rest -> isBroken(rest, broken));
    routes.getRouteCollection().getRoutes().removeIf(route -> isBroken(route, broken));
  }

  private static boolean isBroken(RestDefinition rest, BiConsumer<String, String> broken) {
    try {
      rest.getVerbs().forEach(verb -> Hook.of(rest, verb));
      return false;
    } catch (IllegalArgumentException e) {
      broken.accept(rest.getId(), e.getMessage());
      return true;
    }
  }

  private static boolean isBroken(RouteDefinition route, BiConsumer<String, String> broken) {
    String uri = route.getInput() == null ? "" : route.getInput().getEndpointUri();
    if (!uri.startsWith(COMPONENT)) {
      return false;
    }
    try {
      Hook.requireNoCamelVariable(uri);
      if (!("/" + uri.substring(COMPONENT.length()).replaceFirst("^/+", ""))
          .startsWith(Hook.PREFIX)) {
        throw new IllegalArgumentException(
            uri + ": REST routes of your own have paths that begin with " + Hook.PREFIX);
      }
      return false;
    } catch (IllegalArgumentException e) {
      broken.accept(route.getRouteId(), e.getMessage());
      return true;
    }
  }
}
