package routes.backup;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static routes.jobs.Job.job;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import routes.backup.config.Sources;
import routes.backup.repositories.CopyProperties;
import routes.backup.restore.Restore;
import routes.backup.restore.RestoreRequest;
import routes.backup.retention.Retention;
import routes.backup.retention.RetentionProperties;
import routes.backup.retention.RetentionRequest;
import routes.backup.retention.SweepRun;
import routes.jobs.ConfiguredNames;
import routes.jobs.Job;

/**
 * The jobs of backups. What does their work is had when it is called: the doctor reads these
 * declarations without it.
 */
@Configuration(proxyBeanMethods = false)
public class BackupJobs {

  @Bean
  ConfiguredNames sourceNames(Sources sources) {
    return new ConfiguredNames("hub.sources", "source", sources::names);
  }

  @Bean
  ConfiguredNames targetNames(Sources sources) {
    return new ConfiguredNames("hub.targets", "target", sources::targetNames);
  }

  @Bean
  ConfiguredNames copyNames(CopyProperties copies) {
    return new ConfiguredNames("hub.copies", "copy", copies::names);
  }

  @Bean
  Job<BackupRequest> backupPostgres(@Lazy Backup backup) {
    return job("backup.postgres", BackupRequest.class, "Backs a PostgreSQL database up, whole")
        .plan((request, run) -> backup.plan(request))
        .run(backup::run)
        .exclusiveOver("source")
        .timeout(ofHours(12))
        .retries(2, ofSeconds(30));
  }

  @Bean
  Job<DrillRequest> backupDrill(@Lazy Drill drill) {
    return job(
            "backup.drill",
            DrillRequest.class,
            "Proves a backup: restores it, compares every row, drops it again")
        .plan((request, run) -> drill.plan(request))
        .run(drill::run)
        .exclusiveOver("source", "copy")
        .timeout(ofHours(12))
        .retries(1, ofMinutes(1));
  }

  @Bean
  Job<VerifyRequest> backupVerify(@Lazy Verification verification) {
    return job("backup.verify", VerifyRequest.class, "Reads every byte of backups and checks it")
        .run(verification::run)
        .exclusiveOver("source", "copy")
        .timeout(ofHours(12))
        .retries(1, ofMinutes(1));
  }

  @Bean
  Job<RestoreRequest> restorePostgres(@Lazy Restore restore) {
    return job(
            "restore.postgres",
            RestoreRequest.class,
            "Restores a backup into a new database, or in an existing one's place; compares every row")
        .plan(restore::plan)
        .run(restore::run)
        .exclusiveOver("target", "database", "into")
        .timeout(ofHours(12));
  }

  @Bean
  Job<CatalogueRebuild.Request> backupCatalogueRebuild(@Lazy CatalogueRebuild rebuild) {
    return job(
            "backup.catalogue.rebuild",
            CatalogueRebuild.Request.class,
            "Makes the list of snapshots equal to what the repository holds")
        .run(rebuild::run)
        .retries(2, ofMinutes(1));
  }

  @Bean
  public Job<RetentionRequest> retentionSnapshots(
      Sources sources, RetentionProperties properties, @Lazy Retention retention) {
    // A mistyped name would silently keep less than somebody meant.
    for (String name : properties.sources().keySet()) {
      if (!sources.names().contains(name)) {
        throw new IllegalArgumentException(
            "hub.retention.sources." + name + ": there is no hub.sources." + name);
      }
    }
    return job(
            "retention.snapshots",
            RetentionRequest.class,
            "Removes snapshots that the policy no longer keeps, and says why for each")
        .plan((request, run) -> retention.plan(request))
        .run(retention::run)
        .exclusiveOver("source", "copy")
        .timeout(ofHours(2))
        .retries(3, ofMinutes(10));
  }

  @Bean
  Job<SweepRun.Request> backupSweep(@Lazy SweepRun sweeping) {
    return job(
            "backup.sweep",
            SweepRun.Request.class,
            "Deletes chunks that no snapshot has named for a while")
        .run(sweeping::run)
        .exclusiveOver("copy")
        .timeout(ofHours(6))
        .retries(3, ofMinutes(10));
  }

  @Bean
  Job<QuarantineRun.Request> backupSetAside(@Lazy QuarantineRun settingAside) {
    return job(
            "backup.set-aside",
            QuarantineRun.Request.class,
            "Takes a damaged manifest out of the snapshots; its chunks go after the sweep's grace")
        .plan((request, run) -> settingAside.plan(request))
        .run(settingAside::run)
        .exclusiveOver("source", "snapshot", "copy")
        .timeout(ofMinutes(10))
        .retries(2, ofMinutes(1));
  }
}
