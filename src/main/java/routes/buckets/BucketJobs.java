package routes.buckets;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static routes.jobs.Job.job;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.jobs.ConfiguredNames;
import routes.jobs.Job;

/** The jobs of the platform's buckets. */
@Configuration(proxyBeanMethods = false)
class BucketJobs {

  @Bean
  ConfiguredNames bucketNames(BucketProperties properties) {
    return new ConfiguredNames(
        "hub.buckets", "bucket", () -> List.copyOf(properties.buckets().keySet()));
  }

  @Bean
  Job<BucketRequest> applyBuckets(ObjectProvider<BucketsApply> apply) {
    return job(
            "buckets.apply",
            BucketRequest.class,
            "Makes the platform's buckets as configured; changes nothing that lies in one")
        .plan((request, run) -> apply.getObject().plan(request))
        .run((request, run) -> apply.getObject().run(request, run))
        .timeout(ofMinutes(10))
        .retries(5, ofSeconds(10));
  }
}
