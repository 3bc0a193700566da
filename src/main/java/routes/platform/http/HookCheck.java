package routes.platform.http;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.springframework.stereotype.Component;
import routes.platform.files.RouteCheck;

/** A file with a REST route outside of {@value Hook#PREFIX} is broken: nobody could call it. */
@Component
class HookCheck implements RouteCheck {

  private static final String COMPONENT = "platform-http:";

  @Override
  public void check(RouteBuilder routes) {
    routes
        .getRestCollection()
        .getRests()
        .forEach(rest -> rest.getVerbs().forEach(verb -> Hook.of(rest, verb)));
    for (RouteDefinition route : routes.getRouteCollection().getRoutes()) {
      String uri = route.getInput() == null ? "" : route.getInput().getEndpointUri();
      if (uri.startsWith(COMPONENT)
          && !("/" + uri.substring(COMPONENT.length()).replaceFirst("^/+", ""))
              .startsWith(Hook.PREFIX)) {
        throw new IllegalArgumentException(
            uri + ": REST routes of your own have paths that begin with " + Hook.PREFIX);
      }
    }
  }
}
