package routes.notify.delivery;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import routes.notify.delivery.DeliveryQueries.Filter;
import routes.notify.delivery.DeliveryQueries.State;
import routes.notify.delivery.DeliveryQueries.View;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.operations.Page;
import routes.web.operations.PageLimit;
import routes.web.security.Caller;
import routes.web.security.Role;

/** Who was told of which event. */
@RestController
record DeliveryController(DeliveryQueries desk) {

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
