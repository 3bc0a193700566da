package routes.backup;

/**
 * Body of {@code direct:backup.drill}.
 *
 * @param source name of the source
 * @param snapshot {@code latest}, {@code stalest}, an id, or the beginning of one
 * @param copy name of a configured copy to drill from; empty: the repository itself
 */
public record SnapshotRequest(String source, String snapshot, String copy) {

  /** A run that was queued by an older hub names no copy. */
  public SnapshotRequest {
    copy = copy == null ? "" : copy;
  }
}
