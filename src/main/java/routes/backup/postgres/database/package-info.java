/** What a database holds, and what it needs of a server. */
package routes.backup.postgres.database;
