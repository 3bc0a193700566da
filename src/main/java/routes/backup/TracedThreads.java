package routes.backup;

import io.opentelemetry.context.Context;
import java.util.concurrent.ThreadFactory;

/** Threads that work inside the trace of whoever made them. */
public final class TracedThreads {

  private TracedThreads() {}

  /** Daemon threads of that name, in the trace of the caller. */
  public static ThreadFactory factory(String name) {
    Context context = Context.current();
    return work -> {
      Thread thread = new Thread(context.wrap(work), name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
