package routes.platform.outbox;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tells this replica's relay that an event was committed, so that it need not wait to look. */
@Component
class RelaySignal {

  private final Semaphore waiting = new Semaphore(0);

  /** When the transaction under way is committed: sooner there is nothing to see. */
  void wakeAfterCommit() {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            wake();
          }
        });
  }

  void wake() {
    if (waiting.availablePermits() == 0) {
      waiting.release();
    }
  }

  /** Waits for a wake-up, the given time at most. */
  void await(Duration longest) throws InterruptedException {
    if (waiting.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      waiting.drainPermits();
    }
  }
}
