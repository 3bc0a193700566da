/**
 * Connections and client programs: pinned settings, COPY framing, {@code pg_dump} and {@code
 * pg_restore} as child processes.
 */
package routes.backup.postgres.session;
