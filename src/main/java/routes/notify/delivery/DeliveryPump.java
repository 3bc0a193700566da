package routes.notify.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import routes.kernel.DaemonThreads;
import routes.kernel.WorkLoop;
import routes.notify.delivery.Deliveries.Claim;
import routes.notify.rules.NotifyProperties;

/**
 * The pump: takes what is due and has it sent. Each target has a thread that claims and slots of
 * its own, so that one that hangs holds up no other; every replica pumps every target.
 */
@Component
class DeliveryPump implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(DeliveryPump.class);

  private final NotifyProperties properties;
  private final DueDeliveries claims;
  private final DeliveryAttempt delivering;
  private final PumpSignal signal;
  private final String node =
      "hub-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID().toString().substring(0, 4);

  private volatile boolean running;
  private ExecutorService workers;
  private final List<WorkLoop> claimers = new ArrayList<>();

  DeliveryPump(
      NotifyProperties properties,
      DueDeliveries claims,
      DeliveryAttempt delivering,
      PumpSignal signal) {
    this.properties = properties;
    this.claims = claims;
    this.delivering = delivering;
    this.signal = signal;
  }

  /** Not with the other beans: what is claimed before Camel is up would fail for nothing. */
  @Override
  public boolean isAutoStartup() {
    return false;
  }

  /** It stops early, while Camel and the pool are still there. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  @EventListener(ApplicationReadyEvent.class)
  public synchronized void start() {
    if (running) {
      return;
    }
    running = true;
    workers = Executors.newCachedThreadPool(DaemonThreads.named("notify-send"));
    properties
        .targets()
        .forEach(
            (name, target) -> {
              if (!target.paused()) {
                Semaphore slots = new Semaphore(target.parallel());
                claimers.add(
                    WorkLoop.start(
                        "notify-" + name,
                        "claiming deliveries to " + name,
                        () -> claim(name, slots),
                        () -> signal.await(name, properties.poll())));
              }
            });
  }

  /** Waits for a slot, and fills those that are free. */
  private boolean claim(String target, Semaphore slots) throws InterruptedException {
    slots.acquire();
    int free = 1 + slots.drainPermits();
    int taken = 0;
    try {
      for (Claim claim : claims.claim(target, node, free)) {
        taken++;
        workers.execute(() -> send(claim, slots));
      }
    } finally {
      slots.release(free - taken);
    }
    return taken > 0;
  }

  private void send(Claim claim, Semaphore slots) {
    try {
      delivering.attempt(claim);
    } catch (RuntimeException | Error e) {
      LOG.warn("delivery {} has no written end; its lease runs out", claim.message().id(), e);
    } finally {
      slots.release();
      signal.wake(claim.message().target());
    }
  }

  /** Lets what is being sent end, within the longest timeout of a target; leases cover the rest. */
  @Override
  public synchronized void stop() {
    if (!running) {
      return;
    }
    running = false;
    claimers.forEach(WorkLoop::stop);
    claimers.clear();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
