package routes.kernel.errors;

/**
 * A failure that no repeat will heal: a missing privilege, a wrong setting, a server newer than its
 * client. A run that meets it fails at once, without its retries. The message says how to mend it.
 */
public class PermanentException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public PermanentException(String message) {
    super(message);
  }

  public PermanentException(String message, Throwable cause) {
    super(message, cause);
  }
}
