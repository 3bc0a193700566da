package routes.backup;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;
import routes.backup.catalogue.SnapshotCatalogue;
import routes.backup.catalogue.SnapshotEvents;
import routes.backup.config.BackupProperties;
import routes.backup.config.CareProperties;
import routes.backup.config.HubFacts;
import routes.backup.config.Sources;
import routes.backup.postgres.dump.PostgresDump;
import routes.backup.repositories.FailureDomains;
import routes.backup.repositories.Repositories;
import routes.backup.repositories.RepositoryLeases;
import routes.backup.restore.BackupOutcomes;
import routes.jobs.Plan;
import routes.jobs.RunContext;
import routes.jobs.runner.CurrentRun;
import routes.repository.Repository;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.format.ChunkSizes;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.Manifest;
import routes.repository.format.RepositoryException;
import routes.repository.format.SnapshotId;
import routes.repository.format.SnapshotInfo;
import routes.repository.store.RateLimiter;
import routes.telemetry.Spans;

/** {@code backup.postgres}: reads a source into chunks, then publishes the manifest. */
@Component
record Backup(
    Sources sources,
    Repositories repositories,
    RepositoryLeases leases,
    BackupProperties properties,
    CareProperties care,
    FailureDomains sharedFate,
    HubFacts facts,
    SnapshotEvents news,
    Spans spans,
    Clock clock) {

  Plan plan(BackupRequest request) throws Exception {
    return dump(request).plan();
  }

  /** Nothing it does is visible before its last step. */
  BackupOutcomes.BackedUp run(BackupRequest request, RunContext run) throws Exception {
    try (RepositoryLeases.Lease lease = leases.write(run)) {
      return run(request, run, lease);
    }
  }

  private BackupOutcomes.BackedUp run(
      BackupRequest request, RunContext run, RepositoryLeases.Lease lease) throws Exception {
    Repository repository = repositories.open();
    if (repository.isNew()) {
      run.warn(repository.describe() + " is a new repository: it holds no earlier backups");
    }
    sharedFate.ofSource(request.source()).ifPresent(run::warn);
    Optional<Manifest> before = newest(repository, request.source(), run);
    ChunkPipeline.Settings settings =
        new ChunkPipeline.Settings(
            properties.uploads(),
            properties.uploads() + properties.parallel(),
            ChunkSizes.DEFAULT,
            CurrentRun.threads("chunk-upload"),
            RateLimiter.of(care.uploadRate().toBytes()));
    try (ChunkPipeline pipeline = repository.pipeline(settings, before)) {
      Manifest manifest =
          dump(request)
              .take(new PostgresDump.Destination(repository, pipeline, request.source(), run));
      // The last look before what cannot be taken back: a hub that was paused stops here.
      run.confirmHeld();
      lease.confirm();
      SnapshotId id = news.publish(repository, manifest, pipeline, lease);
      run.info("published snapshot " + id);
      return outcome(manifest, id);
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }

  /** What to compare sizes with; a damaged one is worth a warning, not the next backup. */
  private static Optional<Manifest> newest(Repository repository, String source, RunContext run) {
    Optional<SnapshotInfo> newest = repository.list(source).stream().findFirst();
    try {
      return newest.map(info -> repository.read(source, info.id()));
    } catch (CorruptManifestException e) {
      run.warn("the newest snapshot cannot be restored: " + e.getMessage());
      return Optional.empty();
    }
  }

  private PostgresDump dump(BackupRequest request) {
    Path temp = facts.temp();
    return new PostgresDump(
        sources.source(request.source()),
        new PostgresDump.Settings(
            properties.parallel(),
            properties.uploads(),
            properties.lockTimeout(),
            properties.pgBin(),
            temp,
            facts.version(),
            repositories.rolePasswords(),
            new PostgresDump.Care(RateLimiter.of(care.readRate().toBytes()), care.snapshotLimit())),
        spans,
        clock);
  }

  private static BackupOutcomes.BackedUp outcome(Manifest manifest, SnapshotId id) {
    return new BackupOutcomes.BackedUp(
        manifest.source(),
        id.value(),
        SnapshotCatalogue.tables(manifest),
        SnapshotCatalogue.rows(manifest),
        manifest.totals().plainBytes(),
        manifest.totals().storedBytes(),
        manifest.totals().newBytes(),
        Duration.between(manifest.takenAt(), manifest.finishedAt()));
  }
}
