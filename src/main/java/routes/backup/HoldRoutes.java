package routes.backup;

import org.springframework.stereotype.Component;
import routes.platform.http.ApiRequest;
import routes.platform.http.ApiRoutes;

/** Ports {@code api.snapshots.hold} and {@code api.snapshots.release}. */
@Component
class HoldRoutes extends ApiRoutes {

  private final SnapshotHolds holds;

  HoldRoutes(SnapshotHolds holds) {
    this.holds = holds;
  }

  @Override
  public void configure() {
    port("api.snapshots.hold", "Pins a snapshot: no retention removes it", this::hold);
    port("api.snapshots.release", "Takes a pin away", this::release);
  }

  private SnapshotHolds.Held hold(ApiRequest request) {
    request.takesOnly("reason", "until");
    return Repositories.asked(
        () ->
            holds.hold(
                which(request),
                request.bodyText("reason"),
                request.bodyText("until") == null ? null : request.bodyInstant("until"),
                request.actor()));
  }

  private SnapshotHolds.Held release(ApiRequest request) {
    return Repositories.asked(() -> holds.release(which(request), request.actor()));
  }

  private static SnapshotHolds.Which which(ApiRequest request) {
    return new SnapshotHolds.Which(
        request.path("source"), request.path("id"), request.path("name"));
  }
}
