package routes.notify.publish;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import routes.kernel.HubProperties;
import routes.kernel.errors.Failures;
import routes.kernel.errors.NotFoundException;
import routes.messaging.outbox.HubEvent;
import routes.messaging.outbox.HubEvent.Severity;
import routes.notify.delivery.NotificationSender;
import routes.notify.rules.NotifyProperties;
import routes.notify.rules.Target;
import routes.notify.transport.Answer;
import routes.notify.transport.Message;
import routes.notify.transport.UndeliveredException;
import routes.web.operations.Needs;
import routes.web.security.Audit;
import routes.web.security.Caller;
import routes.web.security.Role;

/** Test messages to targets. */
@RestController
record TargetTestController(
    NotifyProperties properties,
    NotificationSender courier,
    Audit audit,
    ObjectMapper json,
    HubProperties hub,
    Clock clock) {

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
  @PostMapping("/api/notifications/targets/{name}/test")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "notifications.test",
      summary = "Sends a target a test message at once, and returns its answer")
  Tested test(
      @PathVariable @Parameter(description = "Name of the target in hub.notify.targets")
          String name,
      Caller caller) {
    Target target = properties.targets().get(name);
    if (target == null) {
      throw new NotFoundException(
          "target", name, "hub.notify.targets names " + properties.targets().keySet());
    }
    audit.record(caller.name(), "target.test", name, Map.of());
    long began = System.nanoTime();
    try {
      Answer answer = courier.bring(message(name, target, caller.name()));
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
