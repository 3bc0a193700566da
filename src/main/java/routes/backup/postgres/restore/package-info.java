/**
 * Loads a snapshot into a scratch database, builds what belongs to it, compares it row by row, and
 * drops it or gives it its name.
 */
package routes.backup.postgres.restore;
