package routes.repository.format;

/** A manifest, or another of the repository's own JSON objects, is not what was written. */
public final class CorruptManifestException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  private final String key;

  public CorruptManifestException(String key, String why) {
    this(key, why, null);
  }

  public CorruptManifestException(String key, String why, Throwable cause) {
    super("object " + key + " is damaged: " + why, cause);
    this.key = key;
  }

  /** Where the object lies. */
  public String key() {
    return key;
  }
}
