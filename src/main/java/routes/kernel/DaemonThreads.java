package routes.kernel;

import java.util.concurrent.ThreadFactory;

/** Threads that do not keep the hub's process alive. */
public final class DaemonThreads {

  private DaemonThreads() {}

  /**
   * @param name of each thread, as it stands in a thread dump
   */
  public static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
