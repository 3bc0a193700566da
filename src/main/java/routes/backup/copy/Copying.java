package routes.backup.copy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import routes.backup.config.BackupProperties;
import routes.backup.repositories.Copies;
import routes.backup.repositories.FailureDomains;
import routes.backup.repositories.Repositories;
import routes.backup.repositories.RepositoryLeases;
import routes.jobs.Plan;
import routes.jobs.RunContext;
import routes.jobs.runner.CurrentRun;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.PermanentException;
import routes.repository.Repository;
import routes.repository.SnapshotCopy;
import routes.repository.format.CorruptChunkException;
import routes.repository.format.RepositoryException;
import routes.repository.format.SnapshotInfo;
import routes.repository.format.UnknownSnapshotException;
import routes.repository.store.ObjectStore;

/** {@code backup.copy}: what a second place lacks is sent there. */
@Component
record Copying(
    Repositories repositories,
    RepositoryLeases leases,
    Copies copies,
    FailureDomains sharedFate,
    BackupProperties properties) {

  Plan plan(CopyRequest request) {
    Repository repository = repositories.open();
    ObjectStore to = place(repository, request);
    List<Plan.Item> items = new ArrayList<>();
    SnapshotCopy copy = copy(repository, to);
    for (SnapshotInfo snapshot : wanted(repository, request)) {
      boolean there = copy.isThere(snapshot.source(), snapshot.id());
      items.add(
          new Plan.Item(
              there ? "leave" : "copy",
              snapshot.source() + "/" + snapshot.id(),
              there ? "it is there already" : "to " + to.describe()));
    }
    return new Plan(items);
  }

  CopyOutcome run(CopyRequest request, RunContext run) throws InterruptedException {
    long began = System.nanoTime();
    Repository repository = repositories.open();
    ObjectStore to = place(repository, request);
    sharedFate.ofCopy(request.copy()).ifPresent(run::warn);
    List<SnapshotInfo> wanted = wanted(repository, request);
    SnapshotCopy copy = copy(repository, to);
    int copied = 0;
    long chunks = 0;
    long bytes = 0;
    boolean checked = true;
    try (RepositoryLeases.Lease there = leases.at(request.copy()).write(run)) {
      for (SnapshotInfo snapshot : wanted) {
        run.checkpoint();
        String name = snapshot.source() + "/" + snapshot.id();
        SnapshotCopy.Result result;
        try (RepositoryLeases.Lease lease =
            leases.read(run, snapshot.source(), snapshot.id().value())) {
          result = copy.copy(snapshot.source(), snapshot.id(), new Told(run, name, lease, there));
        } catch (UnknownSnapshotException e) {
          run.info(name + " was removed meanwhile");
          continue;
        }
        copied += result.there() ? 0 : 1;
        chunks += result.sent();
        bytes += result.sentBytes();
        checked &= result.there() || result.checked();
      }
    } catch (CorruptChunkException e) {
      repository.quarantine(e.id(), e.getMessage());
      throw new PermanentException("damage was found, and not copied: " + e.getMessage(), e);
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
    if (!checked) {
      run.warn(
          "what was copied is encrypted and no identity is here: only its sizes were compared");
    }
    return new CopyOutcome(
        request.copy(),
        wanted.size(),
        copied,
        chunks,
        bytes,
        checked,
        Duration.ofNanos(System.nanoTime() - began));
  }

  private ObjectStore place(Repository repository, CopyRequest request) {
    ObjectStore to = copies.store(request.copy());
    if (to.describe().equals(repository.describe())) {
      throw new PermanentException(
          "copy %s is the repository itself: set hub.copies.%s.url to another place"
              .formatted(request.copy(), request.copy()));
    }
    return to;
  }

  /**
   * @param lease on the snapshot that is read
   * @param there on the copy, which excludes its sweep
   */
  private record Told(
      RunContext run, String snapshot, RepositoryLeases.Lease lease, RepositoryLeases.Lease there)
      implements SnapshotCopy.Progress {

    @Override
    public void at(long done, long total) {
      run.checkpoint();
      run.progress(done, total, "bytes", snapshot);
    }

    @Override
    public void beforeManifest() {
      // Retention may have passed over a hub that stood still: chunks may be missing by now.
      run.confirmHeld();
      lease.confirm();
      there.confirm();
    }

    @Override
    public boolean isHeld() {
      return there.isHeld();
    }
  }

  private SnapshotCopy copy(Repository repository, ObjectStore to) {
    return repository.copyTo(to, properties.uploads(), CurrentRun.threads("chunk-copy"));
  }

  /** Oldest first: were the run cut short, what is there has no gaps but at its end. */
  private static List<SnapshotInfo> wanted(Repository repository, CopyRequest request) {
    try {
      List<SnapshotInfo> wanted = new ArrayList<>();
      List<String> sources =
          request.source().isEmpty() ? repository.sources() : List.of(request.source());
      for (String source : sources) {
        if (request.snapshot().equals("all")) {
          List<SnapshotInfo> all = new ArrayList<>(repository.list(source));
          java.util.Collections.reverse(all);
          wanted.addAll(all);
        } else {
          wanted.add(repository.resolve(source, request.snapshot()));
        }
      }
      return wanted;
    } catch (UnknownSnapshotException e) {
      throw new InvalidInputException("params.snapshot", e.getMessage());
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }
}
