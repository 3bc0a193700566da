package routes.repository.store;

import routes.repository.format.RepositoryException;

/** The store could not be reached, broke off or is out of room; a retry may help. */
public final class StoreUnavailableException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean mayHeal() {
    return true;
  }
}
