package routes.ingest;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.stereotype.Component;
import routes.ingest.Received.Message;
import routes.platform.deadletter.DeadLetters;
import routes.platform.error.ErrorPolicy;

/**
 * Ports {@code direct:ingest.<source>}, one for each of {@code hub.ingest}, made of the template in
 * {@code camel/events.camel.yaml}.
 */
@Component
public class IngestRoutes implements Ingest.Ports, CamelContextConfiguration {

  private static final String WHY = "why";

  private final IngestProperties properties;
  private final ProducerTemplate producer;

  IngestRoutes(IngestProperties properties, ProducerTemplate producer) {
    this.properties = properties;
    this.producer = producer;
  }

  /** First step of each: a message that may not go on becomes a dead letter by failing here. */
  public void refuse(Exchange exchange) throws Exception {
    Exception why = exchange.getProperty(WHY, Exception.class);
    if (why != null) {
      throw why;
    }
  }

  @Override
  public void beforeApplicationStart(CamelContext context) {
    // Templates are there when all routes are.
  }

  @Override
  public void afterApplicationStart(CamelContext context) {
    properties
        .ingest()
        .forEach(
            (name, source) -> {
              if (context.getRoutes().stream()
                  .noneMatch(
                      route ->
                          route
                              .getEndpoint()
                              .getEndpointUri()
                              .equals("direct://" + source.port()))) {
                throw new IllegalArgumentException(
                    "hub.ingest." + name + ".port: no route serves direct:" + source.port());
              }
              TemplatedRouteBuilder.builder(context, "ingest")
                  .routeId("ingest." + name)
                  .parameter("source", name)
                  .parameter("port", source.port())
                  .add();
            });
  }

  @Override
  public int deliver(String source, Message message) throws Exception {
    AtomicInteger letters = new AtomicInteger();
    Exchange done =
        producer.send(
            "direct:ingest." + source,
            ExchangePattern.InOnly,
            exchange -> {
              exchange.setProperty(ErrorPolicy.REPORTED, true);
              exchange.setProperty(DeadLetters.LEFT, letters);
              exchange.getMessage().setBody(message.payload());
              if (message.traceparent() != null) {
                exchange.getMessage().setHeader("traceparent", message.traceparent());
              }
            });
    if (done.getException() != null) {
      throw done.getException();
    }
    return letters.get();
  }

  @Override
  public void bury(String source, DeadLetters.Letter letter, Exception why) {
    Exchange done =
        producer.send(
            "direct:ingest." + source,
            ExchangePattern.InOnly,
            exchange -> {
              exchange.setProperty(DeadLetters.LETTER, letter);
              exchange.setProperty(WHY, why);
            });
    if (done.getException() != null) {
      throw new IllegalStateException("the dead letter is not kept", done.getException());
    }
  }
}
