package routes.stores;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.kernel.errors.Failures;
import routes.telemetry.RefreshedMetrics;

/**
 * {@code hub_store_up}: whether one store answers this hub, with the hub's own credentials. A look
 * is over after seconds, whatever the store does.
 */
final class StoreProbe implements RefreshedMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(StoreProbe.class);

  static final String METRIC = "hub.store.up";

  /** One look. */
  interface Question {
    void ask() throws Exception;
  }

  private final String store;
  private final Question question;
  private volatile double up = Double.NaN;

  /**
   * @param store {@code postgres}, {@code redis} or {@code s3}
   * @param question fails when the store is down, within seconds
   */
  StoreProbe(String store, Question question, MeterRegistry registry) {
    this.store = store;
    this.question = question;
    Gauge.builder(METRIC, () -> up)
        .description("1 when the store answers this hub, 0 when it does not")
        .tag("store", store)
        .register(registry);
  }

  @Override
  public void refresh() {
    double before = up;
    try {
      question.ask();
      up = 1;
    } catch (Exception e) {
      up = 0;
      if (before != 0) {
        LOG.warn("{} is down: {}", store, Failures.root(e).getMessage());
      }
      return;
    }
    if (before == 0) {
      LOG.info("{} is up again", store);
    }
  }
}
