package routes.analytics;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.messaging.deadletters.ReplayPort;

/** What could not be taken can be mended and replayed. */
@Configuration(proxyBeanMethods = false)
class RedteamConfiguration {

  @Bean
  ReplayPort refusedFindings() {
    return new ReplayPort("redteam.ingest");
  }
}
