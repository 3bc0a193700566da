package routes.backup.copy;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static routes.jobs.Job.job;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import routes.jobs.Job;

/** The jobs of copies. */
@Configuration(proxyBeanMethods = false)
class CopyJobs {

  @Bean
  Job<CopyRequest> backupCopy(@Lazy Copying copying) {
    return job("backup.copy", CopyRequest.class, "Copies backups to a second place, byte for byte")
        .plan((request, run) -> copying.plan(request))
        .run(copying::run)
        .exclusiveOver("copy")
        .timeout(ofHours(24))
        .retries(3, ofMinutes(1));
  }
}
