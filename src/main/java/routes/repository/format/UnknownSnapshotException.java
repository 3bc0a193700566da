package routes.repository.format;

/** No snapshot, or more than one, answers to the name that was given. */
public final class UnknownSnapshotException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public UnknownSnapshotException(String message) {
    super(message);
  }
}
