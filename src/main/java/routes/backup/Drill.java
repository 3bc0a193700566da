package routes.backup;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import routes.backup.catalogue.CopyFindings;
import routes.backup.catalogue.SnapshotCatalogue;
import routes.backup.catalogue.SnapshotEvents;
import routes.backup.config.BackupProperties;
import routes.backup.config.HubFacts;
import routes.backup.config.Sources;
import routes.backup.postgres.archive.DamagedException;
import routes.backup.postgres.database.FreeSpace;
import routes.backup.postgres.database.NotEqualException;
import routes.backup.postgres.restore.PostgresLoad;
import routes.backup.postgres.restore.PostgresRestore;
import routes.backup.postgres.script.SqlDump;
import routes.backup.repositories.Copies;
import routes.backup.repositories.Repositories;
import routes.backup.repositories.RepositoryLeases;
import routes.backup.restore.BackupOutcomes;
import routes.backup.restore.ImportedSnapshots;
import routes.jobs.Outcome;
import routes.jobs.Plan;
import routes.jobs.RunContext;
import routes.kernel.Amounts;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.PermanentException;
import routes.repository.Repository;
import routes.repository.format.ChunkId;
import routes.repository.format.Manifest;
import routes.repository.format.RepositoryException;
import routes.repository.format.SnapshotInfo;
import routes.stores.postgres.PostgresAddress;

/**
 * {@code backup.drill}: restores a snapshot into a scratch database, compares every chunk, drops
 * it. Only what this finds equal is called verified.
 */
@Component
record Drill(
    Sources sources,
    Repositories repositories,
    Copies copies,
    RepositoryLeases leases,
    BackupProperties properties,
    PostgresRestore restore,
    SnapshotEvents news,
    CopyFindings findings,
    HubFacts facts,
    Clock clock) {

  Plan plan(DrillRequest request) {
    Repositories.Found found = find(request);
    Repository repository = found.repository();
    SnapshotInfo snapshot = found.snapshot();
    Manifest manifest = found.manifest();
    PostgresAddress server = server(request.source());
    if (SqlDump.is(manifest)) {
      return new ImportedSnapshots(restore).plan(found, "a scratch database on " + server.host());
    }
    return new Plan(
        List.of(
            new Plan.Item("create", "a scratch database on " + server.host(), "to restore into"),
            new Plan.Item(
                "restore",
                snapshot.id().value(),
                SnapshotCatalogue.tables(manifest)
                    + " tables, "
                    + Amounts.bytes(manifest.totals().plainBytes())),
            new Plan.Item("compare", SnapshotCatalogue.rows(manifest) + " rows", "chunk by chunk"),
            new Plan.Item("drop", "the scratch database", "it has served")));
  }

  Outcome run(DrillRequest request, RunContext run) throws Exception {
    Repositories.Found found = find(request);
    String snapshot = found.snapshot().id().value();
    try (RepositoryLeases.Lease lease =
        leases.at(request.copy()).read(run, request.source(), snapshot)) {
      return prove(request, found, run);
    }
  }

  private Repositories.Found find(DrillRequest request) {
    if (request.copy().isEmpty()) {
      return repositories.findOpenable(request.source(), wanted(request));
    }
    if (request.snapshot().equals(LeastRecentlyDrilled.NAME)) {
      throw new InvalidInputException(
          "params.snapshot", "stalest is of the repository itself: name one of the copy");
    }
    return Repositories.findOpenable(
        copies.open(request.copy()), request.source(), request.snapshot());
  }

  private String wanted(DrillRequest request) {
    return request.snapshot().equals(LeastRecentlyDrilled.NAME)
        ? LeastRecentlyDrilled.of(repositories.open(), request.source())
            .map(snapshot -> snapshot.id().value())
            .orElse("latest")
        : request.snapshot();
  }

  private Outcome prove(DrillRequest request, Repositories.Found found, RunContext run)
      throws Exception {
    Repository repository = found.repository();
    SnapshotInfo snapshot = found.snapshot();
    Manifest manifest = found.manifest();
    PostgresAddress server = server(request.source());
    run.info(
        "drills %s%s on %s:%s"
            .formatted(
                snapshot.id(),
                request.copy().isEmpty() ? "" : " from copy " + request.copy(),
                server.host(),
                server.port()));
    FreeSpace.check(server, manifest.totals().plainBytes(), run);
    long began = System.nanoTime();
    try {
      if (SqlDump.is(manifest)) {
        return new ImportedSnapshots(restore).drill(found, server, run);
      }
      PostgresLoad.Loaded loaded = restore.intoScratch(server, repository, manifest, run);
      Duration rto = Duration.ofNanos(loaded.readyAt() - began);
      BackupOutcomes.Drilled drilled =
          new BackupOutcomes.Drilled(
              request.source(),
              snapshot.id().value(),
              loaded.tables(),
              loaded.rows(),
              loaded.plainBytes(),
              rto);
      proven(request.copy(), found, run, drilled.headline(), rto);
      return drilled;
    } catch (DamagedException e) {
      repository.quarantine(e.chunk(), e.getMessage());
      failed(request.copy(), found, run, e.getMessage(), e.chunk());
      throw new PermanentException("NOT verified: " + e.getMessage(), e);
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    } catch (NotEqualException e) {
      failed(request.copy(), found, run, e.getMessage(), null);
      throw new PermanentException("NOT verified: " + e.getMessage(), e);
    }
  }

  private void proven(
      String copy, Repositories.Found found, RunContext run, String detail, Duration rto) {
    if (!copy.isEmpty()) {
      findings.drilled(where(copy, found), run, detail);
      return;
    }
    Instant at = record(found, run, true, detail, rto, null);
    news.drilled(found.manifest(), found.snapshot().id(), run, at, detail, rto);
  }

  private void failed(
      String copy, Repositories.Found found, RunContext run, String detail, ChunkId chunk) {
    if (!copy.isEmpty()) {
      findings.notEqual(where(copy, found), run, chunk != null, detail);
      return;
    }
    Instant at = record(found, run, false, detail, null, chunk);
    news.notEqual(found.manifest(), found.snapshot().id(), run, at, detail, chunk);
  }

  private static CopyFindings.Where where(String copy, Repositories.Found found) {
    return new CopyFindings.Where(
        copy, found.repository(), found.snapshot().source(), found.snapshot().id());
  }

  /** Writes the result beside the snapshot, where a rebuild of the catalogue finds it. */
  private Instant record(
      Repositories.Found found,
      RunContext run,
      boolean verified,
      String detail,
      Duration rto,
      ChunkId damaged) {
    Manifest manifest = found.manifest();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("run", run.id().toString());
    result.put("attempt", run.attempt());
    Instant at = clock.instant();
    result.put("at", at.toString());
    result.put("hub", facts.id());
    result.put("verified", verified);
    result.put("rows", SnapshotCatalogue.rows(manifest));
    result.put("detail", detail);
    if (rto != null) {
      result.put("rtoMillis", rto.toMillis());
    }
    if (damaged != null) {
      result.put("chunk", damaged.hex());
    }
    found
        .repository()
        .recordDrill(
            manifest.source(), found.snapshot().id(), run.id() + "-" + run.attempt(), result);
    return at;
  }

  private PostgresAddress server(String source) {
    BackupProperties.Drill drill = properties.drill();
    if (drill.isConfigured()) {
      return drill.address();
    }
    if (drill.onSource()) {
      return sources.source(source);
    }
    throw new PermanentException(
        "there is no server to drill on: set hub.backup.drill.url to one of the source's major"
            + " version, or hub.backup.drill.on-source=true to use the source's own");
  }
}
