package routes.jobs;

import java.util.concurrent.Callable;

/**
 * The run that a thread works for, so that whatever it waits for can be cut when the run is
 * stopped, without a parameter through every layer.
 */
public final class CurrentRun {

  private static final ThreadLocal<ActiveRun> CURRENT = new ThreadLocal<>();

  private CurrentRun() {}

  static void set(ActiveRun run) {
    CURRENT.set(run);
  }

  static void clear() {
    CURRENT.remove();
  }

  /**
   * Registers what must be closed for this thread's run to stop. Nothing is registered without a
   * run, or once it is stopped: what a stopped run still does is to clean up.
   *
   * @return closing it takes the registration back and does nothing else
   */
  public static RunContext.Registration onStop(String what, AutoCloseable stop) {
    ActiveRun run = CURRENT.get();
    return run == null || run.stopReason() != null ? () -> {} : run.onStop(what, stop);
  }

  /** The same work, for this thread's run, on whatever thread it is then done. */
  public static <T> Callable<T> carry(Callable<T> work) {
    ActiveRun run = CURRENT.get();
    return () -> {
      ActiveRun before = CURRENT.get();
      CURRENT.set(run);
      try {
        return work.call();
      } finally {
        CURRENT.set(before);
      }
    };
  }
}
