package routes.backup;

import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.backup.config.BackupProperties;
import routes.backup.config.HubFacts;
import routes.backup.config.RestoreProperties;
import routes.backup.postgres.restore.PostgresRestore;
import routes.jobs.runs.Runs;
import routes.kernel.errors.NotFoundException;
import routes.telemetry.Spans;

/** Puts the pieces of {@code postgres/} together; they know no Spring. */
@Configuration(proxyBeanMethods = false)
class BackupConfiguration {

  @Bean
  PostgresRestore postgresRestore(
      BackupProperties properties,
      RestoreProperties restore,
      HubFacts facts,
      Runs runs,
      Spans spans) {
    return new PostgresRestore(
        new PostgresRestore.Settings(
            facts.id(),
            properties.parallel(),
            properties.pgBin(),
            facts.temp(),
            restore.maintenanceWorkMem().toBytes()),
        id -> ended(runs, id),
        spans);
  }

  private static boolean ended(Runs runs, String id) {
    try {
      return runs.get(UUID.fromString(id)).ended();
    } catch (NotFoundException e) {
      return true; // of a ledger that is gone
    }
  }
}
