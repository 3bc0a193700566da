package routes.platform.files;

import org.apache.camel.builder.RouteBuilder;

/** Looks at what a file of the user's own adds, before it is added. */
public interface RouteCheck {

  /**
   * @param routes configured
   * @throws IllegalArgumentException when it may not be added: the file is broken then
   */
  void check(RouteBuilder routes);
}
