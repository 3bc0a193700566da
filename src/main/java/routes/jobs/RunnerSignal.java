package routes.jobs;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells this replica's runner that a run may be due, so that it need not wait for its next look.
 */
@Component
class RunnerSignal {

  private final Semaphore due = new Semaphore(0);

  /** At once, or when the transaction that wrote the run is committed: sooner there is none. */
  void wake() {
    if (TransactionSynchronizationManager.isSynchronizationActive()) {
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              wakeNow();
            }
          });
    } else {
      wakeNow();
    }
  }

  private void wakeNow() {
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
