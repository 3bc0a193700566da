/** Restores: a snapshot, or some of its tables, into a configured target. */
package routes.backup.restore;
