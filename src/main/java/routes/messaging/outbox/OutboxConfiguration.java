package routes.messaging.outbox;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.messaging.deadletters.ReplayPort;

/** Events that Redis refused can be sent again. */
@Configuration(proxyBeanMethods = false)
class OutboxConfiguration {

  @Bean
  ReplayPort refusedEvents() {
    return new ReplayPort(Relay.PORT);
  }
}
