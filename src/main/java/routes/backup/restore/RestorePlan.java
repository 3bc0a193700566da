package routes.backup.restore;

import java.util.ArrayList;
import java.util.List;
import routes.backup.postgres.restore.PostgresRestore;
import routes.backup.postgres.restore.RolesRestore;
import routes.jobs.Plan;
import routes.kernel.Amounts;

/** A restore in words: what it would do, and what it did beside the rows. Pure. */
final class RestorePlan {

  private RestorePlan() {}

  /**
   * @param steps what comes before the database has its name
   * @param roles null: not asked for
   * @param there the database that would give way; null: the name is free
   */
  static Plan of(
      RestoreRequest request,
      List<Plan.Item> steps,
      RolesRestore.Done roles,
      PostgresRestore.GivesWay there) {
    List<Plan.Item> items = new ArrayList<>();
    if (roles != null) {
      items.addAll(roles(roles));
    }
    items.add(
        new Plan.Item(
            "create",
            request.where(),
            there == null
                ? "a new database, seen under its name only when it is whole"
                : "a new database, under a name of its own until it is whole"));
    items.addAll(steps);
    if (there != null) {
      items.addAll(place(request, there));
    }
    return new Plan(items);
  }

  private static List<Plan.Item> roles(RolesRestore.Done roles) {
    List<Plan.Item> items = new ArrayList<>();
    roles.created().forEach(one -> items.add(new Plan.Item("create", "role " + one, "missing")));
    roles
        .different()
        .forEach(one -> items.add(new Plan.Item("leave", "role " + one, "never changed")));
    roles
        .withheld()
        .forEach(one -> items.add(new Plan.Item("withhold", one, "ask with powers=true")));
    roles
        .leftOut()
        .forEach(one -> items.add(new Plan.Item("leave out", one, "no restore brings it")));
    return items;
  }

  private static List<Plan.Item> place(RestoreRequest request, PostgresRestore.GivesWay there) {
    List<Plan.Item> items = new ArrayList<>();
    if (!there.sessions().isEmpty()) {
      items.add(
          new Plan.Item(
              request.force() ? "end" : "wait for",
              "sessions in " + request.name(),
              String.join(", ", there.sessions())));
    }
    items.add(
        new Plan.Item(
            "replace",
            request.where(),
            "which keeps its owner, privileges, settings and comment"
                + (there.difference() == null ? "" : "; " + there.difference())));
    items.add(
        there.empty()
            ? new Plan.Item("drop", there.keptAs(), "the database that was there; it is empty")
            : new Plan.Item(
                "keep",
                there.keptAs(),
                "the database that was there, %s: %s"
                    .formatted(Amounts.bytes(there.bytes()), there.holds())));
    return items;
  }

  /** For a headline. */
  static String kept(String database) {
    return database == null ? "" : "; what was there is " + database;
  }

  /** For a headline. */
  static String words(RolesRestore.Done roles) {
    return "roles: %s made, %s here differ, %s powers withheld"
        .formatted(roles.created().size(), roles.different().size(), roles.withheld().size());
  }
}
