package routes.notify.delivery;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.messaging.deadletters.ReplayPort;

/** Undelivered messages can be replayed. */
@Configuration(proxyBeanMethods = false)
class NotifyConfiguration {

  @Bean
  ReplayPort undelivered() {
    return new ReplayPort(Deliveries.PORT);
  }
}
