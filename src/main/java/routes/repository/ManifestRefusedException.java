package routes.repository;

import routes.repository.format.RepositoryException;

/** A manifest was not published because it would not be whole. */
public final class ManifestRefusedException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  private final boolean mayHeal;

  ManifestRefusedException(String message, boolean mayHeal) {
    super(message);
    this.mayHeal = mayHeal;
  }

  @Override
  public boolean mayHeal() {
    return mayHeal;
  }
}
