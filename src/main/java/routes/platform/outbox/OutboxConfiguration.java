package routes.platform.outbox;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.platform.deadletter.ReplayPort;

/** Events that Redis refused can be sent again. */
@Configuration(proxyBeanMethods = false)
class OutboxConfiguration {

  @Bean
  ReplayPort refusedEvents() {
    return new ReplayPort(Relay.PORT);
  }
}
