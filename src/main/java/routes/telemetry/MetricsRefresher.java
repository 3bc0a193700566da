package routes.telemetry;

import java.util.List;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import routes.kernel.WorkLoop;

/**
 * Refreshes every {@link RefreshedMetrics}, each on its own: a store that hangs holds up no other.
 */
@Component
class MetricsRefresher implements DisposableBean {

  private final List<RefreshedMetrics> all;
  private final MetricsProperties properties;
  private List<WorkLoop> clockwork;

  MetricsRefresher(List<RefreshedMetrics> all, MetricsProperties properties) {
    this.all = all;
    this.properties = properties;
  }

  @EventListener(ApplicationReadyEvent.class)
  synchronized void start() {
    if (clockwork != null) {
      return;
    }
    // Each in a thread of its own: one that hangs holds up no other.
    clockwork =
        all.stream()
            .map(
                one ->
                    WorkLoop.every(
                        properties.every(),
                        "metrics",
                        "refreshing " + one.getClass().getSimpleName(),
                        one::refresh))
            .toList();
  }

  @Override
  public synchronized void destroy() {
    if (clockwork != null) {
      clockwork.forEach(WorkLoop::stop);
    }
  }
}
