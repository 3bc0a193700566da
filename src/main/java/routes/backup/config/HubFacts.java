package routes.backup.config;

import java.nio.file.Path;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;
import routes.kernel.HubProperties;

/** What manifests say about this hub, and where it may put short-lived files. */
@Component
public class HubFacts {

  private final String version;
  private final HubProperties hub;

  HubFacts(ObjectProvider<BuildProperties> build, HubProperties hub) {
    BuildProperties built = build.getIfAvailable();
    this.version = built == null ? "development" : built.getVersion();
    this.hub = hub;
  }

  public String version() {
    return version;
  }

  public String id() {
    return hub.id();
  }

  /** Holds pass files (0600) and definitions, each for as long as a child process needs it. */
  public Path temp() {
    return hub.stateDir().toAbsolutePath().resolve("tmp");
  }
}
