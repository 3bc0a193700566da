package routes.backup.retention;

import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import routes.backup.catalogue.CopyFindings;
import routes.backup.repositories.RepositoryLeases;
import routes.jobs.RunContext;
import routes.repository.Repository;
import routes.repository.Sweep;
import routes.repository.format.SnapshotId;
import routes.repository.format.SnapshotInfo;

/**
 * A copy, which is there for the day the repository is gone.
 *
 * @param original the repository it is a copy of
 */
record CopyLocation(
    String copy,
    Repository repository,
    Repository original,
    RepositoryLeases leases,
    CopyFindings findings,
    CopyMetrics metrics)
    implements BackupLocation {

  @Override
  public RetentionFacts facts(Instant now) {
    return new RetentionFacts(repository, new CopyProofs(repository, original), now);
  }

  @Override
  public RetentionPlan narrowed(String source, RetentionPlan plan, Instant now) {
    Map<String, Instant> originals =
        original.list(source).stream()
            .collect(Collectors.toMap(info -> info.id().value(), SnapshotInfo::takenAt));
    return CopyLimits.narrowed(plan, originals, now);
  }

  @Override
  public String name(String what) {
    return copy + ":" + what;
  }

  @Override
  public String events() {
    return "retention.copy.";
  }

  /** The catalogue never knew it. */
  @Override
  public void forget(String source, SnapshotId id) {
    // Nothing to forget.
  }

  @Override
  public void countRemoved(String source) {
    metrics.removed(copy, source);
  }

  @Override
  public void countSwept(int chunks, long bytes) {
    metrics.swept(copy, chunks, bytes);
  }

  @Override
  public boolean isKnown(Sweep.Incomplete snapshot, RetentionFacts facts) {
    return facts.quarantined().contains(snapshot.example());
  }

  /** The mark on one chunk is enough for the next copy to look for each. */
  @Override
  public void lacks(Sweep.Incomplete snapshot, RunContext run, Instant now, String detail) {
    repository.quarantine(snapshot.example(), "it is not there");
    findings.damaged(
        new CopyFindings.Where(copy, repository, snapshot.source(), snapshot.id()),
        run,
        snapshot.missing(),
        detail);
  }
}
