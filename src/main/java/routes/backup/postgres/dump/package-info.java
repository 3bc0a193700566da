/**
 * Reads a database into chunks: definitions by {@code pg_dump}, rows by parallel COPY of one
 * snapshot.
 */
package routes.backup.postgres.dump;
