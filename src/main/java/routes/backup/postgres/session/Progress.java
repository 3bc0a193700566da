package routes.backup.postgres.session;

import java.util.concurrent.atomic.AtomicLong;
import routes.jobs.RunContext;

/** Bytes done, summed over the threads of a run; told to the run every MiB or so. */
public final class Progress {

  private static final long STEP = 1 << 20;

  private final RunContext run;
  private final long total;
  private final AtomicLong done = new AtomicLong();

  /**
   * @param total bytes expected, an estimate; 0: not known
   */
  public Progress(RunContext run, long total) {
    this.run = run;
    this.total = total;
  }

  public void add(long bytes, String what) {
    long after = done.addAndGet(bytes);
    if (after / STEP != (after - bytes) / STEP) {
      run.checkpoint();
      run.progress(after, Math.max(total, after), "bytes", what);
    }
  }
}
