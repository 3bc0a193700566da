package routes.backup;

import io.opentelemetry.context.Context;
import java.util.concurrent.ThreadFactory;

/** Threads that work inside the trace of whoever made them. */
final class TracedThreads {

  private TracedThreads() {}

  static ThreadFactory factory(String name) {
    Context context = Context.current();
    return work -> {
      Thread thread = new Thread(context.wrap(work), name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
