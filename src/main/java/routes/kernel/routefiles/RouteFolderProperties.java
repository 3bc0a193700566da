package routes.kernel.routefiles;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * {@code hub.routes.*}
 *
 * @param folder of the user's own {@code *.camel.yaml}; default {@code <hub.state-dir>/routes},
 *     which need not be there
 */
@ConfigurationProperties("hub.routes")
public record RouteFolderProperties(Path folder) {}
