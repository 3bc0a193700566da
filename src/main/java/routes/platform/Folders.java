package routes.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.stereotype.Component;

/**
 * Makes what is missing: the state folder, which holds secrets and is its owner's only, and the
 * folder for the user's own routes, without which Camel, which reads it next, would not start.
 */
@Component
class Folders {

  private static final Logger LOG = LoggerFactory.getLogger(Folders.class);

  /**
   * {@code hub.routes.*}
   *
   * @param folder whose {@code *.camel.yaml} are taken; default {@code <hub.state-dir>/routes}
   */
  @ConfigurationProperties("hub.routes")
  record RoutesProperties(Path folder) {}

  Folders(HubProperties hub, RoutesProperties routes) throws IOException {
    if (Files.notExists(hub.stateDir())) {
      Files.createDirectories(
          hub.stateDir(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    if (routes.folder() != null && Files.notExists(routes.folder())) {
      Files.createDirectories(routes.folder());
      LOG.info("made {} for your own *.camel.yaml", routes.folder().toAbsolutePath().normalize());
    }
  }
}
