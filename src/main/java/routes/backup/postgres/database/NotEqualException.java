package routes.backup.postgres.database;

/** Names what is not as it was: the database must not be used. */
public final class NotEqualException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public NotEqualException(String message) {
    super(message);
  }
}
