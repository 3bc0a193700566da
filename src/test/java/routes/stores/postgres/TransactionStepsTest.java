package routes.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.SimpleTransactionStatus;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;

/** When the steps inside are kept, and when they are rolled back. */
class TransactionStepsTest extends CamelTestSupport {

  private final List<Boolean> rolledBack = new ArrayList<>();
  private Consumer<Exchange> step = exchange -> {};

  /** Notes how each transaction ended. */
  private final TransactionOperations transactions =
      new TransactionOperations() {
        @Override
        public <T> T execute(TransactionCallback<T> action) {
          TransactionStatus status = new SimpleTransactionStatus();
          T result = action.doInTransaction(status);
          rolledBack.add(status.isRollbackOnly());
          return result;
        }
      };

  @Override
  protected RoutesBuilder createRouteBuilder() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from("direct:work")
            .split(body())
            .policy(
                new TransactionSteps(
                    transactions, (exchange, e) -> e instanceof IllegalArgumentException))
            .process(exchange -> step.accept(exchange))
            .to("mock:inside")
            .end()
            .to("mock:after");
      }
    };
  }

  private Exchange work(Object... parts) {
    return template.send("direct:work", exchange -> exchange.getMessage().setBody(List.of(parts)));
  }

  @Test
  void whatSucceedsIsKept() throws Exception {
    getMockEndpoint("mock:after").expectedMessageCount(2);
    assertThat(work("a", "b").getException()).isNull();
    assertThat(rolledBack).containsExactly(false, false);
    getMockEndpoint("mock:after").assertIsSatisfied();
  }

  @Test
  void whatFailsIsRolledBackAndItsRouteFails() throws Exception {
    getMockEndpoint("mock:after").expectedMessageCount(0);
    step =
        exchange -> {
          throw new IllegalStateException("away");
        };
    work("a");
    assertThat(rolledBack).containsExactly(true);
    getMockEndpoint("mock:after").assertIsSatisfied();
  }

  @Test
  void whatIsDataIsRolledBackAndTheRouteGoesOnBehindIt() throws Exception {
    getMockEndpoint("mock:inside").expectedBodiesReceived("b");
    getMockEndpoint("mock:after").expectedBodiesReceived("a", "b");
    step =
        exchange -> {
          if (exchange.getMessage().getBody().equals("a")) {
            throw new IllegalArgumentException("breaks a rule");
          }
        };
    assertThat(work("a", "b").getException()).isNull();
    assertThat(rolledBack).containsExactly(true, false);
    getMockEndpoint("mock:inside").assertIsSatisfied();
    getMockEndpoint("mock:after").assertIsSatisfied();
  }

  /** As the error policy does when a message becomes a dead letter. */
  @Test
  void whatADeadLetterMarksIsRolledBack() {
    step =
        exchange -> {
          assertThat(exchange.isTransacted()).isTrue();
          exchange.setRollbackOnlyLast(true);
        };
    work("a");
    assertThat(rolledBack).containsExactly(true);
  }
}
