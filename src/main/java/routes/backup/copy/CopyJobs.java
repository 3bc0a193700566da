package routes.backup.copy;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static routes.jobs.Job.job;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.jobs.Job;

/** The jobs of copies. */
@Configuration(proxyBeanMethods = false)
class CopyJobs {

  @Bean
  Job<CopyRequest> backupCopy(ObjectProvider<Copying> copying) {
    return job("backup.copy", CopyRequest.class, "Copies backups to a second place, byte for byte")
        .plan((request, run) -> copying.getObject().plan(request))
        .run((request, run) -> copying.getObject().run(request, run))
        .exclusiveOver("copy")
        .timeout(ofHours(24))
        .retries(3, ofMinutes(1));
  }
}
