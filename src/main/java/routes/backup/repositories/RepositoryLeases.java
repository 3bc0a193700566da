package routes.backup.repositories;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.backup.repositories.LeaseTable.Kind;
import routes.backup.repositories.LeaseTable.Other;
import routes.jobs.RunContext;

/**
 * Who may do what to a repository at a time, among all replicas of this hub: to its own, or, by
 * {@link #at}, to a copy. A lease belongs to an attempt of a run and ends with it, however it ends.
 *
 * <ul>
 *   <li>A sweep and a backup exclude each other. A backup that comes while a sweep runs is waited
 *       for: its lease is a wish the sweep looks for between two deletions, and ends.
 *   <li>A restore keeps retention from beginning, and from removing anything more. Whatever is read
 *       is not removed, and what is being removed is not begun to be read.
 *   <li>All else goes on side by side.
 * </ul>
 *
 * <p>Two runs can never both believe they hold what excludes the other: each change is made under
 * one advisory lock, and who passes over a run that did not renew in time deletes its lease. That
 * run may have been paused only; {@link Lease#confirm} tells it.
 */
@Component
public class RepositoryLeases {

  /** Longest wait of a backup for a sweep to give way; it looks for that every few deletions. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private static final Logger LOG = LoggerFactory.getLogger(RepositoryLeases.class);

  /** What the hub's own repository is called here; a copy goes by its name. */
  private static final String OWN = "";

  private final LeaseTable table;

  @Autowired
  RepositoryLeases(JdbcClient jdbc, PlatformTransactionManager transactions) {
    this(new LeaseTable(jdbc, new TransactionTemplate(transactions), OWN));
  }

  private RepositoryLeases(LeaseTable table) {
    this.table = table;
  }

  /**
   * The leases on a copy: what is done there stands in nobody's way here.
   *
   * @param copy its name under {@code hub.copies}; empty: the repository itself
   */
  public RepositoryLeases at(String copy) {
    return new RepositoryLeases(table.at(copy));
  }

  /**
   * To add chunks and manifests. Waits for a sweep to give way.
   *
   * @throws RepositoryBusyException when it does not
   */
  public Lease write(RunContext run) {
    return write(run, PATIENCE);
  }

  public Lease write(RunContext run, Duration patience) {
    Lease lease = take(run, Kind.WRITE, null, null, List.of());
    try {
      await(run, patience);
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
    return lease;
  }

  /** The lease is noted already, so that the sweep sees it; it counts once no sweep is left. */
  private void await(RunContext run, Duration patience) {
    long began = System.nanoTime();
    Optional<Other> sweep;
    while ((sweep = table.locked(() -> table.first(run, List.of(Kind.SWEEP), null, null)))
        .isPresent()) {
      run.checkpoint();
      if (System.nanoTime() - began > patience.toNanos()) {
        throw busy("the repository is being swept", sweep.get());
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  /**
   * To read one snapshot, as a drill or a verification does. One that was removed between its
   * finding and this has its chunks for the sweep's grace time still.
   *
   * @throws RepositoryBusyException when it is being removed
   */
  public Lease read(RunContext run, String source, String snapshot) {
    return take(run, Kind.READ, source, snapshot, List.of(Kind.EXPIRE));
  }

  /**
   * To restore one snapshot: nothing is removed meanwhile, of whatever source.
   *
   * @throws RepositoryBusyException when it is being removed
   */
  public Lease restore(RunContext run, String source, String snapshot) {
    return take(run, Kind.RESTORE, source, snapshot, List.of(Kind.EXPIRE));
  }

  /**
   * To remove snapshots of a source.
   *
   * @throws RepositoryBusyException while a restore runs
   */
  public Lease expire(RunContext run, String source) {
    return take(run, Kind.EXPIRE, source, null, List.of(Kind.RESTORE));
  }

  /**
   * To delete chunks.
   *
   * @throws RepositoryBusyException while a backup or another sweep runs
   */
  public Lease sweep(RunContext run) {
    return take(run, Kind.SWEEP, null, null, List.of(Kind.WRITE, Kind.SWEEP));
  }

  /** Ids of the source's snapshots that runs read now. */
  public Set<String> inUse(String source) {
    UUID nobody = new UUID(0, 0);
    return table
        .locked(
            () -> {
              List<Kind> readers = List.of(Kind.READ, Kind.RESTORE);
              table.dropDead(readers);
              return table.others(nobody, readers, source, null);
            })
        .stream()
        .map(Other::snapshot)
        .collect(Collectors.toSet());
  }

  private Lease take(
      RunContext run, Kind kind, String source, String snapshot, List<Kind> excluded) {
    return table.locked(
        () -> {
          boolean narrow = kind == Kind.READ || kind == Kind.RESTORE;
          Optional<Other> other =
              excluded.isEmpty()
                  ? Optional.empty()
                  : table.first(run, excluded, narrow ? source : null, narrow ? snapshot : null);
          if (other.isPresent()) {
            throw busy(narrow ? "snapshot " + snapshot + " is being removed" : "", other.get());
          }
          long id = table.take(run, kind, source, snapshot);
          return new Lease(id, run, source);
        });
  }

  private static RepositoryBusyException busy(String what, Other other) {
    return new RepositoryBusyException(
        "%s: run %s of %s is at it since %s"
            .formatted(
                what.isEmpty() ? "the repository is busy" : what,
                other.run(),
                other.job(),
                other.since()));
  }

  /** A lease that was taken. Closing it gives it back, and never fails. */
  public final class Lease implements AutoCloseable {

    private final long id;
    private final RunContext run;
    private final String source;

    private Lease(long id, RunContext run, String source) {
      this.id = id;
      this.run = run;
      this.source = source;
    }

    /**
     * Asks the database whether it was held all the time until now; to be called before what cannot
     * be taken back.
     *
     * @throws RepositoryBusyException when another run passed over this one
     */
    public void confirm() {
      if (!table.isHeld(id)) {
        throw new RepositoryBusyException(
            "this run stood still for longer than its lease, and another went on in its place");
      }
    }

    /** The same without an exception; false also when the database cannot tell. */
    public boolean isHeld() {
      try {
        confirm();
        return true;
      } catch (RepositoryBusyException | DataAccessException e) {
        LOG.warn("run {} does not know its lease: {}", run.id(), e.getMessage());
        return false;
      }
    }

    /** Whether a backup waits for this sweep to end. */
    public boolean isWaitedFor() {
      return table.locked(() -> table.first(run, List.of(Kind.WRITE), null, null)).isPresent();
    }

    /**
     * Claims a snapshot to remove it: from here on nobody begins to read it.
     *
     * @return false when a run reads it, or a restore runs
     */
    public boolean claim(String snapshot) {
      return table.locked(
          () -> {
            confirm();
            boolean free =
                table.first(run, List.of(Kind.RESTORE), null, null).isEmpty()
                    && table.first(run, List.of(Kind.READ), source, snapshot).isEmpty();
            if (free) {
              table.claim(id, snapshot);
            }
            return free;
          });
    }

    @Override
    public void close() {
      try {
        table.delete(id);
      } catch (DataAccessException e) {
        LOG.warn("a lease of run {} ends with it, not before: {}", run.id(), e.getMessage());
      }
    }
  }
}
