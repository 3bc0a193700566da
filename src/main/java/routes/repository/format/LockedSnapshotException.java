package routes.repository.format;

/**
 * A snapshot is encrypted and what opens it is not here: no word on whether it is sound. The
 * message names the setting that is missing.
 */
public final class LockedSnapshotException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public LockedSnapshotException(String message) {
    super(message);
  }
}
