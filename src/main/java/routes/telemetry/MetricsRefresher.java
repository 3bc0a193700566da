package routes.telemetry;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import routes.kernel.DaemonThreads;

/**
 * Refreshes every {@link RefreshedMetrics}, each on its own: a store that hangs holds up no other.
 */
@Component
class MetricsRefresher implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(MetricsRefresher.class);

  private final List<RefreshedMetrics> all;
  private final MetricsProperties properties;
  private ScheduledExecutorService clockwork;

  MetricsRefresher(List<RefreshedMetrics> all, MetricsProperties properties) {
    this.all = all;
    this.properties = properties;
  }

  @EventListener(ApplicationReadyEvent.class)
  synchronized void start() {
    if (clockwork != null) {
      return;
    }
    clockwork =
        Executors.newScheduledThreadPool(Math.max(1, all.size()), DaemonThreads.named("metrics"));
    long every = properties.every().toMillis();
    all.forEach(
        one -> clockwork.scheduleWithFixedDelay(guarded(one), 0, every, TimeUnit.MILLISECONDS));
  }

  /** A failure thrown on would end the schedule for good; it is told once, until all is well. */
  static Runnable guarded(RefreshedMetrics one) {
    AtomicBoolean failed = new AtomicBoolean();
    return () -> {
      try {
        one.refresh();
        failed.set(false);
      } catch (RuntimeException e) {
        if (!failed.getAndSet(true)) {
          LOG.warn("{} are not renewed: {}", one.getClass().getSimpleName(), e.getMessage());
        }
      }
    };
  }

  @Override
  public synchronized void destroy() {
    if (clockwork != null) {
      clockwork.shutdownNow();
    }
  }
}
