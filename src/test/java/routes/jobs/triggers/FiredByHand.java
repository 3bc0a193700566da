package routes.jobs.triggers;

import java.time.Instant;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes fires for instants of a test's own choice, as a hub that is woken in time does. */
public final class FiredByHand {

  private final TriggerCatalogue catalogue;
  private final Triggers triggers;
  private final TransactionTemplate transaction;

  public FiredByHand(BeanFactory beans) {
    catalogue = beans.getBean(TriggerCatalogue.class);
    triggers = beans.getBean(Triggers.class);
    transaction = new TransactionTemplate(beans.getBean(PlatformTransactionManager.class));
  }

  /**
   * @param schedule id of the schedule, {@code <job>/<name>}
   */
  public void fire(String schedule, Instant at) {
    for (TriggerDefinition trigger : catalogue.of(schedule)) {
      transaction.executeWithoutResult(status -> triggers.insert(trigger, at, "schedule", true));
    }
  }
}
