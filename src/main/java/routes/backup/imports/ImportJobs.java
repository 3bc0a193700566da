package routes.backup.imports;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.backup.Sources;
import routes.jobs.JobDefinition;
import routes.jobs.Parameter;

/** What {@code backup.import} takes. */
@Configuration(proxyBeanMethods = false)
class ImportJobs {

  @Bean
  JobDefinition backupImport(ImportProperties properties, Sources sources) {
    for (String name : properties.names()) {
      // A wrong name would be found when somebody needs a restore, which asks for a source.
      if (!sources.names().contains(properties.source(name))) {
        throw new IllegalArgumentException(
            "hub.imports."
                + name
                + ".source is '"
                + properties.source(name)
                + "' but must be one of hub.sources: "
                + String.join(", ", sources.names()));
      }
    }
    return JobDefinition.of(
            "backup.import",
            ImportRequest.class,
            "Takes over dumps that another program made, as unverified snapshots")
        .taking(
            Parameter.required("from", "the place's name under hub.imports")
                .oneOf(properties::names))
        .exclusiveOver("from")
        .withDryRun()
        .timeout(Duration.ofHours(24))
        .retries(2, Duration.ofMinutes(1));
  }
}
