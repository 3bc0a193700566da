package routes.kernel.routefiles;

import java.util.Map;

/** What a feature demands of the routes that files make of its template. */
public interface TemplateCheck {

  /** Id of the template. */
  String template();

  /**
   * Looks at one before it is made. They come in the order of the files, shipped ones first.
   *
   * @param parameters as the file has them, placeholders resolved, names in camel case
   * @throws IllegalArgumentException when it cannot run; the message says why
   */
  void check(String route, Map<String, Object> parameters);
}
