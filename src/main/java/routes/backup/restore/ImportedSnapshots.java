package routes.backup.restore;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import routes.backup.postgres.restore.PostgresRestore;
import routes.backup.postgres.restore.SqlRestore;
import routes.backup.postgres.script.SqlLoad;
import routes.backup.repositories.Repositories;
import routes.jobs.Outcome;
import routes.jobs.Plan;
import routes.jobs.RunContext;
import routes.kernel.Amounts;
import routes.stores.postgres.PostgresAddress;

/**
 * Drills and restores of what {@code backup.import} took over. There is nothing to compare a
 * restored one with, so a drill leaves no record: it stays unproven, for retention too.
 */
public final class ImportedSnapshots {

  private final SqlRestore restore;

  public ImportedSnapshots(PostgresRestore restore) {
    this.restore = new SqlRestore(restore);
  }

  /**
   * A drill of an imported dump.
   *
   * @param statements run, COPYs included
   * @param rows that arrived
   */
  public record Drilled(String source, String snapshot, long statements, long rows, Duration rto)
      implements Outcome {
    @Override
    public String headline() {
      return "restored, %s statements, %s rows in %s; nothing to compare with: stays unverified"
          .formatted(statements, rows, Amounts.seconds(rto));
    }
  }

  /**
   * A restore of an imported dump.
   *
   * @param kept name of the database whose place it took, or null
   */
  record Restored(
      String source,
      String snapshot,
      String target,
      String database,
      String kept,
      int tables,
      long statements,
      long rows,
      Duration took)
      implements Outcome, RestoredDatabase {
    @Override
    public String headline() {
      return ("restored %s rows by %s statements, not compared: an imported dump, into %s/%s "
              + "in %s%s")
          .formatted(
              rows, statements, target, database, Amounts.seconds(took), RestorePlan.kept(kept));
    }
  }

  /**
   * Of a drill.
   *
   * @param into what would be made
   */
  public Plan plan(Repositories.Found found, String into) {
    List<Plan.Item> items = new ArrayList<>();
    items.add(new Plan.Item("create", into, "to restore into"));
    items.addAll(steps(found));
    return new Plan(items);
  }

  /** What comes between the making of the database and its naming. */
  List<Plan.Item> steps(Repositories.Found found) {
    return List.of(
        new Plan.Item(
            "restore",
            found.snapshot().id().value(),
            "the imported dump "
                + found.manifest().server().get("file")
                + ", "
                + Amounts.bytes(found.manifest().totals().plainBytes())),
        new Plan.Item("compare", "nothing", "a dump says not what it holds; it stays unverified"));
  }

  public Drilled drill(Repositories.Found found, PostgresAddress server, RunContext run)
      throws SQLException, IOException {
    long began = System.nanoTime();
    SqlLoad.Loaded loaded = restore.intoScratch(server, found.repository(), found.manifest(), run);
    return new Drilled(
        found.manifest().source(),
        found.snapshot().id().value(),
        loaded.statements(),
        loaded.rows(),
        Duration.ofNanos(System.nanoTime() - began));
  }

  Restored restore(
      RestoreRequest request, Repositories.Found found, PostgresRestore.Order order, RunContext run)
      throws Exception {
    long began = System.nanoTime();
    PostgresRestore.Placed<SqlLoad.Loaded> placed =
        restore.into(order, found.repository(), found.manifest(), run);
    SqlLoad.Loaded loaded = placed.loaded();
    return new Restored(
        request.source(),
        found.snapshot().id().value(),
        request.target(),
        request.name(),
        placed.kept(),
        loaded.tables(),
        loaded.statements(),
        loaded.rows(),
        Duration.ofNanos(System.nanoTime() - began));
  }
}
