package routes.backup.postgres.archive;

import routes.repository.format.ChunkId;
import routes.repository.format.RepositoryException;

/** A chunk is not what was stored, or gone; the message names what it belongs to. */
public final class DamagedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ChunkId chunk;

  DamagedException(String what, ChunkId chunk, RepositoryException cause) {
    super(what + ": " + cause.getMessage(), cause);
    this.chunk = chunk;
  }

  public ChunkId chunk() {
    return chunk;
  }
}
