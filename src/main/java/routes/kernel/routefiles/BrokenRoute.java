package routes.kernel.routefiles;

import java.util.Map;

/**
 * Something in a file that does not run, while all else does.
 *
 * @param file its name; for a shipped one, its place on the class path
 * @param line in the file, from 1
 * @param route its id; null when it has none, or the file as a whole cannot be read
 * @param template that it was to be made of; null when the file as a whole cannot be read
 * @param parameters given to the template, by name
 * @param reason what is wrong, for people
 */
public record BrokenRoute(
    String file,
    int line,
    String route,
    String template,
    Map<String, String> parameters,
    String reason) {

  /** Where it is and what is wrong, in one line. */
  public String told() {
    return file + " line " + line + (route == null ? "" : ", route " + route) + ": " + reason;
  }
}
