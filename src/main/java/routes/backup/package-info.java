/**
 * Backups of PostgreSQL databases, proven by restore.
 *
 * <p>{@code postgres/} knows how a database is read and written ({@code COPY}, {@code pg_dump} for
 * the definitions only); {@link routes.repository} is the format; {@code retention/} decides which
 * snapshots stay, and {@link routes.backup.RepositoryLeases} who may do what to the repository at a
 * time. A snapshot exists once its manifest does, and is called verified only after a drill
 * restored it and found every row equal.
 */
package routes.backup;
