package routes.notify.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.SqlFile;
import routes.messaging.outbox.EventFanout;
import routes.messaging.outbox.HubEvent;
import routes.messaging.outbox.HubEvent.Severity;
import routes.notify.rules.NotifyProperties;
import routes.notify.rules.Rule;

/**
 * Writes a delivery for each target that the rules name for an event, in the transaction that
 * writes the event: both or neither, and without Redis.
 */
@Component
record DeliveryFanout(
    NotifyProperties properties, JdbcClient jdbc, ObjectMapper json, PumpSignal signal)
    implements EventFanout {

  @Override
  public void appended(String channel, HubEvent event) {
    if (properties.rules().isEmpty()) {
      return;
    }
    JsonNode envelope = json.valueToTree(event);
    matching(channel, event, envelope)
        .forEach((target, rule) -> add(channel, event, envelope, target, rule));
  }

  /** Names of rules by target: an event that several rules send to one target goes by the first. */
  private Map<String, String> matching(String channel, HubEvent event, JsonNode envelope) {
    Severity severity = event.severity() == null ? Severity.INFO : event.severity();
    Map<String, String> found = new LinkedHashMap<>();
    properties
        .rules()
        .forEach(
            (name, rule) -> {
              if (rule.matches(channel, event.type(), severity, envelope)) {
                rule.to().forEach(target -> found.putIfAbsent(target, name));
              }
            });
    return found;
  }

  private void add(
      String channel, HubEvent event, JsonNode envelope, String target, String ruleName) {
    Rule rule = properties.rules().get(ruleName);
    boolean bundles = rule.group() != null;
    String bundle = bundles ? rule.groupOf(ruleName, envelope).replace("\0", "") : null;
    int added =
        jdbc.sql(SqlFile.load("notify/delivery-add"))
            .param("id", UUID.randomUUID())
            .param("target", target)
            .param("rule", ruleName)
            .param("channel", channel)
            .param("type", event.type())
            .param("event", event.id())
            .param(
                "lane",
                bundles
                    ? "group/" + bundle
                    : "key/"
                        + channel
                        + "/"
                        + (event.subject() == null ? event.id() : event.subject()))
            .param("bundle", bundle)
            .param("envelope", envelope.toString())
            .param("waitMs", (bundles ? rule.group().within() : Duration.ZERO).toMillis())
            .update();
    if (added == 1) {
      signal.wake(target);
    }
  }
}
