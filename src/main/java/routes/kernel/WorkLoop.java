package routes.kernel;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.kernel.errors.Failures;

/**
 * Work in a thread of its own, turn after turn, until it is stopped. A turn that fails is followed
 * by the next one, after a rest; the first failure in a row is logged, and that it works again.
 */
public final class WorkLoop {

  private static final Logger LOG = LoggerFactory.getLogger(WorkLoop.class);

  /** One turn. */
  @FunctionalInterface
  public interface Turn {
    /**
     * @return true when there may be more to do at once; false for a rest
     */
    boolean run() throws Exception;
  }

  /** What lies between two turns: a wait for a signal, or for time to pass. */
  @FunctionalInterface
  public interface Rest {
    void take() throws InterruptedException;
  }

  private final String what;
  private final Turn turn;
  private final Rest rest;
  private final Thread thread;
  private volatile boolean stopping;

  private WorkLoop(String name, String what, Turn turn, Rest rest, Runnable atEnd) {
    this.what = what;
    this.turn = turn;
    this.rest = rest;
    this.thread =
        DaemonThreads.named(name)
            .newThread(
                () -> {
                  try {
                    loop();
                  } finally {
                    atEnd.run();
                  }
                });
  }

  /**
   * Starts one.
   *
   * @param name of its thread
   * @param what what it does, as the log says: "claiming runs"
   * @param atEnd done last, by the same thread
   */
  public static WorkLoop start(String name, String what, Turn turn, Rest rest, Runnable atEnd) {
    WorkLoop loop = new WorkLoop(name, what, turn, rest, atEnd);
    loop.thread.start();
    return loop;
  }

  /** Starts one with nothing to do at its end. */
  public static WorkLoop start(String name, String what, Turn turn, Rest rest) {
    return start(name, what, turn, rest, () -> {});
  }

  /** Starts one that does the same now and each time that so much has passed since the last. */
  public static WorkLoop every(Duration interval, String name, String what, Runnable task) {
    WakeUpSignal never = new WakeUpSignal();
    return start(
        name,
        what,
        () -> {
          task.run();
          return false;
        },
        () -> never.await(interval));
  }

  private void loop() {
    boolean failed = false;
    try {
      while (!stopping) {
        boolean more = false;
        try {
          more = turn.run();
          if (failed) {
            LOG.info("{} works again", what);
          }
          failed = false;
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception | Error e) {
          // A thread that ended would be missed by nobody.
          if (!failed && !stopping) {
            LOG.warn("{} fails, and is tried again until it works: {}", what, Failures.describe(e));
          }
          LOG.debug("{} fails", what, e);
          failed = true;
        }
        if (!more && !stopping) {
          rest.take();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets no further turn begin; neither interrupts nor waits. */
  public void end() {
    stopping = true;
  }

  /** Interrupts it, and does not wait. */
  public void stop() {
    stopping = true;
    thread.interrupt();
  }

  /**
   * Lets the turn end, and interrupts it when it takes longer than this; then waits as long again
   * at most.
   */
  public void finish(Duration patience) {
    stopping = true;
    try {
      thread.join(patience.toMillis());
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(patience.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
