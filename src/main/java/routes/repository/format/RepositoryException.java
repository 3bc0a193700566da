package routes.repository.format;

/** Something went wrong with a repository; the message says what, where, and how to mend it. */
public class RepositoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RepositoryException(String message) {
    super(message);
  }

  public RepositoryException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Whether the same call may succeed later with nothing changed by hand, so a retry is sensible.
   */
  public boolean mayHeal() {
    return false;
  }
}
