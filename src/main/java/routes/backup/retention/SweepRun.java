package routes.backup.retention;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.stereotype.Component;
import routes.backup.repositories.Repositories;
import routes.backup.repositories.RepositoryBusyException;
import routes.backup.repositories.RepositoryLeases;
import routes.jobs.OneOf;
import routes.jobs.Param;
import routes.jobs.RunContext;
import routes.kernel.errors.PermanentException;
import routes.repository.Sweep;
import routes.repository.format.RepositoryException;
import routes.repository.store.StoreFullException;

/**
 * {@code backup.sweep}: gives the space back that no snapshot needs, a grace time after it was
 * marked; in the repository, or in a copy. Gives way to a backup, or a copying, that waits.
 */
@Component
public class SweepRun {

  /** What {@code backup.sweep} takes. */
  public record Request(
      @Param("a copy's name under hub.copies; empty: the repository itself")
          @OneOf("hub.copies")
          @DefaultValue("")
          String copy) {}

  /** How many steps pass between two looks for a backup that waits. */
  private static final int LOOK_EVERY = 16;

  private final BackupLocations places;
  private final RetentionProperties properties;
  private final Clock clock;

  SweepRun(BackupLocations places, RetentionProperties properties, Clock clock) {
    this.places = places;
    this.properties = properties;
    this.clock = clock;
  }

  /**
   * @throws RepositoryBusyException while a backup, or a copying to this copy, or another sweep
   *     runs
   * @throws PermanentException when a manifest cannot be read, before anything was deleted; or,
   *     after all was done, when a snapshot was found that lacks chunks and was not known to
   */
  public RetentionOutcomes.Swept run(Request request, RunContext run) {
    BackupLocation kept = places.open(request.copy());
    try (RepositoryLeases.Lease lease = kept.leases().sweep(run)) {
      Sweep.Swept swept =
          kept.repository()
              .sweep(
                  run.id() + "-" + run.attempt(), properties.sweepGrace(), new Watch(run, lease));
      kept.countSwept(swept.chunks(), swept.bytes());
      List<String> found = noteIncomplete(kept, swept.incomplete(), run);
      if (!found.isEmpty()) {
        throw new PermanentException(
            "snapshots lack chunks, which the next "
                + (kept.copy() == null ? "backup" : "copy")
                + " sends again if their content is still there: "
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
    } catch (StoreFullException e) {
      // What was due is deleted by now, and waiting frees nothing: who asked is told at once.
      throw new PermanentException("no chunks were marked: " + e.getMessage(), e);
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
      BackupLocation kept, List<Sweep.Incomplete> incomplete, RunContext run) {
    Instant now = clock.instant();
    RetentionFacts known = kept.facts(now);
    List<String> found = new ArrayList<>();
    for (Sweep.Incomplete one : incomplete) {
      String detail = "lacks " + one.missing() + " chunks, such as " + one.example();
      run.warn(one.source() + "/" + one.id() + " " + detail);
      if (kept.isKnown(one, known)) {
        continue;
      }
      found.add(one.source() + "/" + one.id() + " " + detail);
      kept.lacks(one, run, now, detail);
    }
    return found;
  }
}
