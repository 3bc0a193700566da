package routes.backup;

/**
 * Body of {@code direct:backup.drill}.
 *
 * @param source name of the source
 * @param snapshot {@code latest}, an id, or the beginning of one
 */
public record SnapshotRequest(String source, String snapshot) {}
