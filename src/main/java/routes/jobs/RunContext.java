package routes.jobs;

import java.util.UUID;

/**
 * A run as the work sees it; the exchange property {@value #PROPERTY} of a job's port. Safe for use
 * by several threads.
 */
public interface RunContext {

  /** Name of the exchange property. */
  String PROPERTY = "run";

  UUID id();

  /** 1 for the first. */
  int attempt();

  /** True: return a {@link Plan} and change nothing. */
  boolean dryRun();

  /** Who or what asked. */
  String requestedBy();

  /** Trace id of this attempt, 32 hex digits, or null without tracing. */
  String traceId();

  /**
   * Tells how far the work is; kept in memory and written with the next renewal of the lease.
   *
   * @param done in {@code unit}, ≥ 0
   * @param total in {@code unit}; 0: not known
   * @param unit such as {@code bytes}
   * @param detail what is being worked on, such as a table's name; may be null
   */
  void progress(long done, long total, String unit, String detail);

  /** Adds a line to the run's log. */
  void info(String message);

  /** Adds a warning to the run's log. */
  void warn(String message);

  /**
   * To be called between steps.
   *
   * @throws RunStoppedException when the run was cancelled, timed out, or is no longer ours
   */
  void checkpoint();

  /**
   * Asks the ledger, not memory, whether the run is still ours; to be called before an effect that
   * cannot be taken back.
   *
   * @throws RunStoppedException when it is not
   */
  void confirmHeld();

  /**
   * Registers what must be closed for the work to stop: a query, a connection, an upload, a child
   * process. Closed at once when the run is already stopped.
   *
   * @return closing it takes the registration back and does nothing else
   */
  Registration onStop(String what, AutoCloseable stop);

  /** Taken back when the registered thing is done. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
