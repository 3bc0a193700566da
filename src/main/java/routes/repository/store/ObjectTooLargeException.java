package routes.repository.store;

import routes.repository.format.RepositoryException;

/** An object is larger than its reader was ready to accept. */
public final class ObjectTooLargeException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public ObjectTooLargeException(String key, long size, long limit) {
    super("object " + key + " has " + size + " bytes where at most " + limit + " were expected");
  }
}
