package routes.repository.store;

import routes.repository.format.RepositoryException;

/** The store has no room left: someone must make some first, and nothing here does. */
public final class StoreFullException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public StoreFullException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A backup that is tried again later may find that a sweep, or a person, made room. */
  @Override
  public boolean mayHeal() {
    return true;
  }
}
