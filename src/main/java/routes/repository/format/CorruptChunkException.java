package routes.repository.format;

/** A stored chunk is not what its id says. */
public final class CorruptChunkException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  private final ChunkId id;
  private final String key;

  public CorruptChunkException(ChunkId id, String key, String why) {
    super(
        "chunk %s is damaged: %s; once it is marked, the next backup of its source sends it anew"
            .formatted(key, why));
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
