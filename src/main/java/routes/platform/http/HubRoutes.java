package routes.platform.http;

import java.util.Map;
import org.springframework.boot.actuate.health.HealthComponent;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.Status;
import org.springframework.stereotype.Component;

/** Ports {@code api.health}, the one answer that needs no key, and {@code api.openapi}. */
@Component
class HubRoutes extends ApiRoutes {

  private final HealthEndpoint health;
  private final OpenApiDocument document;

  HubRoutes(HealthEndpoint health, OpenApiDocument document) {
    this.health = health;
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
    boolean up = readiness != null && readiness.getStatus().equals(Status.UP);
    return new ApiAnswer(up ? 200 : 503, null, Map.of("status", up ? "UP" : "DOWN"));
  }
}
