package routes.jobs;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Tells this replica's runner that a run may be due, so that it need not wait for its next look.
 */
@Component
class RunnerSignal {

  private final Semaphore due = new Semaphore(0);

  void wake() {
    if (due.availablePermits() == 0) {
      due.release();
    }
  }

  /** Waits for a wake-up, the given time at most. */
  void await(Duration longest) throws InterruptedException {
    if (due.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      due.drainPermits();
    }
  }
}
