package routes.kernel.errors;

import java.util.Map;

/** A body over the limit: 413. */
public class TooLargeException extends ClientException {

  private static final long serialVersionUID = 1L;

  /**
   * @param limitBytes the most a body may hold
   */
  public TooLargeException(long limitBytes) {
    super(
        413,
        "Too large",
        "body: at most " + limitBytes + " bytes are taken; send less",
        Map.of("field", "body", "limitBytes", limitBytes));
  }
}
