package routes.backup;

import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.backup.postgres.PostgresRestore;
import routes.jobs.Runs;
import routes.platform.error.NotFoundException;
import routes.platform.telemetry.Spans;

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
