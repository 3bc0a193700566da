package routes.backup;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.jobs.JobDefinition;
import routes.jobs.Parameter;

/** What this feature's jobs are called and take. */
@Configuration(proxyBeanMethods = false)
class BackupJobs {

  private static Parameter source(Sources sources) {
    return Parameter.required("source", "the database's name under hub.sources")
        .oneOf(sources::names);
  }

  private static Parameter snapshot() {
    return Parameter.optional(
        "snapshot",
        Parameter.Type.STRING,
        "latest",
        "latest, a snapshot's id, or the beginning of one");
  }

  @Bean
  JobDefinition backupPostgres(Sources sources) {
    return JobDefinition.of(
            "backup.postgres", BackupRequest.class, "Backs a PostgreSQL database up, whole")
        .taking(source(sources))
        .exclusiveOver("source")
        .withDryRun()
        .timeout(Duration.ofHours(12))
        .retries(2, Duration.ofSeconds(30));
  }

  @Bean
  JobDefinition backupDrill(Sources sources, CopyProperties copies) {
    return JobDefinition.of(
            "backup.drill",
            SnapshotRequest.class,
            "Proves a backup: restores it, compares every row, drops it again")
        .taking(
            source(sources),
            Parameter.optional(
                "snapshot",
                Parameter.Type.STRING,
                "latest",
                "latest, stalest (proven longest ago, or never), a snapshot's id, or the beginning"
                    + " of one"),
            RetentionJobs.copy(copies))
        .exclusiveOver("source", "copy")
        .withDryRun()
        .timeout(Duration.ofHours(12))
        .retries(1, Duration.ofMinutes(1));
  }

  @Bean
  JobDefinition backupVerify(Sources sources, CopyProperties copies) {
    return JobDefinition.of(
            "backup.verify", VerifyRequest.class, "Reads every byte of backups and checks it")
        .taking(
            source(sources),
            Parameter.optional(
                "snapshot",
                Parameter.Type.STRING,
                "latest",
                "latest, all, a snapshot's id, or the beginning of one"),
            Parameter.optional(
                "share",
                Parameter.Type.INTEGER,
                100,
                "percent of the chunks to read; under 100, today's share of a round of days"),
            RetentionJobs.copy(copies))
        .exclusiveOver("source", "copy")
        .timeout(Duration.ofHours(12))
        .retries(1, Duration.ofMinutes(1));
  }

  @Bean
  JobDefinition restorePostgres(Sources sources, CopyProperties copies) {
    return JobDefinition.of(
            "restore.postgres",
            RestoreRequest.class,
            "Restores a backup into a new database, or in an existing one's place; compares every row")
        .taking(
            // Any that the repository has: a new hub on an empty server has no sources yet.
            Parameter.required("source", "the database's name, as the repository has it"),
            snapshot(),
            Parameter.required("target", "the server's name under hub.targets")
                .oneOf(sources::targetNames),
            Parameter.optional(
                "database",
                Parameter.Type.STRING,
                null,
                "name of the database to create; this or into is required"),
            Parameter.optional(
                "owners",
                Parameter.Type.BOOLEAN,
                false,
                "restore owners and privileges; their roles must exist"),
            Parameter.optional(
                "hub", Parameter.Type.BOOLEAN, false, "restore the hub's own schema, too"),
            Parameter.optional(
                "schemas",
                Parameter.Type.STRING,
                null,
                "restore only the tables of these schemas, names between commas"),
            Parameter.optional(
                "tables",
                Parameter.Type.STRING,
                null,
                "restore only these tables, schema.table between commas, as the snapshot lists them"),
            RetentionJobs.copy(copies),
            Parameter.optional(
                "into",
                Parameter.Type.STRING,
                null,
                "name of an existing, empty database whose place the restored one takes"),
            Parameter.optional(
                "force",
                Parameter.Type.BOOLEAN,
                false,
                "with into: it may hold something and be in use; it is kept, renamed, and sessions"
                    + " are ended"),
            Parameter.optional(
                "globals",
                Parameter.Type.BOOLEAN,
                false,
                "first make the snapshot's roles that the server lacks; others are never changed"),
            Parameter.optional(
                "powers",
                Parameter.Type.BOOLEAN,
                false,
                "with globals: give them SUPERUSER, CREATEROLE, REPLICATION, BYPASSRLS and"
                    + " predefined roles, as they had"),
            Parameter.optional(
                "unprotected",
                Parameter.Type.STRING,
                null,
                "tables, schema.table between commas, whose policies may be left out where the server"
                    + " lacks their roles"),
            Parameter.optional(
                "keepGoing",
                Parameter.Type.BOOLEAN,
                false,
                "restore all that can be; what failed is listed, and the run fails with the database"
                    + " under its name"))
        .exclusiveOver("target", "database", "into")
        .withDryRun()
        .timeout(Duration.ofHours(12));
  }

  @Bean
  JobDefinition backupCatalogueRebuild() {
    return JobDefinition.of(
            "backup.catalogue.rebuild",
            CatalogueRebuild.Request.class,
            "Makes the list of snapshots equal to what the repository holds")
        .timeout(Duration.ofHours(1))
        .retries(2, Duration.ofMinutes(1));
  }
}
