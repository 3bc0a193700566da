package routes.stores.postgres;

import java.util.function.BiPredicate;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Steps of a route in a transaction, which is rolled back when one of them fails or a dead letter
 * marked it so. Camel's own {@code transacted} must stand at the top of a route, and logs each
 * rollback, which is an outcome like others here.
 */
public final class TransactionSteps implements Policy {

  private final TransactionOperations transaction;
  private final BiPredicate<Exchange, Exception> asData;

  /**
   * @param asData told of a failure once it is rolled back; true: it is noted, and the route goes
   *     on
   */
  public TransactionSteps(
      TransactionOperations transaction, BiPredicate<Exchange, Exception> asData) {
    this.transaction = transaction;
    this.asData = asData;
  }

  @Override
  public void beforeWrap(Route route, NamedNode definition) {
    // The steps are as they are.
  }

  @Override
  public Processor wrap(Route route, Processor steps) {
    return exchange -> {
      transaction.executeWithoutResult(status -> run(steps, exchange, status));
      if (exchange.getException() != null && asData.test(exchange, exchange.getException())) {
        exchange.setException(null);
        exchange.getExchangeExtension().setRedeliveryExhausted(false);
      }
    };
  }

  private void run(Processor steps, Exchange exchange, TransactionStatus status) {
    exchange.getUnitOfWork().beginTransactedBy(this);
    try {
      steps.process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    } finally {
      exchange.getUnitOfWork().endTransactedBy(this);
    }
    if (exchange.getException() != null || exchange.isRollbackOnlyLast()) {
      status.setRollbackOnly();
      exchange.setRollbackOnlyLast(false);
    }
  }
}
