package routes.kernel;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells a loop of this replica that there is work, so that it need not wait for its next poll. Many
 * wake-ups before the loop waits again count as one; a wake-up that is lost costs one poll
 * interval, for the work itself is in the database.
 */
public class WakeUpSignal {

  private final Semaphore due = new Semaphore(0);

  /** At once, or when the transaction under way is committed: before that the loop sees nothing. */
  public final void wake() {
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
  public final void await(Duration longest) throws InterruptedException {
    if (due.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      due.drainPermits();
    }
  }
}
