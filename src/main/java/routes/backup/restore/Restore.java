package routes.backup.restore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import routes.backup.catalogue.SnapshotCatalogue;
import routes.backup.config.Sources;
import routes.backup.postgres.archive.DamagedException;
import routes.backup.postgres.archive.TableName;
import routes.backup.postgres.archive.TableSelection;
import routes.backup.postgres.database.NotEqualException;
import routes.backup.postgres.restore.PostgresLoad;
import routes.backup.postgres.restore.PostgresRestore;
import routes.backup.postgres.restore.RolesRestore;
import routes.backup.postgres.restore.SnapshotTables;
import routes.backup.postgres.script.SqlDump;
import routes.backup.repositories.Copies;
import routes.backup.repositories.Repositories;
import routes.backup.repositories.RepositoryLeases;
import routes.jobs.Outcome;
import routes.jobs.Plan;
import routes.jobs.RunContext;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.PermanentException;
import routes.repository.Repository;
import routes.repository.format.Entry;
import routes.repository.format.Manifest;
import routes.repository.format.RepositoryException;
import routes.repository.format.SnapshotInfo;

/**
 * {@code restore.postgres}: a snapshot, or some tables of it, into a new database of a configured
 * target, which may take the place of one that exists. The repository, or the copy, is only read,
 * and may be another hub's.
 */
@Component
public class Restore {

  /** The server cuts longer names. */
  private static final int LONGEST_NAME = 63;

  private static final int MOST_NAMED = 10;

  private final Sources sources;
  private final Repositories repositories;
  private final Copies copies;
  private final RepositoryLeases leases;
  private final PostgresRestore restore;
  private final ImportedSnapshots imported;

  Restore(
      Sources sources,
      Repositories repositories,
      Copies copies,
      RepositoryLeases leases,
      PostgresRestore restore) {
    this.sources = sources;
    this.repositories = repositories;
    this.copies = copies;
    this.leases = leases;
    this.restore = restore;
    this.imported = new ImportedSnapshots(restore);
  }

  public Plan plan(RestoreRequest request, RunContext run) throws Exception {
    request.check();
    Repositories.Found found = find(request);
    Manifest manifest = found.manifest();
    try {
      PostgresRestore.Order order = order(request, found, run);
      List<Plan.Item> steps;
      if (SqlDump.is(manifest)) {
        steps = imported.steps(found);
      } else {
        steps = order.part() == null ? whole(found.snapshot(), manifest) : partial(order.part());
      }
      return RestorePlan.of(
          request, steps, roles(request, found, run), restore.look(order, manifest, run));
    } catch (DamagedException e) {
      quarantine(request, found.repository(), e);
      throw new PermanentException(e.getMessage(), e);
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }

  private RolesRestore.Done roles(RestoreRequest request, Repositories.Found found, RunContext run)
      throws SQLException, IOException {
    return request.globals()
        ? new RolesRestore(sources.target(request.target()), request.roles(), run)
            .plan(found.repository(), found.manifest())
        : null;
  }

  private PostgresRestore.Order order(
      RestoreRequest request, Repositories.Found found, RunContext run) throws IOException {
    TableSelection part = null;
    List<TableName> unprotected = List.of();
    if (SqlDump.is(found.manifest())) {
      request.requireWhole();
    } else {
      SnapshotTables tables = restore.tables(found.repository(), found.manifest(), run);
      unprotected = tables.named("unprotected", request.unprotected().orElse(null));
      part =
          tables.selection(
              request.schemas().orElse(null), request.tables().orElse(null), unprotected);
    }
    return new PostgresRestore.Order(
        sources.target(request.target()),
        request.name(),
        request.owners(),
        request.hub(),
        part,
        request.place(),
        request.roles(),
        unprotected,
        request.keepGoing());
  }

  private static List<Plan.Item> whole(SnapshotInfo snapshot, Manifest manifest) {
    return List.of(
        new Plan.Item(
            "restore",
            snapshot.id().value(),
            "%s tables, %s rows"
                .formatted(SnapshotCatalogue.tables(manifest), SnapshotCatalogue.rows(manifest))),
        new Plan.Item("compare", "every row", "chunk by chunk, with the manifest"));
  }

  private static List<Plan.Item> partial(TableSelection part) {
    List<Plan.Item> items = new ArrayList<>();
    items.add(new Plan.Item("restore", "all definitions", "what the tables need is among them"));
    for (Entry table : part.chosen()) {
      items.add(new Plan.Item("restore", table.name(), table.rows() + " rows"));
    }
    part.along()
        .forEach(
            one ->
                items.add(
                    new Plan.Item(
                        one.rows() ? "bring along" : "bring along, without rows",
                        one.table().label(),
                        one.because())));
    items.add(new Plan.Item("drop", "all other tables", "with what hangs on them"));
    items.add(new Plan.Item("compare", "every row", "chunk by chunk, with the manifest"));
    return items;
  }

  public Outcome run(RestoreRequest request, RunContext run) throws Exception {
    request.check();
    Repositories.Found found = find(request);
    String snapshot = found.snapshot().id().value();
    try (RepositoryLeases.Lease lease =
        leases.at(request.copy()).restore(run, request.source(), snapshot)) {
      return restore(request, found, run);
    }
  }

  private Outcome restore(RestoreRequest request, Repositories.Found found, RunContext run)
      throws Exception {
    Repository repository = found.repository();
    SnapshotInfo snapshot = found.snapshot();
    Manifest manifest = found.manifest();
    run.info("restores " + snapshot.id() + " into " + request.where());
    long began = System.nanoTime();
    try {
      PostgresRestore.Order order = order(request, found, run);
      if (SqlDump.is(manifest)) {
        return imported.restore(request, found, order, run);
      }
      PostgresRestore.Placed<PostgresLoad.Loaded> placed =
          restore.into(order, repository, manifest, run);
      requireComplete(request, placed.loaded());
      return new BackupOutcomes.Restored(
          request.source(),
          snapshot.id().value(),
          request.target(),
          request.name(),
          placed.kept(),
          placed.roles(),
          placed.loaded().tables(),
          placed.loaded().rows(),
          Duration.ofNanos(System.nanoTime() - began));
    } catch (DamagedException e) {
      quarantine(request, repository, e);
      throw new PermanentException("nothing was restored: " + e.getMessage(), e);
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    } catch (NotEqualException e) {
      throw new PermanentException("nothing was restored: " + e.getMessage(), e);
    }
  }

  /** The database is there under its name; that it is not whole must not be overlooked. */
  private static void requireComplete(RestoreRequest request, PostgresLoad.Loaded loaded) {
    if (!loaded.failed().isEmpty()) {
      throw new PermanentException(
          request.where()
              + " is restored without "
              + loaded.failed().size()
              + " objects; the run's log names all of them:\n  "
              + String.join("\n  ", loaded.failed().stream().limit(MOST_NAMED).toList()));
    }
  }

  private Repositories.Found find(RestoreRequest request) {
    return request.copy().isEmpty()
        ? repositories.findToRestore(request.source(), request.snapshot())
        : Repositories.findToRestore(
            copies.openReadOnly(request.copy()), request.source(), request.snapshot());
  }

  private void quarantine(RestoreRequest request, Repository repository, DamagedException e) {
    if (request.copy().isEmpty()) {
      repositories.quarantine(repository, e.chunk(), e.getMessage());
    } else {
      copies.quarantine(request.copy(), repository, e.chunk(), e.getMessage());
    }
  }

  /** Whatever PostgreSQL takes; it is quoted wherever it is written. */
  public static void checkName(String database) {
    int bytes = database.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > LONGEST_NAME) {
      throw new InvalidInputException(
          "params.database", "must be 1 to 63 bytes in UTF-8, and has " + bytes);
    }
    boolean visible =
        StandardCharsets.UTF_8.newEncoder().canEncode(database)
            && database.codePoints().noneMatch(Restore::isHidden)
            && database.equals(database.strip());
    if (!visible) {
      throw new InvalidInputException(
          "params.database",
          "holds characters that cannot be seen, or blanks at an end: nobody could type it again");
    }
  }

  private static boolean isHidden(int character) {
    return Character.isISOControl(character)
        || Set.of(
                (int) Character.FORMAT,
                (int) Character.LINE_SEPARATOR,
                (int) Character.PARAGRAPH_SEPARATOR,
                (int) Character.UNASSIGNED,
                (int) Character.PRIVATE_USE)
            .contains(Character.getType(character));
  }
}
