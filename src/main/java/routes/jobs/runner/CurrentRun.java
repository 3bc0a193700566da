package routes.jobs.runner;

import io.opentelemetry.context.Context;
import java.util.concurrent.ThreadFactory;
import routes.jobs.RunContext;

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

  /** Daemon threads of that name that work for the caller's run, in the caller's trace. */
  public static ThreadFactory threads(String name) {
    ActiveRun run = CURRENT.get();
    Context trace = Context.current();
    return work -> {
      Thread thread =
          new Thread(
              () -> {
                CURRENT.set(run);
                trace.wrap(work).run();
              },
              name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
