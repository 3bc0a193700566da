package routes.backup.copy;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.backup.CopyProperties;
import routes.jobs.JobDefinition;
import routes.jobs.Parameter;

/** What {@code backup.copy} takes. */
@Configuration(proxyBeanMethods = false)
class CopyJobs {

  @Bean
  JobDefinition backupCopy(CopyProperties properties) {
    return JobDefinition.of(
            "backup.copy", CopyRequest.class, "Copies backups to a second place, byte for byte")
        .taking(
            Parameter.required("copy", "the place's name under hub.copies")
                .oneOf(properties::names),
            Parameter.optional(
                "source", Parameter.Type.STRING, "", "only this source's; empty: every source's"),
            Parameter.optional(
                "snapshot",
                Parameter.Type.STRING,
                "latest",
                "latest, all, a snapshot's id, or the beginning of one"))
        .exclusiveOver("copy")
        .withDryRun()
        .timeout(Duration.ofHours(24))
        .retries(3, Duration.ofMinutes(1));
  }
}
