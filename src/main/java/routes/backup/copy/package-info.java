/**
 * {@code backup.copy}: snapshots in a second place, for the day the first one is gone. A copy is a
 * repository like the first, byte for byte: {@link routes.repository.SnapshotCopy} says how.
 */
package routes.backup.copy;
