package routes.kernel.errors;

import java.util.Map;

/** What was asked for does not exist: 404. */
public class NotFoundException extends ClientException {

  private static final long serialVersionUID = 1L;

  /**
   * @param what kind of thing, such as {@code run}
   * @param name the name nothing answers to
   * @param hint where the existing names can be seen
   */
  public NotFoundException(String what, String name, String hint) {
    super(
        404,
        "Not found",
        "no " + what + " is called '" + name + "'; " + hint,
        Map.of("field", what));
  }
}
