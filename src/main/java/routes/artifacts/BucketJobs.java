package routes.artifacts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.jobs.JobDefinition;
import routes.jobs.Parameter;

/** What {@code buckets.apply} takes. */
@Configuration(proxyBeanMethods = false)
class BucketJobs {

  @Bean
  JobDefinition applyBuckets(BucketProperties properties) {
    return JobDefinition.of(
            "buckets.apply",
            BucketRequest.class,
            "Makes the platform's buckets as configured; changes nothing that lies in one")
        .taking(
            Parameter.optional(
                    "bucket", Parameter.Type.STRING, "", "only this one; empty: every one")
                .oneOf(() -> names(properties)))
        .withDryRun()
        .timeout(Duration.ofMinutes(10))
        .retries(5, Duration.ofSeconds(10));
  }

  private static List<String> names(BucketProperties properties) {
    return new ArrayList<>(properties.buckets().keySet());
  }
}
