package routes.platform.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.boot.actuate.health.CompositeHealth;
import org.springframework.boot.actuate.health.HealthComponent;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.Status;
import org.springframework.stereotype.Component;
import routes.platform.stores.StoresDown;

/** Ports {@code api.health}, the one answer that needs no key, and {@code api.openapi}. */
@Component
class HubRoutes extends ApiRoutes {

  private final HealthEndpoint health;
  private final StoresDown down;
  private final OpenApiDocument document;

  HubRoutes(HealthEndpoint health, StoresDown down, OpenApiDocument document) {
    this.health = health;
    this.down = down;
    this.document = document;
  }

  @Override
  public void configure() {
    port("api.health", "Tells whether this hub can take work", request -> health());
    port("api.openapi", "Tells this contract to programs", request -> document.get());
  }

  private ApiAnswer health() {
    // The group of what the hub cannot do without; details are the management port's.
    HealthComponent readiness = health.healthForPath("readiness");
    boolean up = isUp(readiness);
    // Names and no more: while the database is down no key opens the management port's details.
    TreeSet<String> missing = new TreeSet<>(down.names());
    if (readiness instanceof CompositeHealth parts) {
      missing.remove("postgres"); // was just asked, the others some seconds ago
      if (!isUp(parts.getComponents().get("db"))) {
        missing.add("postgres");
      }
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", up ? "UP" : "DOWN");
    if (!missing.isEmpty()) {
      body.put("down", missing);
    }
    return new ApiAnswer(up ? 200 : 503, null, body);
  }

  private static boolean isUp(HealthComponent health) {
    return health != null && health.getStatus().equals(Status.UP);
  }
}
