package routes.backup.retention;

import java.time.Instant;
import java.util.Map;
import routes.backup.catalogue.SnapshotCatalogue;
import routes.backup.catalogue.SnapshotEvents;
import routes.backup.repositories.RepositoryLeases;
import routes.jobs.RunContext;
import routes.repository.Repository;
import routes.repository.Sweep;
import routes.repository.format.SnapshotId;

/** The hub's own repository, which the catalogue lists. */
record RepositoryLocation(
    Repository repository,
    RepositoryLeases leases,
    SnapshotCatalogue catalogue,
    SnapshotEvents news,
    RetentionMetrics metrics)
    implements BackupLocation {

  @Override
  public String copy() {
    return null;
  }

  @Override
  public RetentionFacts facts(Instant now) {
    return new RetentionFacts(repository, now);
  }

  @Override
  public RetentionPlan narrowed(String source, RetentionPlan plan, Instant now) {
    return plan;
  }

  @Override
  public String name(String what) {
    return what;
  }

  @Override
  public String events() {
    return "retention.";
  }

  @Override
  public void forget(String source, SnapshotId id) {
    catalogue.forget(new SnapshotCatalogue.Key(source, id.value()));
  }

  @Override
  public void countRemoved(String source) {
    metrics.removed(source);
  }

  @Override
  public void countSwept(int chunks, long bytes) {
    metrics.swept(chunks, bytes);
  }

  @Override
  public boolean isKnown(Sweep.Incomplete snapshot, RetentionFacts facts) {
    return facts.proof(snapshot.source(), snapshot.id()) == Proof.DAMAGED;
  }

  @Override
  public void lacks(Sweep.Incomplete snapshot, RunContext run, Instant now, String detail) {
    repository.recordDrill(
        snapshot.source(),
        snapshot.id(),
        "sweep-" + run.id() + "-" + run.attempt(),
        Map.of(
            "run", run.id().toString(),
            "attempt", run.attempt(),
            "at", now.toString(),
            "hub", repository.hub(),
            "verified", false,
            "detail", detail));
    news.unreadable(snapshot.source(), snapshot.id(), run.id(), detail);
  }
}
