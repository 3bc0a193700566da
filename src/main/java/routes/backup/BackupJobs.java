package routes.backup;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static routes.jobs.Job.job;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
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
  Job<BackupRequest> backupPostgres(ObjectProvider<Backup> backup) {
    return job("backup.postgres", BackupRequest.class, "Backs a PostgreSQL database up, whole")
        .plan((request, run) -> backup.getObject().plan(request))
        .run((request, run) -> backup.getObject().run(request, run))
        .exclusiveOver("source")
        .timeout(ofHours(12))
        .retries(2, ofSeconds(30));
  }

  @Bean
  Job<DrillRequest> backupDrill(ObjectProvider<Drill> drill) {
    return job(
            "backup.drill",
            DrillRequest.class,
            "Proves a backup: restores it, compares every row, drops it again")
        .plan((request, run) -> drill.getObject().plan(request))
        .run((request, run) -> drill.getObject().run(request, run))
        .exclusiveOver("source", "copy")
        .timeout(ofHours(12))
        .retries(1, ofMinutes(1));
  }

  @Bean
  Job<VerifyRequest> backupVerify(ObjectProvider<Verification> verification) {
    return job("backup.verify", VerifyRequest.class, "Reads every byte of backups and checks it")
        .run((request, run) -> verification.getObject().run(request, run))
        .exclusiveOver("source", "copy")
        .timeout(ofHours(12))
        .retries(1, ofMinutes(1));
  }

  @Bean
  Job<RestoreRequest> restorePostgres(ObjectProvider<Restore> restore) {
    return job(
            "restore.postgres",
            RestoreRequest.class,
            "Restores a backup into a new database, or in an existing one's place; compares every row")
        .plan((request, run) -> restore.getObject().plan(request, run))
        .run((request, run) -> restore.getObject().run(request, run))
        .exclusiveOver("target", "database", "into")
        .timeout(ofHours(12));
  }

  @Bean
  Job<CatalogueRebuild.Request> backupCatalogueRebuild(ObjectProvider<CatalogueRebuild> rebuild) {
    return job(
            "backup.catalogue.rebuild",
            CatalogueRebuild.Request.class,
            "Makes the list of snapshots equal to what the repository holds")
        .run((request, run) -> rebuild.getObject().run(request, run))
        .retries(2, ofMinutes(1));
  }

  @Bean
  public Job<RetentionRequest> retentionSnapshots(
      Sources sources, RetentionProperties properties, ObjectProvider<Retention> retention) {
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
        .plan((request, run) -> retention.getObject().plan(request))
        .run((request, run) -> retention.getObject().run(request, run))
        .exclusiveOver("source", "copy")
        .timeout(ofHours(2))
        .retries(3, ofMinutes(10));
  }

  @Bean
  Job<SweepRun.Request> backupSweep(ObjectProvider<SweepRun> sweeping) {
    return job(
            "backup.sweep",
            SweepRun.Request.class,
            "Deletes chunks that no snapshot has named for a while")
        .run((request, run) -> sweeping.getObject().run(request, run))
        .exclusiveOver("copy")
        .timeout(ofHours(6))
        .retries(3, ofMinutes(10));
  }

  @Bean
  Job<QuarantineRun.Request> backupSetAside(ObjectProvider<QuarantineRun> settingAside) {
    return job(
            "backup.set-aside",
            QuarantineRun.Request.class,
            "Takes a damaged manifest out of the snapshots; its chunks go after the sweep's grace")
        .plan((request, run) -> settingAside.getObject().plan(request))
        .run((request, run) -> settingAside.getObject().run(request, run))
        .exclusiveOver("source", "snapshot", "copy")
        .timeout(ofMinutes(10))
        .retries(2, ofMinutes(1));
  }
}
