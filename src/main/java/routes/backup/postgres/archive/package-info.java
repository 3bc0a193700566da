/**
 * The table of contents of a dump: which objects it holds, which depend on each other, which to
 * restore.
 */
package routes.backup.postgres.archive;
