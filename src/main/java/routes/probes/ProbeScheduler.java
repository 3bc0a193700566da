package routes.probes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import routes.kernel.DaemonThreads;
import routes.probes.ProbeProperties.Probe;

/**
 * The pump: looks at each probe when it is due, whichever replica comes first. No scheduled job: a
 * look each half minute would be three thousand runs a day in the ledger, which tell nothing that
 * the changes do not.
 */
@Component
class ProbeScheduler implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(ProbeScheduler.class);

  /** Targets that hang hold up so many others; the next is looked at by the rest. */
  private static final int MOST_AT_ONCE = 8;

  private final ProbeProperties properties;
  private final ProbeStates states;
  private final Probes probes;
  private ScheduledExecutorService clockwork;

  ProbeScheduler(ProbeProperties properties, ProbeStates states, Probes probes) {
    this.properties = properties;
    this.states = states;
    this.probes = probes;
  }

  @EventListener(ApplicationReadyEvent.class)
  synchronized void start() {
    if (clockwork != null || properties.probes().isEmpty()) {
      return;
    }
    List<String> names = new ArrayList<>(properties.probes().keySet());
    clockwork =
        Executors.newScheduledThreadPool(
            Math.min(MOST_AT_ONCE, names.size()), DaemonThreads.named("probes"));
    for (String name : names) {
      // Asked a little oftener than it is due: the ledger of states says whether it is.
      long every = properties.probes().get(name).every().toMillis();
      clockwork.scheduleWithFixedDelay(
          () -> lookWhenDue(name), 0, Math.max(500, every / 5), TimeUnit.MILLISECONDS);
    }
  }

  void lookWhenDue(String name) {
    Probe probe = properties.probes().get(name);
    try {
      if (states.claim(name, probe.every())) {
        probes.look(name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      // A failure thrown on would end the schedule for good.
      LOG.warn("probe {} is not checked: {}", name, e.getMessage());
    }
  }

  @Override
  public synchronized void destroy() {
    if (clockwork != null) {
      clockwork.shutdownNow();
    }
  }
}
