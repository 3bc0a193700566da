package routes.kernel.routefiles;

import java.util.function.BiConsumer;
import org.apache.camel.builder.RouteBuilder;

/** Looks at what a file of the user's own adds, before it is added. */
public interface RouteCheck {

  /**
   * Takes out what may not be added; the rest of the file runs.
   *
   * @param routes configured
   * @param broken told of each that is taken out: its route's id, or null, and the reason
   */
  void check(RouteBuilder routes, BiConsumer<String, String> broken);
}
