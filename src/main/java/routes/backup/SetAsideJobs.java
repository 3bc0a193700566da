package routes.backup;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.jobs.JobDefinition;
import routes.jobs.Parameter;

/** What {@code backup.set-aside} takes. */
@Configuration(proxyBeanMethods = false)
class SetAsideJobs {

  @Bean
  JobDefinition backupSetAside(CopyProperties copies) {
    return JobDefinition.of(
            "backup.set-aside",
            SettingAside.Request.class,
            "Takes a damaged manifest out of the snapshots; its chunks go after the sweep's grace")
        .taking(
            Parameter.required("source", "the database's name, as the repository has it"),
            Parameter.required("snapshot", "the snapshot's whole id"),
            Parameter.required("reason", "why it is given up, for the audit trail"),
            RetentionJobs.copy(copies))
        .exclusiveOver("source", "snapshot", "copy")
        .withDryRun()
        .timeout(Duration.ofMinutes(10))
        .retries(2, Duration.ofMinutes(1));
  }
}
