package routes;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.apache.camel.test.junit5.TestExecutionConfiguration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.SimpleTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;
import routes.stores.postgres.TransactionSteps;

/**
 * A route as it ships, by itself: its steps, their order, and what a fault between two of them
 * leaves. Ends that are other programs are mocks here; the same route meets the real ones in the
 * tests that extend {@link HubTest}. {@link EveryRouteTest} wants one for each route.
 */
public abstract class RouteTest extends CamelTestSupport {

  /** Ids of the routes that a class tests; {@code x.*} stands for all that begin so. */
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  public @interface Of {
    String[] value();
  }

  /** How each transaction ended, in that order: {@code kept} or {@code rolled back}. */
  protected final List<String> transactions = new ArrayList<>();

  /** For {@link TransactionSteps}; one within another is a {@code row}. */
  protected final PlatformTransactionManager manager =
      new PlatformTransactionManager() {
        private final List<String> open = new ArrayList<>();

        @Override
        public TransactionStatus getTransaction(TransactionDefinition definition) {
          open.add(open.isEmpty() ? "" : "row ");
          return new SimpleTransactionStatus();
        }

        @Override
        public void commit(TransactionStatus status) {
          String which = open.remove(open.size() - 1);
          transactions.add(which + (status.isRollbackOnly() ? "rolled back" : "kept"));
        }

        @Override
        public void rollback(TransactionStatus status) {
          transactions.add(open.remove(open.size() - 1) + "rolled back");
        }
      };

  protected final TransactionSteps transaction =
      new TransactionSteps(new TransactionTemplate(manager), (exchange, failure) -> false);

  @Override
  public void configureTest(TestExecutionConfiguration configuration) {
    super.configureTest(configuration);
    configuration.withUseAdviceWith(true); // before a route starts, it is changed
  }

  /** Loads {@code camel/<name>.camel.yaml}. */
  protected void load(String name) throws Exception {
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(
            PluginHelper.getResourceLoader(context)
                .resolveResource("classpath:camel/" + name + ".camel.yaml"));
  }

  /** What a test changes of a route. */
  @FunctionalInterface
  protected interface Advice {
    void to(AdviceWithRouteBuilder route) throws Exception;
  }

  protected void advise(String route, Advice advice) throws Exception {
    AdviceWith.adviceWith(context, route, advice::to);
  }

  /** A mock that fails each time. */
  protected MockEndpoint failing(String mock, Exception failure) {
    MockEndpoint endpoint = getMockEndpoint(mock);
    endpoint.whenAnyExchangeReceived(
        exchange -> {
          throw failure;
        });
    return endpoint;
  }
}
