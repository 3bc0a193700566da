package routes.notify.transport;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import routes.notify.rules.NotifyProperties;
import routes.notify.rules.Secrets;
import routes.notify.rules.Signatures;
import routes.notify.rules.Target;

/** Messages to webhooks, signed; {@code docs/formats/webhooks.md} is the format. */
@Component
public class Webhooks {

  private final NotifyProperties properties;
  private final Secrets secrets;
  private final GuardedHttp http;
  private final Clock clock;

  Webhooks(NotifyProperties properties, Secrets secrets, GuardedHttp http, Clock clock) {
    this.properties = properties;
    this.secrets = secrets;
    this.http = http;
    this.clock = clock;
  }

  /**
   * @throws UndeliveredException when it is not taken
   */
  public Answer send(Message message) {
    Target target = properties.targets().get(message.target());
    byte[] body = message.body().getBytes(StandardCharsets.UTF_8);
    String id = message.id().toString();
    // Of the attempt: a receiver refuses what is too old to be no replay.
    long seconds = clock.instant().getEpochSecond();
    Map<String, String> headers = new TreeMap<>(target.headers());
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", String.valueOf(seconds));
    headers.put(
        "webhook-signature", Signatures.sign(secrets.signing(message.target()), id, seconds, body));
    return http.post(secrets.url(message.target()), headers, body, target.timeout());
  }
}
