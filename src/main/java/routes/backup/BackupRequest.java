package routes.backup;

/**
 * Body of {@code direct:backup.postgres}.
 *
 * @param source name of a configured source
 */
public record BackupRequest(String source) {}
