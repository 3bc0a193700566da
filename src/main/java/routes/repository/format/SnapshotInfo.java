package routes.repository.format;

import java.time.Instant;

/**
 * A published snapshot as a listing shows it, without reading its manifest.
 *
 * @param manifestBytes size of the manifest, bytes
 */
public record SnapshotInfo(String source, SnapshotId id, Instant takenAt, long manifestBytes) {}
