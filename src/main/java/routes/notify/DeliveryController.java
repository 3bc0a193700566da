package routes.notify;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import routes.notify.DeliveryDesk.Filter;
import routes.notify.DeliveryDesk.State;
import routes.notify.DeliveryDesk.View;
import routes.platform.http.Fails;
import routes.platform.http.Needs;
import routes.platform.http.Page;
import routes.platform.http.PageLimit;
import routes.platform.security.Caller;
import routes.platform.security.Role;

/** Who was told of which event. */
@RestController
class DeliveryController {

  private final DeliveryDesk desk;

  DeliveryController(DeliveryDesk desk) {
    this.desk = desk;
  }

  @GetMapping("/api/deliveries")
  @Needs(Role.VIEWER)
  @Operation(
      operationId = "deliveries.list",
      summary = "Lists who was told of which event, and how it went, newest first")
  Page<View> list(
      @RequestParam(required = false) @Parameter(description = "Only deliveries to this target")
          String target,
      @RequestParam(required = false) @Parameter(description = "Only deliveries in this state")
          State state,
      @RequestParam(required = false)
          @Parameter(description = "Only deliveries of this event, by its id")
          UUID event,
      @RequestParam(defaultValue = "50") @PageLimit int limit,
      @RequestParam(required = false) @Parameter(description = "next of the page before")
          UUID after) {
    List<View> found = desk.list(new Filter(target, state, event, after, limit + 1));
    return Page.of(found, limit, delivery -> delivery.id().toString());
  }

  @GetMapping("/api/deliveries/{id}")
  @Needs(Role.VIEWER)
  @Operation(operationId = "deliveries.get", summary = "Shows one delivery")
  View get(
      @PathVariable @Parameter(description = "Id of the delivery, which is its webhook-id")
          UUID id) {
    return desk.get(id);
  }

  @PostMapping("/api/deliveries/{id}/retry")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "deliveries.retry",
      summary = "Sends a delivery that is dead, dropped or waits again now, under its id")
  @Fails(status = 409, when = "It is on its way, or arrived")
  View retry(@PathVariable @Parameter(description = "Id of the delivery") UUID id, Caller caller) {
    return desk.retry(id, caller.name());
  }
}
