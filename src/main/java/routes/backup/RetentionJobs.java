package routes.backup;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.jobs.JobDefinition;
import routes.jobs.Parameter;

/** What retention and the sweep are called and take. */
@Configuration(proxyBeanMethods = false)
class RetentionJobs {

  @Bean
  JobDefinition retentionSnapshots(
      Sources sources, RetentionProperties properties, CopyProperties copies) {
    // A mistyped name would silently keep less than somebody meant.
    for (String name : properties.sources().keySet()) {
      if (!sources.names().contains(name)) {
        throw new IllegalArgumentException(
            "hub.retention.sources." + name + ": there is no hub.sources." + name);
      }
    }
    return JobDefinition.of(
            "retention.snapshots",
            Retention.Request.class,
            "Removes snapshots that the policy no longer keeps; tells why of each")
        .taking(
            Parameter.required("source", "the database's name under hub.sources")
                .oneOf(sources::names),
            Parameter.optional(
                "plan",
                Parameter.Type.STRING,
                null,
                "what a dry run called its plan: remove exactly that, or nothing"),
            copy(copies))
        .exclusiveOver("source", "copy")
        .withDryRun()
        .timeout(Duration.ofHours(2))
        .retries(3, Duration.ofMinutes(10));
  }

  @Bean
  JobDefinition backupSweep(CopyProperties copies) {
    return JobDefinition.of(
            "backup.sweep",
            Sweeping.Request.class,
            "Deletes chunks that no snapshot has named for a while")
        .taking(copy(copies))
        .exclusiveOver("copy")
        .timeout(Duration.ofHours(6))
        .retries(3, Duration.ofMinutes(10));
  }

  /** Which repository a job works in. */
  static Parameter copy(CopyProperties copies) {
    return Parameter.optional(
            "copy",
            Parameter.Type.STRING,
            "",
            "a copy's name under hub.copies; empty: the repository itself")
        .oneOf(copies::names);
  }
}
