package routes.notify;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tells this replica's pump that a target has something to be sent. */
@Component
class PumpSignal {

  private final Map<String, Semaphore> due = new ConcurrentHashMap<>();

  private Semaphore of(String target) {
    return due.computeIfAbsent(target, name -> new Semaphore(0));
  }

  /**
   * At once, or when the transaction that wrote the delivery is committed: sooner there is none.
   */
  void wake(String target) {
    if (TransactionSynchronizationManager.isSynchronizationActive()) {
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              wakeNow(target);
            }
          });
    } else {
      wakeNow(target);
    }
  }

  private void wakeNow(String target) {
    Semaphore semaphore = of(target);
    if (semaphore.availablePermits() == 0) {
      semaphore.release();
    }
  }

  /** Waits for a wake-up, the given time at most. */
  void await(String target, Duration longest) throws InterruptedException {
    Semaphore semaphore = of(target);
    if (semaphore.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      semaphore.drainPermits();
    }
  }
}
