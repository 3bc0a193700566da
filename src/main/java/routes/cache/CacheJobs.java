package routes.cache;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.jobs.JobDefinition;
import routes.jobs.Parameter;

/** What {@code cache.warm} takes. */
@Configuration(proxyBeanMethods = false)
class CacheJobs {

  @Bean
  JobDefinition warmCache(CacheProperties properties) {
    return JobDefinition.of(
            "cache.warm",
            WarmRequest.class,
            "Makes the predictions that are asked for most, before they are asked for")
        .taking(
            Parameter.required("model", "one that has a loader").oneOf(() -> loadable(properties)),
            Parameter.required("version", "whose predictions are made"),
            Parameter.optional(
                "inputsOf",
                Parameter.Type.STRING,
                "",
                "version whose inputs are taken, such as the one before; empty: the same"),
            Parameter.optional("most", Parameter.Type.INTEGER, 100, "how many inputs, 1 or more"))
        .exclusiveOver("model", "version")
        .withDryRun()
        .timeout(Duration.ofHours(1))
        .retries(3, Duration.ofSeconds(30));
  }

  private static List<String> loadable(CacheProperties properties) {
    return properties.models().entrySet().stream()
        .filter(each -> each.getValue().loader() != null)
        .map(Map.Entry::getKey)
        .toList();
  }
}
