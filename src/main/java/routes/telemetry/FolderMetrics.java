package routes.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.kernel.HubProperties;

/** Space where the hub keeps its key, its log and its short-lived files. */
@Configuration(proxyBeanMethods = false)
class FolderMetrics {

  @Bean
  FolderSpace stateFolderSpace(HubProperties hub, MeterRegistry registry) {
    return new FolderSpace("state", Optional.of(hub.stateDir()), registry);
  }
}
