package routes.stores;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Which stores did not answer this hub when it looked last, at most {@code hub.metrics.every} ago.
 */
@Component
public class UnreachableStores {

  private final MeterRegistry meters;

  UnreachableStores(MeterRegistry meters) {
    this.meters = meters;
  }

  /** As {@code hub_store_up} names them; one that was never looked at is none of them. */
  public List<String> names() {
    return meters.find(StoreProbe.METRIC).gauges().stream()
        .filter(gauge -> gauge.value() == 0)
        .map(UnreachableStores::store)
        .sorted()
        .toList();
  }

  private static String store(Gauge gauge) {
    return gauge.getId().getTag("store");
  }
}
