package routes.notify.delivery;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import routes.kernel.WakeUpSignal;

/** Wakes this replica's pump: a target has a delivery that is due. */
@Component
class PumpSignal {

  private final Map<String, WakeUpSignal> targets = new ConcurrentHashMap<>();

  private WakeUpSignal of(String target) {
    return targets.computeIfAbsent(target, name -> new WakeUpSignal());
  }

  void wake(String target) {
    of(target).wake();
  }

  void await(String target, Duration longest) throws InterruptedException {
    of(target).await(longest);
  }
}
