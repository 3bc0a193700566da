package routes.backup.postgres.dump;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import routes.backup.postgres.session.Workers;
import routes.jobs.RunContext;
import routes.kernel.DaemonThreads;
import routes.kernel.errors.PermanentException;

/**
 * Watches how long a snapshot is held: as long as it is, VACUUM leaves every row that was deleted
 * since, in all tables of the server. Told at half of the limit; at the limit, all is let go.
 */
final class SnapshotAge implements AutoCloseable {

  private static final long LOOK_EVERY_MILLIS = 500;

  private final Duration limit;
  private final Clock clock;
  private final Instant since;
  private final RunContext run;
  private final Workers.Abort letGo;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("snapshot-age"));
  private boolean warned;
  private volatile boolean over;

  /**
   * @param limit zero: none
   * @param letGo ends every session that holds the snapshot
   */
  SnapshotAge(Duration limit, Clock clock, RunContext run, Workers.Abort letGo) {
    this.limit = limit;
    this.clock = clock;
    this.since = clock.instant();
    this.run = run;
    this.letGo = letGo;
  }

  SnapshotAge begin() {
    if (!limit.isZero()) {
      watch.scheduleWithFixedDelay(
          this::look, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }
    return this;
  }

  /** Looks at the clock once. */
  void look() {
    Duration age = Duration.between(since, clock.instant());
    if (!warned && age.compareTo(limit.dividedBy(2)) >= 0) {
      warned = true;
      run.warn(
          ("the snapshot is held for %s s and keeps VACUUM from its work; at "
                  + "hub.backup.care.snapshot-limit (%s s) this backup fails")
              .formatted(age.toSeconds(), limit.toSeconds()));
    }
    if (!over && age.compareTo(limit) >= 0) {
      over = true;
      try {
        letGo.abort();
      } catch (Exception e) {
        run.warn("while letting the snapshot go: " + e.getMessage());
      }
    }
  }

  /** Rows that had come before the sessions were cut are no backup made within the limit. */
  void confirm() {
    if (over) {
      throw new IllegalStateException("the snapshot was let go");
    }
  }

  /** What a failure is to be told as: this limit, when it was the reason. */
  Exception told(Exception failure) {
    return over
        ? new PermanentException(
            "the backup held its snapshot for hub.backup.care.snapshot-limit ("
                + limit.toSeconds()
                + " s), and with it VACUUM of the whole server; raise the limit or"
                + " hub.backup.parallel, or take a replica as the source",
            failure)
        : failure;
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
