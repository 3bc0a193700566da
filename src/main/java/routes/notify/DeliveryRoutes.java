package routes.notify;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import routes.notify.DeliveryDesk.Filter;
import routes.notify.DeliveryDesk.View;
import routes.platform.HubProperties;
import routes.platform.audit.Audit;
import routes.platform.error.Failures;
import routes.platform.error.NotFoundException;
import routes.platform.http.ApiRequest;
import routes.platform.http.ApiRoutes;
import routes.platform.http.Page;
import routes.platform.outbox.HubEvent;
import routes.platform.outbox.HubEvent.Severity;

/** Ports {@code api.deliveries.*} and {@code api.notifications.test}. */
@Component
class DeliveryRoutes extends ApiRoutes {

  private static final List<String> STATES =
      List.of("waiting", "sending", "delivered", "dead", "merged", "dropped");

  private final NotifyProperties properties;
  private final DeliveryDesk desk;
  private final Courier courier;
  private final Audit audit;
  private final ObjectMapper json;
  private final HubProperties hub;
  private final Clock clock;

  DeliveryRoutes(
      NotifyProperties properties,
      DeliveryDesk desk,
      Courier courier,
      Audit audit,
      ObjectMapper json,
      HubProperties hub,
      Clock clock) {
    this.properties = properties;
    this.desk = desk;
    this.courier = courier;
    this.audit = audit;
    this.json = json;
    this.hub = hub;
    this.clock = clock;
  }

  @Override
  public void configure() {
    port("api.deliveries.list", "Lists deliveries, newest first", this::list);
    port("api.deliveries.get", "Shows one delivery", r -> desk.get(r.pathUuid("id")));
    port(
        "api.deliveries.retry",
        "Sends one again now, under its id",
        r -> desk.retry(r.pathUuid("id"), r.actor()));
    port("api.notifications.test", "Sends a target a test message", this::test);
  }

  private Page<View> list(ApiRequest request) {
    int limit = (int) request.queryNumber("limit", 1, 500, 50);
    List<View> found =
        desk.list(
            new Filter(
                request.query("target"),
                request.queryOneOf("state", STATES, null),
                request.queryUuid("event"),
                request.queryUuid("after"),
                limit + 1));
    boolean more = found.size() > limit;
    List<View> page = more ? found.subList(0, limit) : found;
    return new Page<>(page, more ? page.get(limit - 1).id().toString() : null);
  }

  /**
   * What became of a test message.
   *
   * @param status of HTTP, or null
   * @param response what the target said
   * @param error why it did not take it; null: it did
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Tested(
      String target,
      boolean delivered,
      Integer status,
      String response,
      String error,
      long tookMs) {}

  /** At once and once: it is no delivery, and waits behind none. */
  private Tested test(ApiRequest request) {
    String name = request.path("name");
    Target target = properties.targets().get(name);
    if (target == null) {
      throw new NotFoundException(
          "target", name, "hub.notify.targets names " + properties.targets().keySet());
    }
    audit.record(request.actor(), "target.test", name, Map.of());
    long began = System.nanoTime();
    try {
      Answer answer = courier.bring(message(name, target, request.actor()));
      return new Tested(name, true, answer.status(), answer.text(), null, since(began));
    } catch (Exception e) {
      UndeliveredException known = Failures.find(e, UndeliveredException.class);
      Answer answer = known == null ? null : known.answer();
      return new Tested(
          name,
          false,
          answer == null ? null : answer.status(),
          answer == null ? null : answer.text(),
          Answer.clean(Failures.describe(known == null ? e : known)),
          since(began));
    }
  }

  private Message message(String name, Target target, String actor) {
    UUID id = UUID.randomUUID();
    HubEvent event =
        new HubEvent(
            "1.0",
            id,
            "/hub/" + hub.id(),
            "notify.test",
            name,
            clock.instant(),
            Severity.INFO,
            "application/json",
            null,
            Map.of("askedBy", actor));
    return new Message(id, name, target.kind(), json.valueToTree(event).toString(), 1);
  }

  private static long since(long began) {
    return (System.nanoTime() - began) / 1_000_000;
  }
}
