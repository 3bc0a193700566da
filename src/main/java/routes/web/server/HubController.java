package routes.web.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.SortedSet;
import java.util.TreeSet;
import org.springframework.boot.actuate.health.CompositeHealth;
import org.springframework.boot.actuate.health.HealthComponent;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.Status;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import routes.stores.UnreachableStores;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.operations.NeedsNoKey;
import routes.web.security.Caller;
import routes.web.security.Role;
import routes.web.security.Tickets;

/** Health, the one answer that needs no key, and tickets for event streams. */
@RestController
record HubController(HealthEndpoint health, UnreachableStores down, Tickets tickets) {

  /**
   * @param status {@code UP} or {@code DOWN}
   * @param down names of stores that do not answer
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Health(String status, SortedSet<String> down) {}

  @GetMapping("/health")
  @NeedsNoKey
  @Operation(
      operationId = "health",
      summary = "Tells whether this hub can take work, and which stores are down")
  @ApiResponse(responseCode = "200", description = "It can")
  @ApiResponse(responseCode = "503", description = "It cannot")
  ResponseEntity<Health> tell() {
    // The group of what the hub cannot do without; details are the management port's.
    HealthComponent readiness = health.healthForPath("readiness");
    boolean up = isUp(readiness);
    // Names and no more: while the database is down no key opens the management port's details.
    SortedSet<String> missing = new TreeSet<>(down.names());
    if (readiness instanceof CompositeHealth parts) {
      missing.remove("postgres"); // was just asked, the others some seconds ago
      if (!isUp(parts.getComponents().get("db"))) {
        missing.add("postgres");
      }
    }
    return ResponseEntity.status(up ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .body(new Health(up ? "UP" : "DOWN", missing));
  }

  private static boolean isUp(HealthComponent health) {
    return health != null && health.getStatus().equals(Status.UP);
  }

  @PostMapping("/api/tickets")
  @Needs(Role.VIEWER)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "tickets.create",
      summary = "Makes a ticket that opens one event stream in place of the key, within 30 s")
  @ApiResponse(responseCode = "201", description = "The ticket, and when it expires")
  @Fails(status = 429, when = "The key has too many tickets not used yet")
  Tickets.Ticket ticket(Caller caller) {
    return tickets.create(caller);
  }
}
