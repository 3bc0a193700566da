package routes.backup;

/** Another run stands in the way; a later attempt finds it gone. */
public class RepositoryBusyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RepositoryBusyException(String message) {
    super(message);
  }
}
