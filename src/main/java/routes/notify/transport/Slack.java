package routes.notify.transport;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.stereotype.Component;
import routes.notify.rules.NotifyProperties;
import routes.notify.rules.Secrets;

/** Messages to webhooks that take Slack's JSON: Slack, Mattermost, Rocket.Chat and others. */
@Component
public class Slack {

  /** Slack cuts at 40,000. */
  private static final int MOST = 12_000;

  private final NotifyProperties properties;
  private final Secrets secrets;
  private final GuardedHttp http;
  private final ObjectMapper json;

  Slack(NotifyProperties properties, Secrets secrets, GuardedHttp http, ObjectMapper json) {
    this.properties = properties;
    this.secrets = secrets;
    this.http = http;
    this.json = json;
  }

  /**
   * @throws UndeliveredException when it is not taken
   */
  public Answer send(Message message) {
    EventText words = new EventText(json, message);
    String text = "*" + escaped(words.headline()) + "*\n" + escaped(words.text());
    String body =
        json.createObjectNode()
            .put("text", text.length() > MOST ? text.substring(0, MOST) + "…" : text)
            .toString();
    return http.post(
        secrets.url(message.target()),
        Map.of(),
        body.getBytes(StandardCharsets.UTF_8),
        properties.targets().get(message.target()).timeout());
  }

  /** What Slack takes for a link or for everybody's attention stays text. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
