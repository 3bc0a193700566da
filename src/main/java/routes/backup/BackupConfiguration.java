package routes.backup;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.backup.postgres.PostgresRestore;
import routes.jobs.Runs;
import routes.platform.telemetry.Spans;

/** Puts the pieces of {@code postgres/} together; they know no Spring. */
@Configuration(proxyBeanMethods = false)
class BackupConfiguration {

  @Bean
  PostgresRestore postgresRestore(
      BackupProperties properties, HubFacts facts, Runs runs, Spans spans) {
    return new PostgresRestore(
        new PostgresRestore.Settings(
            facts.id(), properties.parallel(), properties.pgBin(), facts.temp()),
        runs,
        spans);
  }
}
