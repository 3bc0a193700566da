package routes.repository.chunks;

import routes.repository.format.RepositoryException;

/**
 * A {@link ChunkPipeline} takes no more chunks: an upload failed, or it was aborted. The cause says
 * why.
 */
public final class PipelineStoppedException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  PipelineStoppedException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean mayHeal() {
    return getCause() instanceof RepositoryException cause && cause.mayHeal();
  }
}
