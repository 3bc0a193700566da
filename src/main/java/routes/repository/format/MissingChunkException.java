package routes.repository.format;

/** A chunk that a manifest names is not in the store. */
public final class MissingChunkException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  private final ChunkId id;
  private final String key;

  public MissingChunkException(ChunkId id, String key) {
    super(
        "chunk "
            + key
            + " is missing; if the source still holds its rows, the next backup sends it again");
    this.id = id;
    this.key = key;
  }

  public ChunkId id() {
    return id;
  }

  public String key() {
    return key;
  }
}
