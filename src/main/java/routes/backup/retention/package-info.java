/**
 * Which snapshots stay ({@link routes.backup.retention.Planner}, pure), their removal, and the
 * garbage collection of chunks.
 */
package routes.backup.retention;
