package routes.notify;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.platform.deadletter.ReplayPort;

/** Undelivered messages can be replayed. */
@Configuration(proxyBeanMethods = false)
class NotifyConfiguration {

  @Bean
  ReplayPort undelivered() {
    return new ReplayPort(Deliveries.PORT);
  }
}
