package routes.backup.postgres.database;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import routes.backup.postgres.session.PinnedSession;
import routes.backup.postgres.session.Sql;
import routes.jobs.RunContext;
import routes.kernel.errors.PermanentException;

/**
 * What the server that is restored to has, and who asks.
 *
 * @param role that restores
 * @param superuser whether it may do all
 * @param roles all there are
 * @param extensions that could be created, with the version they would have
 * @param tablespaces all there are
 */
public record TargetServer(
    String role,
    boolean superuser,
    List<String> roles,
    Map<String, String> extensions,
    List<String> tablespaces) {

  public static TargetServer look(PinnedSession session) throws SQLException {
    Inspector inspector = new Inspector(session);
    Map<String, String> extensions = new TreeMap<>();
    inspector.rows(
        "SELECT name, default_version FROM pg_catalog.pg_available_extensions",
        row -> extensions.put(row.getString(1), row.getString(2)));
    return inspector
        .rows(
            "SELECT rolname, rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user",
            row ->
                new TargetServer(
                    row.getString(1),
                    row.getBoolean(2),
                    inspector.rows(
                        "SELECT rolname FROM pg_catalog.pg_roles", name -> name.getString(1)),
                    extensions,
                    inspector.rows(
                        "SELECT spcname FROM pg_catalog.pg_tablespace", name -> name.getString(1))))
        .get(0);
  }

  /**
   * Says before anything is loaded what is missing here, all of it at once.
   *
   * @param owners whether owners and privileges are restored, too
   * @throws PermanentException naming what is missing
   */
  public void require(ServerRequirements needs, boolean owners, RunContext run) {
    List<String> missing =
        ServerRequirements.missing(needs.extensions().keySet(), extensions.keySet());
    if (!missing.isEmpty()) {
      throw new PermanentException(
          "the server lacks the extensions "
              + String.join(", ", missing)
              + ": install their packages there");
    }
    needs
        .extensions()
        .forEach(
            (name, version) -> {
              if (version != null && !version.equals(extensions.get(name))) {
                run.warn(
                    "extension %s is %s in the snapshot and %s here"
                        .formatted(name, version, extensions.get(name)));
              }
            });
    if (owners) {
      requireNames("roles", ServerRequirements.missing(needs.roles(), roles));
      requireNames("tablespaces", ServerRequirements.missing(needs.tablespaces(), tablespaces));
    }
  }

  private static void requireNames(String kind, List<String> missing) {
    if (!missing.isEmpty()) {
      throw new PermanentException(
          "the server lacks the %s %s: create them first, or restore without owners=true"
              .formatted(kind, String.join(", ", missing.stream().map(Sql::name).toList())));
    }
  }

  /**
   * A restore never leaves a policy out: with it, other rows may be seen than without.
   *
   * @throws PermanentException naming the objects and the roles
   */
  public void requireNamed(List<ServerRequirements.Naming> unmet) {
    if (!unmet.isEmpty()) {
      List<String> wanted = unmet.stream().flatMap(one -> one.roles().stream()).toList();
      throw new PermanentException(
          "the server lacks the roles "
              + String.join(
                  ", ", ServerRequirements.missing(wanted, roles).stream().map(Sql::name).toList())
              + " that are named by "
              + String.join(", ", unmet.stream().map(ServerRequirements.Naming::what).toList())
              + ": create them first, or, for policies, name the tables in unprotected=…, which"
              + " shows other rows there than the source did");
    }
  }
}
