package routes.kernel.errors;

/**
 * The hub has too much to do to take this now. Told to callers as 503. It has no stack: it comes by
 * the hundred, and all of them say the same.
 */
public class OverloadedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message for the caller
   */
  public OverloadedException(String message) {
    super(message, null, false, false);
  }
}
