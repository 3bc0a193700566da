package routes.backup;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.ExchangeProperty;
import org.springframework.stereotype.Component;
import routes.backup.retention.Proof;
import routes.jobs.RunContext;
import routes.platform.error.PermanentException;
import routes.repository.Repository;
import routes.repository.RepositoryException;
import routes.repository.Sweep;

/**
 * {@code backup.sweep}: gives the space back that no snapshot needs, a grace time after it was
 * marked. Gives way to a backup that waits.
 */
@Component
class Sweeping {

  /** It takes no parameters. */
  record Request() {}

  /** How many steps pass between two looks for a backup that waits. */
  private static final int LOOK_EVERY = 16;

  private final Repositories repositories;
  private final RepositoryLeases leases;
  private final SnapshotNews news;
  private final RetentionProperties properties;
  private final RetentionMetrics metrics;
  private final HubFacts facts;
  private final Clock clock;

  Sweeping(
      Repositories repositories,
      RepositoryLeases leases,
      SnapshotNews news,
      RetentionProperties properties,
      RetentionMetrics metrics,
      HubFacts facts,
      Clock clock) {
    this.repositories = repositories;
    this.leases = leases;
    this.news = news;
    this.properties = properties;
    this.metrics = metrics;
    this.facts = facts;
    this.clock = clock;
  }

  /**
   * @throws RepositoryBusyException while a backup or another sweep runs
   * @throws PermanentException when a manifest cannot be read, before anything was deleted; or,
   *     after all was done, when a snapshot was found that lacks chunks and was not known to
   */
  RetentionOutcomes.Swept run(
      Request request, @ExchangeProperty(RunContext.PROPERTY) RunContext run) {
    Repository repository = repositories.open();
    try (RepositoryLeases.Lease lease = leases.sweep(run)) {
      Sweep.Swept swept =
          repository.sweep(
              run.id() + "-" + run.attempt(), properties.sweepGrace(), new Watch(run, lease));
      metrics.swept(swept.chunks(), swept.bytes());
      List<String> found = noteIncomplete(repository, swept.incomplete(), run);
      if (!found.isEmpty()) {
        throw new PermanentException(
            "snapshots lack chunks, which the next backup sends again if their content is still"
                + " there: "
                + String.join("; ", found));
      }
      return new RetentionOutcomes.Swept(
          swept.chunks(),
          swept.bytes(),
          swept.folders(),
          swept.marked(),
          swept.waiting(),
          swept.incomplete().size(),
          swept.stopped(),
          properties.sweepGrace());
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }

  /** Stops at once when another run went on in our place, and soon when a backup waits. */
  private static final class Watch implements Sweep.Watch {

    private final RunContext run;
    private final RepositoryLeases.Lease lease;
    private int steps;

    Watch(RunContext run, RepositoryLeases.Lease lease) {
      this.run = run;
      this.lease = lease;
    }

    @Override
    public boolean goOn() {
      run.checkpoint();
      // A store cannot refuse a deletion that comes too late; so each asks.
      lease.confirm();
      run.progress(steps, 0, "steps", null);
      return steps++ % LOOK_EVERY != 0 || !lease.isWaitedFor();
    }
  }

  /**
   * Beside the snapshot and in the catalogue it is called broken, so that nobody counts on it.
   *
   * @return those that were not known to be
   */
  private List<String> noteIncomplete(
      Repository repository, List<Sweep.Incomplete> incomplete, RunContext run) {
    Instant now = clock.instant();
    RetentionFacts known = new RetentionFacts(repository, now);
    List<String> found = new ArrayList<>();
    for (Sweep.Incomplete one : incomplete) {
      String detail = "lacks " + one.missing() + " chunks, such as " + one.example();
      run.warn(one.source() + "/" + one.id() + " " + detail);
      if (known.proof(one.source(), one.id()) == Proof.DAMAGED) {
        continue;
      }
      found.add(one.source() + "/" + one.id() + " " + detail);
      repository.recordDrill(
          one.source(),
          one.id(),
          "sweep-" + run.id() + "-" + run.attempt(),
          Map.of(
              "run", run.id().toString(),
              "attempt", run.attempt(),
              "at", now.toString(),
              "hub", facts.id(),
              "verified", false,
              "detail", detail));
      news.unreadable(one.source(), one.id(), run.id(), detail);
    }
    return found;
  }
}
