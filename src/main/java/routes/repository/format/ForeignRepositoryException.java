package routes.repository.format;

/** The repository belongs to another hub, or to a newer version of the format. */
public final class ForeignRepositoryException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public ForeignRepositoryException(String message) {
    super(message);
  }
}
