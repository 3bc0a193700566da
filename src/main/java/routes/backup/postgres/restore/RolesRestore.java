package routes.backup.postgres.restore;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import routes.backup.postgres.archive.DamagedException;
import routes.backup.postgres.archive.SnapshotReader;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.script.Globals;
import routes.backup.postgres.script.Globals.Attribute;
import routes.backup.postgres.script.GlobalsReader;
import routes.backup.postgres.script.ScriptException;
import routes.backup.postgres.script.SqlScript;
import routes.backup.postgres.session.PinnedSession;
import routes.backup.postgres.session.Sql;
import routes.jobs.RunContext;
import routes.kernel.SqlFile;
import routes.kernel.errors.PermanentException;
import routes.repository.Repository;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/**
 * Makes the roles of a snapshot that a server lacks, in one transaction; roles that are there are
 * never changed. No text of the snapshot is run: {@link Globals} takes it apart.
 */
public record RolesRestore(PostgresAddress server, Wanted wanted, RunContext run) {

  /** Which roles are made. */
  public enum Wanted {
    /** None: those that are needed must be there. */
    NONE,
    /** All, without what gives power over others' data and roles. */
    PLAIN,
    /** All, as they were. */
    POWERFUL
  }

  /**
   * What became of the roles, or would.
   *
   * @param created names
   * @param different that are here already, and how they differ from the snapshot's
   * @param withheld powers that new roles had and were not given
   * @param leftOut what could not be brought, or is no role's
   */
  public record Done(
      List<String> created, List<String> different, List<String> withheld, List<String> leftOut) {
    public Done {
      created = List.copyOf(created);
      different = List.copyOf(different);
      withheld = List.copyOf(withheld);
      leftOut = List.copyOf(leftOut);
    }
  }

  /** What {@link #create} would do, but for what the server refuses then. */
  public Done plan(Repository repository, Manifest manifest) throws SQLException, IOException {
    Globals globals = read(repository, manifest);
    try (PinnedSession session = PinnedSession.open(server, "restore roles")) {
      RolePlan plan = RolePlan.of(globals, present(session), wanted == Wanted.POWERFUL);
      return new Done(plan.created(), plan.different(), plan.withheld(), plan.leftOut());
    }
  }

  /**
   * @throws PermanentException when the role may not make roles, or the snapshot tells of them in a
   *     way that is not known
   * @throws DamagedException when a chunk is missing or corrupt
   */
  Done create(Repository repository, Manifest manifest) throws SQLException, IOException {
    Globals globals = read(repository, manifest);
    run.checkpoint();
    try (PinnedSession session = PinnedSession.open(server, "restore roles")) {
      session.jdbc().setAutoCommit(false); // all of them or none
      RolePlan plan = RolePlan.of(globals, present(session), wanted == Wanted.POWERFUL);
      List<String> leftOut = new ArrayList<>(plan.leftOut());
      for (RolePlan.Step step : plan.steps()) {
        go(session, step, leftOut);
      }
      session.jdbc().commit();
      tell(plan, leftOut);
      return new Done(plan.created(), plan.different(), plan.withheld(), leftOut);
    }
  }

  private void go(PinnedSession session, RolePlan.Step step, List<String> leftOut)
      throws SQLException {
    Savepoint before = session.jdbc().setSavepoint();
    try {
      session.execute(step.sql());
      session.jdbc().releaseSavepoint(before);
    } catch (SQLException e) {
      if (step.what() != null && !String.valueOf(e.getSQLState()).matches("(08|40|53|57|58).*")) {
        session.jdbc().rollback(before);
        leftOut.add(step.what() + ": " + e.getMessage());
        return;
      }
      if ("42501".equals(e.getSQLState())) {
        throw new PermanentException(
            ("role %s may not make the snapshot's roles on %s, none was made: it needs "
                    + "CREATEROLE, and to be a superuser for those that have powers: %s")
                .formatted(server.username(), server.host(), e.getMessage()),
            e);
      }
      throw e;
    }
  }

  private void tell(RolePlan plan, List<String> leftOut) {
    if (!plan.created().isEmpty()) {
      run.info("made the roles " + names(plan.created()));
    }
    if (!plan.withoutPassword().isEmpty()) {
      run.warn("roles without a password, give them one: " + names(plan.withoutPassword()));
    }
    plan.different().forEach(one -> run.warn("left as it is: role " + one));
    plan.withheld().forEach(one -> run.warn("not given, ask with powers=true: " + one));
    leftOut.forEach(one -> run.warn("left out: " + one));
  }

  private static String names(List<String> roles) {
    return String.join(", ", roles.stream().map(Sql::name).toList());
  }

  private Globals read(Repository repository, Manifest manifest) throws IOException {
    Entry entry =
        manifest.entries().stream()
            .filter(one -> one.kind() == EntryKind.GLOBALS)
            .findFirst()
            .orElseThrow(() -> new PermanentException("the snapshot holds no roles"));
    GlobalsReader globals = new GlobalsReader();
    SqlScript script = new SqlScript(globals);
    try {
      new SnapshotReader(repository, manifest, run)
          .read(
              entry,
              chunk ->
                  script.feed(
                      chunk.array(), chunk.arrayOffset() + chunk.position(), chunk.remaining()));
      script.finish();
    } catch (ScriptException e) {
      throw new PermanentException(entry.name() + ", none was made: " + e.getMessage(), e);
    }
    return globals.globals();
  }

  private static Map<String, RolePlan.Present> present(PinnedSession session) throws SQLException {
    Map<String, RolePlan.Present> all = new TreeMap<>();
    new Inspector(session)
        .rows(
            SqlFile.load("backup/server-roles"),
            row -> all.put(row.getString("name"), present(row)));
    return all;
  }

  private static RolePlan.Present present(ResultSet row) throws SQLException {
    Set<Attribute> attributes = EnumSet.noneOf(Attribute.class);
    for (Attribute attribute : Attribute.values()) {
      if (row.getBoolean(column(attribute))) {
        attributes.add(attribute);
      }
    }
    return new RolePlan.Present(
        attributes,
        row.getInt("connection_limit"),
        row.getString("valid_until"),
        List.of((String[]) row.getArray("settings").getArray()),
        List.of((String[]) row.getArray("member_of").getArray()),
        row.getBoolean("powerful"));
  }

  private static String column(Attribute attribute) {
    return switch (attribute) {
      case SUPERUSER -> "rolsuper";
      case INHERIT -> "rolinherit";
      case CREATEROLE -> "rolcreaterole";
      case CREATEDB -> "rolcreatedb";
      case LOGIN -> "rolcanlogin";
      case REPLICATION -> "rolreplication";
      case BYPASSRLS -> "rolbypassrls";
    };
  }
}
