package routes.bench;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import routes.devservices.HubServer;

/** Looks at a hub's memory every 20 ms while something goes on. */
final class Watch implements AutoCloseable {

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong peak = new AtomicLong();

  Watch(HubServer hub) {
    timer.scheduleAtFixedRate(
        () -> peak.accumulateAndGet(hub.residentBytes(), Math::max), 0, 20, TimeUnit.MILLISECONDS);
  }

  /** The most that was seen, bytes. */
  long peakBytes() {
    return peak.get();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
