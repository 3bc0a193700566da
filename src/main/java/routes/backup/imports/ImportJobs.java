package routes.backup.imports;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static routes.jobs.Job.job;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.backup.config.Sources;
import routes.jobs.ConfiguredNames;
import routes.jobs.Job;

/** The jobs of imports. */
@Configuration(proxyBeanMethods = false)
class ImportJobs {

  @Bean
  ConfiguredNames importNames(ImportProperties properties) {
    return new ConfiguredNames("hub.imports", "import", properties::names);
  }

  @Bean
  Job<ImportRequest> backupImport(
      ImportProperties properties, Sources sources, ObjectProvider<Importing> importing) {
    for (String name : properties.names()) {
      // A wrong name would be found when somebody needs a restore, which asks for a source.
      if (!sources.names().contains(properties.source(name))) {
        throw new IllegalArgumentException(
            "hub.imports.%s.source is '%s' but must be one of hub.sources: %s"
                .formatted(name, properties.source(name), String.join(", ", sources.names())));
      }
    }
    return job(
            "backup.import",
            ImportRequest.class,
            "Takes over dumps that another program made, as unverified snapshots")
        .plan((request, run) -> importing.getObject().plan(request))
        .run((request, run) -> importing.getObject().run(request, run))
        .exclusiveOver("from")
        .timeout(ofHours(24))
        .retries(2, ofMinutes(1));
  }
}
