package routes.backup.postgres;

import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does a list of tasks on a few threads of one trace; the first failure ends them all. */
final class Workers {

  private Workers() {}

  /**
   * @param tasks begun in this order
   * @param onFailure called once, at the first failure, to unblock tasks that wait
   * @return results in the order of the tasks
   * @throws Exception the first failure
   */
  static <T> List<T> all(int threads, List<Callable<T>> tasks, Runnable onFailure)
      throws Exception {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads,
            work -> {
              Thread thread = new Thread(work, "table-copy");
              thread.setDaemon(true);
              return thread;
            });
    try {
      CompletionService<T> done = new ExecutorCompletionService<>(Context.current().wrap(pool));
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> task : tasks) {
        futures.add(done.submit(task));
      }
      for (int i = 0; i < tasks.size(); i++) {
        try {
          done.take().get();
        } catch (ExecutionException e) {
          pool.shutdownNow();
          onFailure.run();
          throw e.getCause() instanceof Exception cause ? cause : e;
        }
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      onFailure.run();
      throw e;
    } finally {
      pool.shutdownNow();
    }
  }
}
