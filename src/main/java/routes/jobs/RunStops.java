package routes.jobs;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.platform.stores.Stops;

/** Requests to stores are cut when the run is stopped that makes them. */
@Configuration(proxyBeanMethods = false)
class RunStops {

  @Bean
  Stops stopsOfRuns() {
    return (what, stop) -> CurrentRun.onStop(what, stop)::close;
  }
}
