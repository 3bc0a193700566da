package routes.jobs.runner;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.stores.s3.Cancellation;

/** Requests to stores are cut when the run is stopped that makes them. */
@Configuration(proxyBeanMethods = false)
class RunCancellation {

  @Bean
  Cancellation stopsOfRuns() {
    return (what, stop) -> CurrentRun.onStop(what, stop)::close;
  }
}
