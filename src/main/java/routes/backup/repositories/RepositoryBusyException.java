package routes.backup.repositories;

/** Another run stands in the way; a later attempt finds it gone. */
public class RepositoryBusyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RepositoryBusyException(String message) {
    super(message);
  }
}
