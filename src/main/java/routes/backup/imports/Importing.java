package routes.backup.imports;

import com.github.luben.zstd.ZstdIOException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import routes.backup.catalogue.SnapshotEvents;
import routes.backup.config.BackupProperties;
import routes.backup.repositories.Repositories;
import routes.backup.repositories.RepositoryLeases;
import routes.jobs.Plan;
import routes.jobs.RunContext;
import routes.jobs.runner.CurrentRun;
import routes.kernel.errors.PermanentException;
import routes.repository.Repository;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.chunks.PipelineStoppedException;
import routes.repository.format.ChunkSizes;
import routes.repository.format.Manifest;
import routes.repository.format.RepositoryException;
import routes.repository.format.SnapshotId;

/**
 * {@code backup.import}: each file becomes a snapshot, or is refused as a whole. Nothing touches
 * the local disk, and memory does not grow with the files.
 */
@Component
record Importing(
    ImportProperties properties,
    DumpFiles files,
    DumpManifest manifests,
    Repositories repositories,
    RepositoryLeases leases,
    BackupProperties backup,
    SnapshotEvents news,
    Clock clock) {

  /** As retention says: what is later than this is from the future, and would stay for ever. */
  private static final Duration AHEAD = Duration.ofMinutes(5);

  Plan plan(ImportRequest request) {
    try {
      ImportedDumps known =
          new ImportedDumps(repositories.open(), properties.source(request.from()));
      List<Plan.Item> items = new ArrayList<>();
      for (DumpFile file : list(request.from())) {
        items.add(item(request.from(), known, file));
      }
      return new Plan(items);
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }

  private Plan.Item item(String from, ImportedDumps known, DumpFile file) {
    try {
      Instant takenAt = takenAt(from, file);
      return known
          .untouched(file)
          .map(dump -> new Plan.Item("leave", file.name(), "it is snapshot " + dump.id()))
          .orElseGet(
              () ->
                  new Plan.Item(
                      "import",
                      file.name(),
                      "as a snapshot of " + properties.source(from) + " of " + takenAt));
    } catch (RefusedException e) {
      return new Plan.Item("refuse", file.name(), e.getMessage());
    }
  }

  /**
   * @throws PermanentException naming the files that were refused, after all others were imported
   */
  ImportOutcome run(ImportRequest request, RunContext run) throws Exception {
    long began = System.nanoTime();
    String source = properties.source(request.from());
    try (RepositoryLeases.Lease lease = leases.write(run)) {
      Repository repository = repositories.open();
      ImportedDumps known = new ImportedDumps(repository, source);
      List<DumpFile> all = list(request.from());
      ImportTally tally = new ImportTally();
      long total = all.stream().mapToLong(DumpFile::size).sum();
      long before = 0;
      for (DumpFile file : all) {
        run.checkpoint();
        run.progress(before, total, "bytes", file.name());
        before += file.size();
        take(new Task(request.from(), source, repository, known, lease, run), file, tally);
      }
      tally.requireAll(request.from(), all.size());
      return new ImportOutcome(
          request.from(),
          source,
          all.size(),
          tally.imported,
          tally.there,
          tally.plainBytes,
          tally.newBytes,
          Duration.ofNanos(System.nanoTime() - began));
    } catch (PipelineStoppedException e) {
      // What stopped the uploads is the failure, not that they stopped.
      throw e.getCause() instanceof RepositoryException cause ? Repositories.told(cause) : e;
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }

  /** One file's surroundings. */
  record Task(
      String from,
      String source,
      Repository repository,
      ImportedDumps known,
      RepositoryLeases.Lease lease,
      RunContext run) {}

  private List<DumpFile> list(String from) {
    ImportProperties.Place place = properties.imports().get(from);
    List<DumpFile> all;
    try {
      all = files.list(place);
    } catch (IOException e) {
      throw new IllegalStateException(
          "hub.imports." + from + ": cannot list " + DumpFiles.describe(place) + ": " + said(e), e);
    }
    if (all.isEmpty()) {
      throw new PermanentException(
          "hub.imports.%s: nothing in %s fits the pattern %s"
              .formatted(from, DumpFiles.describe(place), place.pattern()));
    }
    return all;
  }

  private Instant takenAt(String from, DumpFile file) throws RefusedException {
    if (file.refusal() != null) {
      throw new RefusedException(file.refusal());
    }
    Instant at = properties.imports().get(from).time().of(file.name(), file.modified());
    if (at.isAfter(clock.instant().plus(AHEAD))) {
      throw new RefusedException(
          "is from the future, %s: set hub.imports.%s.zone or .time-from, see docs/cut-over.md"
              .formatted(at, from));
    }
    return at.truncatedTo(ChronoUnit.MICROS);
  }

  /** One file; what is wrong with it keeps no other from being imported. */
  private void take(Task task, DumpFile file, ImportTally tally) {
    try {
      Instant takenAt = takenAt(task.from(), file);
      Optional<ImportedDumps.Known> there = task.known().untouched(file);
      if (there.isPresent()) {
        tally.there++;
        task.run().info(file.name() + " is there: snapshot " + there.get().id());
      } else {
        read(task, file, takenAt, tally);
      }
    } catch (RefusedException e) {
      refuse(task, file, e.getMessage(), tally);
    } catch (ZstdIOException e) {
      refuse(task, file, "is damaged or cut off: " + e.getMessage(), tally);
    } catch (IOException e) {
      tally.unread(file, said(e));
      task.run().warn(file.name() + " cannot be read: " + said(e));
    }
  }

  private static void refuse(Task task, DumpFile file, String why, ImportTally tally) {
    tally.refused(file, why);
    task.run().warn("refused " + file.name() + ": " + why);
  }

  private void read(Task task, DumpFile file, Instant takenAt, ImportTally tally)
      throws IOException {
    ChunkPipeline.Settings settings =
        new ChunkPipeline.Settings(
            backup.uploads(),
            backup.uploads() + 1,
            ChunkSizes.DEFAULT,
            CurrentRun.threads("chunk-upload"));
    try (ChunkPipeline pipeline = task.repository().pipeline(settings, Optional.empty());
        RunContext.Registration halt =
            task.run()
                .onStop(
                    "uploads",
                    () -> pipeline.abort(new IllegalStateException("the run was stopped")))) {
      Manifest manifest = manifests.read(task, file, takenAt, pipeline);
      tally.plainBytes += manifest.totals().plainBytes();
      tally.newBytes += manifest.totals().newBytes();
      String sha256 = (String) manifest.server().get("sha256");
      Optional<ImportedDumps.Known> same = task.known().same(file, takenAt, sha256);
      if (same.isPresent()) {
        tally.there++;
        // Its chunks were all seen or sent: what was damaged is healed.
        news.published(same.get().manifest(), same.get().id());
        task.run().info(file.name() + " is there: snapshot " + same.get().id());
        return;
      }
      publish(task, file, manifest, pipeline);
      tally.imported++;
    }
  }

  private void publish(Task task, DumpFile file, Manifest manifest, ChunkPipeline pipeline) {
    task.run().confirmHeld();
    task.lease().confirm();
    SnapshotId id = news.publish(task.repository(), manifest, pipeline, task.lease());
    task.known().add(new ImportedDumps.Known(manifest, id));
    task.run().info("imported " + file.name() + " as snapshot " + id + ", unverified");
  }

  /** The system's words for it; Java's message for some is a bare path. */
  private static String said(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
  }
}
