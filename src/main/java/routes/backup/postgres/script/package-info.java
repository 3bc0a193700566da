/**
 * Dumps in the plain format and the text of {@code pg_dumpall --globals-only}: read statement by
 * statement; only what pg_dump writes is run.
 */
package routes.backup.postgres.script;
