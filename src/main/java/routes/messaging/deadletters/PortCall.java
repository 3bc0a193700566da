package routes.messaging.deadletters;

import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * A port called from a method, which reports its failure itself: the route counts and traces it.
 */
public final class PortCall {

  private PortCall() {}

  /**
   * @param port such as {@code redteam.ingest}
   * @return the body that came out of the route
   * @throws RuntimeException as the route threw it; one that is checked is the cause
   */
  public static <T> T call(ProducerTemplate producer, String port, Object body, Class<T> answer) {
    Exchange done =
        producer.send(
            "direct:" + port,
            exchange -> {
              exchange.setProperty(ErrorPolicy.REPORTED, true);
              exchange.getMessage().setBody(body);
            });
    if (done.getException() instanceof RuntimeException e) {
      throw e;
    }
    if (done.getException() != null) {
      throw new IllegalStateException(done.getException());
    }
    return done.getMessage().getBody(answer);
  }
}
