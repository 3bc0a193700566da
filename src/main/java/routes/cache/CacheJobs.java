package routes.cache;

import static java.time.Duration.ofSeconds;
import static routes.jobs.Job.job;

import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.jobs.ConfiguredNames;
import routes.jobs.Job;

/** The jobs of the cache. */
@Configuration(proxyBeanMethods = false)
class CacheJobs {

  @Bean
  ConfiguredNames loadableModelNames(CacheProperties properties) {
    return new ConfiguredNames(
        "hub.cache.models", "model with a loader", () -> loadable(properties));
  }

  @Bean
  Job<WarmRequest> warmCache(ObjectProvider<CacheWarm> warm) {
    return job(
            "cache.warm",
            WarmRequest.class,
            "Makes the predictions that are asked for most, before they are asked for")
        .plan((request, run) -> warm.getObject().plan(request))
        .run((request, run) -> warm.getObject().run(request, run))
        .exclusiveOver("model", "version")
        .retries(3, ofSeconds(30));
  }

  private static List<String> loadable(CacheProperties properties) {
    return properties.models().entrySet().stream()
        .filter(each -> each.getValue().loader() != null)
        .map(Map.Entry::getKey)
        .toList();
  }
}
