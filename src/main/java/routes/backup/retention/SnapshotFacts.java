package routes.backup.retention;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * What the planner knows of a snapshot.
 *
 * @param id unique in its source; of two taken in one second the greater one counts as newer
 * @param takenAt the moment its content is of
 * @param held whether somebody pinned it
 * @param inUse whether a run reads it now
 * @param plainBytes size of its content, bytes; empty: not known
 */
public record SnapshotFacts(
    String id,
    Instant takenAt,
    Proof proof,
    boolean held,
    boolean inUse,
    OptionalLong plainBytes) {}
