package routes.backup.retention;

import java.time.Instant;
import routes.backup.repositories.RepositoryLeases;
import routes.jobs.RunContext;
import routes.repository.Repository;
import routes.repository.Sweep;
import routes.repository.format.SnapshotId;

/** A repository that is cleaned up: the hub's own, or a copy of it. */
interface BackupLocation {

  /** The copy's name; null: it is the repository itself. */
  String copy();

  Repository repository();

  RepositoryLeases leases();

  RetentionFacts facts(Instant now);

  /** What of a plan may be done here. */
  RetentionPlan narrowed(String source, RetentionPlan plan, Instant now);

  /** How the audit trail and a plan's digest call something of it. */
  String name(String what);

  /** Beginning of the types of its events. */
  String events();

  /** A snapshot is gone; in the transaction that tells of it. */
  void forget(String source, SnapshotId id);

  /** Counts a snapshot that is gone. */
  void countRemoved(String source);

  /** Counts what a sweep deleted. */
  void countSwept(int chunks, long bytes);

  /** Whether it was noted before that a snapshot lacks chunks. */
  boolean isKnown(Sweep.Incomplete snapshot, RetentionFacts facts);

  /** Notes that a snapshot lacks chunks. */
  void lacks(Sweep.Incomplete snapshot, RunContext run, Instant now, String detail);
}
