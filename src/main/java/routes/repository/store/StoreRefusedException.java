package routes.repository.store;

import routes.repository.format.RepositoryException;

/** The store answered no (credentials, permissions, no such bucket): someone must act first. */
public final class StoreRefusedException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public StoreRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
