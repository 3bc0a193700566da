/**
 * Which snapshots are kept, decided from facts alone: no clock, no store, no Spring. {@link
 * routes.backup.retention.Planner} has the rules; {@code docs/operations.md} tells them to people.
 */
package routes.backup.retention;
