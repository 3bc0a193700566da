package routes.notify.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.HubProperties;
import routes.kernel.SqlFile;
import routes.messaging.outbox.HubEvent.Severity;

/**
 * One message for several events: an envelope of its own, type {@value #TYPE}, whose data says how
 * many there are and holds the first of them.
 */
@Component
record Digests(JdbcClient jdbc, ObjectMapper json, HubProperties hub, Clock clock) {

  static final String TYPE = "notify.digest";

  /**
   * @param head delivery whose message it is; its envelope comes first
   * @param others how many it tells of beside the head's
   * @param show how many events it holds in full
   */
  String of(UUID head, String envelope, int others, int show) {
    List<String> shown =
        jdbc.sql(SqlFile.load("notify/digest-shown"))
            .param("head", head)
            .param("most", show - 1)
            .param("bytes", DueDeliveries.MOST_BYTES)
            .query(String.class)
            .list();
    List<String> severities =
        jdbc.sql(SqlFile.load("notify/digest-severities"))
            .param("head", head)
            .query(String.class)
            .list();
    JsonNode first = tree(envelope);
    ObjectNode digest = json.createObjectNode();
    digest.put("specversion", "1.0");
    digest.put("id", head.toString());
    digest.put("source", "/hub/" + hub.id());
    digest.put("type", TYPE);
    digest.put("time", clock.instant().toString());
    digest.put("severity", worst(first.path("severity").asText(""), severities).text());
    digest.put("datacontenttype", "application/json");
    if (first.has("traceparent")) {
      digest.set("traceparent", first.get("traceparent"));
    }
    ObjectNode data = digest.putObject("data");
    data.put("count", others + 1);
    ArrayNode events = data.putArray("events");
    events.add(first);
    shown.forEach(each -> events.add(tree(each)));
    data.put("more", others - shown.size());
    return digest.toString();
  }

  private static Severity worst(String first, List<String> others) {
    Severity worst = Severity.INFO;
    for (Severity severity : Severity.values()) {
      if (severity.text().equals(first) || others.contains(severity.text())) {
        worst = severity;
      }
    }
    return worst;
  }

  private JsonNode tree(String text) {
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an envelope of hub.delivery is not JSON", e);
    }
  }
}
