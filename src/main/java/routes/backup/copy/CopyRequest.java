package routes.backup.copy;

/**
 * Body of {@code direct:backup.copy}.
 *
 * @param copy name of a configured copy
 * @param source whose snapshots; empty: of every source
 * @param snapshot {@code latest}, {@code all}, a snapshot's id, or the beginning of one
 */
record CopyRequest(String copy, String source, String snapshot) {}
