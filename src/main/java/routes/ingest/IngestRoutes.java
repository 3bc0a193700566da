package routes.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.stereotype.Component;
import routes.ingest.IngestProperties.Source;
import routes.ingest.ReceivedMessage.Message;
import routes.messaging.deadletters.DeadLetters;
import routes.messaging.deadletters.ErrorPolicy;

/**
 * Ports {@code direct:ingest.<source>}, one for each of {@code hub.ingest}, and a route {@code
 * ingest.<source>.channel} for each that is a channel, made of the templates in {@code
 * camel/events.camel.yaml}.
 */
@Component
public class IngestRoutes implements Ingest.Ports, DisposableBean {

  private static final String WHY = "why";

  private final IngestProperties properties;
  private final ProducerTemplate producer;
  private final Ingest ingest;
  private final ErrorPolicy policy;
  private final RedisConnectionFactory redis;
  private final MeterRegistry registry;
  private final List<ChannelListener> listeners = new ArrayList<>();
  private final InterruptiblePause waiting = new InterruptiblePause();

  IngestRoutes(
      IngestProperties properties,
      ProducerTemplate producer,
      Ingest ingest,
      ErrorPolicy policy,
      RedisConnectionFactory redis,
      MeterRegistry registry) {
    this.properties = properties;
    this.producer = producer;
    this.ingest = ingest;
    this.policy = policy;
    this.redis = redis;
    this.registry = registry;
  }

  /** A message of a channel; returns when it is taken, or a dead letter. */
  public void heard(String source, byte[] body) {
    String channel = properties.ingest().get(source).channel();
    ingest.takeInTheEnd(new ReceivedMessage(source, body, Map.of("channel", channel)), waiting);
  }

  /** A message that may not go on is data: its dead letter. */
  public void leaveLetter(Exchange exchange) {
    policy.leaveLetter(
        exchange,
        exchange.getMessage().getBody(DeadLetters.Letter.class),
        exchange.getProperty(WHY, Exception.class));
  }

  /**
   * When all other routes are there.
   *
   * @throws IllegalArgumentException when no route serves a port that is named
   */
  @EventListener(ApplicationStartedEvent.class)
  void add() throws Exception {
    CamelContext context = producer.getCamelContext();
    for (var each : properties.ingest().entrySet()) {
      String name = each.getKey();
      Source source = each.getValue();
      if (context.getRoutes().stream()
          .noneMatch(
              route -> route.getEndpoint().getEndpointUri().equals("direct://" + source.port()))) {
        throw new IllegalArgumentException(
            "hub.ingest." + name + ".port: no route serves direct:" + source.port());
      }
      TemplatedRouteBuilder.builder(context, "ingest")
          .routeId("ingest." + name)
          .parameter("source", name)
          .parameter("port", source.port())
          .add();
      // The supervisor starts what it supervises, and no other route that comes after it.
      context.getRouteController().startRoute("ingest." + name);
      if (!source.isStream()) {
        listen(context, name, source.channel());
      }
    }
  }

  private void listen(CamelContext context, String name, String channel) {
    ChannelListener listener = new ChannelListener(name, channel, redis);
    listeners.add(listener);
    IngestPumps.watch(name, listener, registry);
    context.getRegistry().bind("channel." + name, listener);
    TemplatedRouteBuilder.builder(context, "channel")
        .routeId("ingest." + name + ".channel")
        .parameter("source", name)
        .add();
  }

  @Override
  public String deliver(String source, Message message) throws Exception {
    AtomicInteger letters = new AtomicInteger();
    Exchange done =
        send(
            source,
            exchange -> {
              exchange.setProperty("source", source);
              exchange.setProperty("messageId", message.id());
              exchange.setProperty(DeadLetters.LEFT, letters);
              exchange.getMessage().setBody(message.payload());
              if (message.traceparent() != null) {
                exchange.getMessage().setHeader("traceparent", message.traceparent());
              }
            });
    return letters.get() > 0
        ? "refused"
        : done.getProperty("known", false, Boolean.class) ? "known" : "taken";
  }

  @Override
  public void bury(String source, DeadLetters.Letter letter, Exception why) throws Exception {
    send(
        source,
        exchange -> {
          exchange.setProperty(WHY, why);
          exchange.getMessage().setBody(letter);
        });
  }

  private Exchange send(String source, Consumer<Exchange> prepare) throws Exception {
    Exchange done =
        producer.send(
            "direct:ingest." + source,
            ExchangePattern.InOnly,
            exchange -> {
              exchange.setProperty(ErrorPolicy.REPORTED, true);
              prepare.accept(exchange);
            });
    if (done.getException() != null) {
      throw done.getException();
    }
    return done;
  }

  /** Before Camel waits for what is at work: a message may be waiting for the database. */
  @EventListener(ContextClosedEvent.class)
  void end() {
    waiting.end();
  }

  @Override
  public void destroy() throws Exception {
    for (ChannelListener listener : listeners) {
      listener.destroy();
    }
  }
}
