package routes.repository;

/** A manifest, or another of the repository's own JSON objects, is not what was written. */
public final class CorruptManifestException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public CorruptManifestException(String key, String why) {
    super("object " + key + " is damaged: " + why);
  }

  public CorruptManifestException(String key, String why, Throwable cause) {
    super("object " + key + " is damaged: " + why, cause);
  }
}
