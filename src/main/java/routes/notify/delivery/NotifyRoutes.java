package routes.notify.delivery;

import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.springframework.stereotype.Component;
import routes.messaging.deadletters.ErrorPolicy;
import routes.messaging.deadletters.ReplayPort;
import routes.notify.rules.NotifyProperties;
import routes.notify.rules.Target.Kind;
import routes.notify.transport.Answer;
import routes.notify.transport.Mail;
import routes.notify.transport.Message;
import routes.notify.transport.Slack;
import routes.notify.transport.Webhooks;

/**
 * Messages out: {@code direct:notify.deliver}, and {@code direct:notify.camel} for endpoints that
 * the configuration names. A route that fails tells the pump, which tries again.
 */
@Component
class NotifyRoutes extends EndpointRouteBuilder implements NotificationSender {

  private final NotifyProperties properties;
  private final DeliveryQueries desk;
  private final Webhooks webhooks;
  private final Slack slack;
  private final Mail mail;

  NotifyRoutes(
      NotifyProperties properties,
      DeliveryQueries desk,
      Webhooks webhooks,
      Slack slack,
      Mail mail) {
    this.properties = properties;
    this.desk = desk;
    this.webhooks = webhooks;
    this.slack = slack;
    this.mail = mail;
  }

  private volatile ProducerTemplate template;

  @Override
  public void configure() {
    template = getContext().createProducerTemplate();

    from(direct("notify.deliver"))
        .routeId("notify.deliver")
        .routeDescription(
            "Brings a message to its target, by the target's kind; a dead letter is queued again")
        .choice()
        .when(exchangeProperty(ReplayPort.LETTER).isNotNull())
        .setBody(exchangeProperty(ReplayPort.LETTER))
        .bean(desk, "replay")
        .when(is(Kind.WEBHOOK))
        .bean(webhooks, "send")
        .when(is(Kind.SLACK))
        .bean(slack, "send")
        .when(is(Kind.EMAIL))
        .bean(mail, "send")
        .otherwise()
        .to(direct("notify.camel"))
        .end();

    from(direct("notify.camel"))
        .routeId("notify.camel")
        .routeDescription("Sends a message to an endpoint of Camel's that the configuration names")
        .process(this::bare)
        .id("notify.camel.bare")
        // The configuration's word as it stands: nothing splits it, nothing of an event is in it.
        .recipientList(exchangeProperty(ENDPOINT), "false")
        .stopOnException()
        .end()
        .id("notify.camel.send")
        .setBody(constant(Answer.TAKEN))
        .id("notify.camel.taken");
  }

  private static final String ENDPOINT = "notifyEndpoint";

  /** The body is the envelope; no header, so none that an endpoint would take for a setting. */
  private void bare(Exchange exchange) {
    Message message = exchange.getMessage().getBody(Message.class);
    exchange.setProperty(ENDPOINT, properties.targets().get(message.target()).uri());
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
    exchange.getMessage().setBody(message.body());
  }

  private static org.apache.camel.Predicate is(Kind kind) {
    return exchange -> exchange.getMessage().getBody(Message.class).kind() == kind;
  }

  @Override
  public Answer bring(Message message) throws Exception {
    Exchange exchange =
        template.send(
            "direct:notify.deliver",
            sent -> {
              sent.setProperty(ErrorPolicy.REPORTED, true);
              sent.getMessage().setBody(message);
            });
    if (exchange.getException() != null) {
      throw exchange.getException();
    }
    return exchange.getMessage().getBody(Answer.class);
  }
}
