/**
 * Backups, proven by restore: the jobs that make, verify and drill snapshots.
 *
 * <p>{@code postgres/} knows how a database is read and written; {@link routes.repository} is the
 * format; {@code repositories/} opens the configured places and says who may do what to them at a
 * time; {@code catalogue/} lists snapshots; {@code retention/} decides which stay. A snapshot
 * exists once its manifest does, and is called verified only after a drill restored it and found
 * every row equal.
 */
package routes.backup;
