package routes.backup;

/**
 * Body of {@code direct:backup.verify}.
 *
 * @param source name of the source
 * @param snapshot {@code latest}, {@code all}, an id, or the beginning of one
 * @param share percent of the chunks to read, 1 to 100: under 100, today's share of a round
 * @param copy name of a configured copy; empty: the repository itself
 */
public record VerifyRequest(String source, String snapshot, int share, String copy) {}
