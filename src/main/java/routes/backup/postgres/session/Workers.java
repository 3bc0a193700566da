package routes.backup.postgres.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import routes.jobs.RunContext;
import routes.jobs.runner.CurrentRun;

/** Does a list of tasks on a few threads of one trace; the first failure ends them all. */
public final class Workers {

  private static final long LONGEST_END_SECONDS = 10;

  private Workers() {}

  /** Unblocks tasks that wait for a server. */
  public interface Abort {
    void abort() throws Exception;
  }

  /**
   * @param tasks begun in this order
   * @param abort called once, at the first failure
   * @return results in the order of the tasks
   * @throws Exception the first failure; no task is at work any more
   */
  public static <T> List<T> all(int threads, List<Callable<T>> tasks, Abort abort)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads, CurrentRun.threads("table-copy"));
    try {
      CompletionService<T> done = new ExecutorCompletionService<>(pool);
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> task : tasks) {
        futures.add(done.submit(task));
      }
      try (RunContext.Registration cut =
          CurrentRun.onStop("tables", () -> futures.forEach(future -> future.cancel(true)))) {
        for (int i = 0; i < tasks.size(); i++) {
          done.take().get();
        }
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException | InterruptedException | CancellationException e) {
      Exception failure =
          e instanceof ExecutionException && e.getCause() instanceof Exception cause ? cause : e;
      pool.shutdownNow();
      try {
        abort.abort();
      } catch (Exception aborting) {
        failure.addSuppressed(aborting);
      }
      throw failure;
    } finally {
      pool.shutdownNow();
      pool.awaitTermination(LONGEST_END_SECONDS, TimeUnit.SECONDS);
    }
  }
}
