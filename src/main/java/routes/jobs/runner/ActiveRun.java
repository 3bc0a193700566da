package routes.jobs.runner;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.jobs.JobsProperties;
import routes.jobs.RunContext;
import routes.jobs.RunStoppedException;
import routes.jobs.RunStoppedException.Reason;
import routes.jobs.ledger.ClaimedRun;
import routes.jobs.ledger.Ledger;
import routes.kernel.DaemonThreads;

/** A claimed run while this hub works on it: its lease, its stop, what must be closed then. */
final class ActiveRun implements RunContext {

  private static final Logger LOG = LoggerFactory.getLogger(ActiveRun.class);

  /**
   * How far the work is.
   *
   * @param total 0: not known
   */
  record Progress(long done, long total, String unit, String detail) {}

  private record Stop(Reason reason, String message) {}

  private final ClaimedRun run;
  private final Ledger ledger;
  private final String traceId;
  private final LongSupplier nanos;
  private final long timeoutAt;
  private final long leaseNanos;
  private final String node;
  private final AtomicReference<Stop> stop = new AtomicReference<>();
  private final Map<Object, NamedClose> registered = new LinkedHashMap<>();
  private volatile Progress progress;
  private volatile long leaseEnds;
  private volatile boolean ended;

  private record NamedClose(String what, AutoCloseable close) {}

  /**
   * @param claimedAt {@code nanos} just before the claim was sent: the lease began no earlier
   */
  ActiveRun(
      ClaimedRun run,
      Ledger ledger,
      String node,
      String traceId,
      JobsProperties properties,
      LongSupplier nanos,
      long claimedAt) {
    this.run = run;
    this.ledger = ledger;
    this.node = node;
    this.traceId = traceId;
    this.nanos = nanos;
    this.leaseNanos = properties.lease().toNanos();
    this.leaseEnds = claimedAt + leaseNanos;
    this.timeoutAt = claimedAt + run.timeout().toNanos();
  }

  ClaimedRun claim() {
    return run;
  }

  @Override
  public UUID id() {
    return run.id();
  }

  @Override
  public int attempt() {
    return run.attempt();
  }

  @Override
  public boolean dryRun() {
    return run.dryRun();
  }

  @Override
  public String requestedBy() {
    return run.requestedBy();
  }

  @Override
  public String traceId() {
    return traceId;
  }

  @Override
  public void progress(long done, long total, String unit, String detail) {
    progress = new Progress(done, total, unit, detail);
  }

  Progress lastProgress() {
    return progress;
  }

  @Override
  public void info(String message) {
    LOG.info("{}: {}", run.job(), message);
    log("INFO", message);
  }

  @Override
  public void warn(String message) {
    LOG.warn("{}: {}", run.job(), message);
    log("WARN", message);
  }

  /** Writes a line; a refused one means the lease is lost. */
  void log(String level, String message) {
    if (!ledger.log(run, level, message)) {
      stop(Reason.LEASE_LOST, "another hub owns this run now");
      throw stopped();
    }
  }

  @Override
  public void checkpoint() {
    if (stop.get() == null && nanos.getAsLong() - leaseEnds > 0) {
      // A process that was paused finds out here, before it does anything more.
      stop(Reason.LEASE_LOST, "the lease could not be renewed in time");
    }
    if (stop.get() != null) {
      throw stopped();
    }
  }

  @Override
  public void confirmHeld() {
    checkpoint();
    renew();
    checkpoint();
  }

  /** Renews the lease, and stops the run when it was cancelled, ran out of time or was lost. */
  void renew() {
    long asked = nanos.getAsLong();
    Ledger.Renewal renewal = ledger.renew(node, run, progress, traceId);
    if (ended) {
      return; // its end was written while we asked
    }
    if (!renewal.held()) {
      stop(Reason.LEASE_LOST, "another hub owns this run now");
    } else {
      leaseEnds = asked + leaseNanos;
      if (renewal.cancelAskedBy() != null) {
        cancel(renewal.cancelAskedBy());
      } else if (nanos.getAsLong() - timeoutAt > 0) {
        stop(
            Reason.TIMED_OUT,
            "took longer than its timeout of " + run.timeout().toSeconds() + " s");
      }
    }
  }

  /** Stops the work because somebody asked for it. */
  void cancel(String by) {
    stop(Reason.CANCELLED, "cancelled by " + by);
  }

  /** The work is over: a renewal that comes too late is no loss. */
  void ending() {
    ended = true;
  }

  /** Called when a renewal failed: the ledger may be back in time, or not. */
  void renewalFailed() {
    if (nanos.getAsLong() - leaseEnds > 0) {
      stop(Reason.LEASE_LOST, "the ledger did not answer for as long as the lease lasts");
    }
  }

  /** Stops the work; the first reason stands. */
  void stop(Reason reason, String message) {
    if (!stop.compareAndSet(null, new Stop(reason, message))) {
      return;
    }
    LOG.info("run {} of {} stops: {}", run.id(), run.job(), message);
    Map<Object, NamedClose> closing;
    synchronized (registered) {
      closing = new LinkedHashMap<>(registered);
      registered.clear();
    }
    // Each by itself: one that waits for a server must hold up neither the others nor the thread
    // that renews the leases of all runs.
    closing.values().forEach(ActiveRun::closeAside);
  }

  /** Why the run was stopped, or null. */
  Reason stopReason() {
    Stop made = stop.get();
    return made == null ? null : made.reason();
  }

  String stopMessage() {
    Stop made = stop.get();
    return made == null ? null : made.message();
  }

  private RunStoppedException stopped() {
    Stop made = stop.get();
    return new RunStoppedException(made.reason(), made.message());
  }

  @Override
  public Registration onStop(String what, AutoCloseable close) {
    Object key = new Object();
    synchronized (registered) {
      registered.put(key, new NamedClose(what, close));
    }
    if (stop.get() != null) {
      synchronized (registered) {
        if (registered.remove(key) == null) {
          throw stopped();
        }
      }
      close(new NamedClose(what, close));
      throw stopped();
    }
    return () -> {
      synchronized (registered) {
        registered.remove(key);
      }
    };
  }

  private static void closeAside(NamedClose named) {
    Thread thread = DaemonThreads.named("run-stop").newThread(() -> close(named));
    thread.start();
  }

  private static void close(NamedClose named) {
    try {
      named.close().close();
    } catch (Exception e) {
      LOG.warn("could not close {} of a stopped run", named.what(), e);
    }
  }
}
