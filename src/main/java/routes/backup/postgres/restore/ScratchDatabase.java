package routes.backup.postgres.restore;

import java.sql.SQLException;
import java.util.List;
import routes.backup.postgres.database.Database;
import routes.backup.postgres.database.DatabaseSettings;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.session.PinnedSession;
import routes.backup.postgres.session.Sql;
import routes.jobs.RunContext;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.PermanentException;
import routes.stores.postgres.PostgresAddress;

/**
 * A new, empty database under a name nobody uses, until it is dropped or given its real name. What
 * a hub that was killed left behind is found by its comment.
 */
public final class ScratchDatabase implements AutoCloseable {

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private final PostgresAddress server;
  private final String name;
  private boolean keep;

  private ScratchDatabase(PostgresAddress server, String name) {
    this.server = server;
    this.name = name;
  }

  /**
   * @param server connected to first; its role needs CREATEDB
   * @param prefix {@code hub_drill_} or {@code hub_restore_}
   * @param like whose encoding and locale the database gets
   * @throws PermanentException when this server cannot make such a database: a comparison would be
   *     worth nothing
   */
  static ScratchDatabase create(
      PostgresAddress server, String prefix, RunContext run, String hubId, Database.Identity like)
      throws SQLException {
    return create(server, prefix, run, hubId, like, null);
  }

  /**
   * The same where the disk is chosen.
   *
   * @param tablespace null: where new databases lie
   */
  static ScratchDatabase create(
      PostgresAddress server,
      String prefix,
      RunContext run,
      String hubId,
      Database.Identity like,
      String tablespace)
      throws SQLException {
    String name = prefix + run.id().toString().replace("-", "").substring(0, 16);
    try (PinnedSession session = PinnedSession.open(server, "scratch")) {
      Database.Identity here = new Inspector(session).identity();
      if (here.major() != like.major()) {
        throw new PermanentException(
            ("cannot compare: the snapshot is of PostgreSQL %s, the server %s is %s; point "
                    + "hub.backup.drill.url at a server of that major version")
                .formatted(like.major(), server.host(), here.major()));
      }
      // An earlier attempt of this run that was killed.
      drop(session, name);
      try {
        session.execute(
            "CREATE DATABASE "
                + Sql.name(name)
                + options(like)
                + (tablespace == null ? "" : " TABLESPACE " + Sql.name(tablespace)));
      } catch (SQLException e) {
        throw told(e, server, like);
      }
      session.execute(
          "COMMENT ON DATABASE %s IS %s"
              .formatted(Sql.name(name), Sql.literal(comment(hubId) + run.id())));
    }
    return new ScratchDatabase(server, name);
  }

  private static String options(Database.Identity like) {
    String options =
        " TEMPLATE template0 ENCODING %s LC_COLLATE %s LC_CTYPE %s"
            .formatted(
                Sql.literal(like.encoding()),
                Sql.literal(like.collate()),
                Sql.literal(like.ctype()));
    return "i".equals(like.provider())
        ? options + " LOCALE_PROVIDER icu ICU_LOCALE " + Sql.literal(like.icuLocale())
        : options;
  }

  private static RuntimeException told(
      SQLException e, PostgresAddress server, Database.Identity like) throws SQLException {
    if ("42501".equals(e.getSQLState())) {
      return new PermanentException(
          "role %s may not create databases on %s; missing: ALTER ROLE %s CREATEDB"
              .formatted(
                  server.username(), server.host(), Sql.name(String.valueOf(server.username()))),
          e);
    }
    if ("22023".equals(e.getSQLState()) || "42809".equals(e.getSQLState())) {
      return new PermanentException(
          "cannot compare: %s has no locale %s for %s: %s"
              .formatted(server.host(), like.collate(), like.encoding(), e.getMessage()),
          e);
    }
    throw e;
  }

  private static String comment(String hubId) {
    return "ML Security Hub " + hubId + ", scratch of run ";
  }

  /** A database an earlier run made and did not drop. */
  record Leftover(String database, String run) {}

  /** Scratch databases of this hub on a server. */
  static List<Leftover> leftovers(PostgresAddress server, String hubId) throws SQLException {
    try (PinnedSession session = PinnedSession.open(server, "scratch")) {
      String mark = comment(hubId);
      return new Inspector(session)
          .rows(
              ("SELECT d.datname, s.description FROM pg_catalog.pg_database d JOIN "
                      + "pg_catalog.pg_shdescription s ON s.objoid = d.oid AND s.classoid = "
                      + "'pg_catalog.pg_database'::pg_catalog.regclass WHERE d.datname ~ "
                      + "'^hub_(drill|restore)_' AND pg_catalog.starts_with(s.description, %s)")
                  .formatted(Sql.literal(mark)),
              row -> new Leftover(row.getString(1), row.getString(2).substring(mark.length())));
    }
  }

  static void drop(PostgresAddress server, String database) throws SQLException {
    dropSubscriptions(server, database);
    try (PinnedSession session = PinnedSession.openUncut(server, "scratch")) {
      drop(session, database);
    }
  }

  private static void drop(PinnedSession session, String database) throws SQLException {
    String drop = "DROP DATABASE IF EXISTS " + Sql.name(database);
    try {
      session.execute(drop + " WITH (FORCE)");
    } catch (SQLException e) {
      if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw e;
      }
      // FORCE may not end a process of a superuser, or of no role such as an autovacuum worker.
      // Without FORCE the server itself ends autovacuum workers.
      session.execute(drop);
    }
  }

  /** A database with a subscription cannot be dropped; a restore with owners may have made some. */
  private static void dropSubscriptions(PostgresAddress server, String database)
      throws SQLException {
    String own =
        "SELECT s.subname FROM pg_catalog.pg_subscription s"
            + " JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname = "
            + Sql.literal(database);
    List<String> names;
    try (PinnedSession session = PinnedSession.open(server, "scratch")) {
      names = new Inspector(session).rows(own, row -> Sql.name(row.getString(1)));
    }
    if (names.isEmpty()) {
      return;
    }
    try (PinnedSession session = PinnedSession.open(server.withDatabase(database), "scratch")) {
      for (String name : names) {
        session.execute("ALTER SUBSCRIPTION " + name + " DISABLE");
        session.execute("ALTER SUBSCRIPTION " + name + " SET (slot_name = NONE)");
        session.execute("DROP SUBSCRIPTION " + name);
      }
    }
  }

  /** Fails when a database of that name exists. */
  static void requireFree(PostgresAddress server, String database) throws SQLException {
    try (PinnedSession session = PinnedSession.open(server, "scratch")) {
      boolean taken =
          !new Inspector(session)
              .rows(
                  "SELECT 1 FROM pg_catalog.pg_database WHERE datname = " + Sql.literal(database),
                  row -> row.getInt(1))
              .isEmpty();
      if (taken) {
        throw new InvalidInputException(
            "params.database", "'" + database + "' exists already; a restore makes a new one");
      }
    }
  }

  PostgresAddress address() {
    return server.withDatabase(name);
  }

  /**
   * Gives the database its real name: only now, when it is whole, can it be mistaken for it.
   *
   * @param settings that it gets with it, or null
   */
  void keepAs(String database, DatabaseSettings settings) throws SQLException {
    name(database, settings, null, "COMMIT");
    keep = true;
  }

  /**
   * The same where another database has that name.
   *
   * @param aside the name that the other one gets
   * @throws SQLException of state 55006 when somebody is connected to the other one
   */
  void keepInPlaceOf(String database, DatabaseSettings settings, String aside) throws SQLException {
    name(database, settings, aside, "COMMIT");
    keep = true;
  }

  /**
   * All of {@link #keepInPlaceOf}, and then none of it.
   *
   * @param aside null: no names are changed
   */
  void rehearse(String database, DatabaseSettings settings, String aside) throws SQLException {
    name(aside == null ? null : database, settings, aside, "ROLLBACK");
  }

  /** One transaction: whoever dies, a name is never without its database. */
  private void name(String database, DatabaseSettings settings, String aside, String end)
      throws SQLException {
    try (PinnedSession session = PinnedSession.openUncut(server, "scratch")) {
      String comment = settings == null ? null : settings.comment();
      session.execute("BEGIN");
      if (settings != null) {
        for (String statement : settings.statements(name)) {
          session.execute(statement);
        }
      }
      session.execute(
          "COMMENT ON DATABASE %s IS %s"
              .formatted(Sql.name(name), comment == null ? "NULL" : Sql.literal(comment)));
      if (aside != null) {
        session.execute(rename(database, aside));
      }
      if (database != null) {
        session.execute(rename(name, database));
      }
      session.execute(end);
    }
  }

  private static String rename(String from, String to) {
    return "ALTER DATABASE " + Sql.name(from) + " RENAME TO " + Sql.name(to);
  }

  @Override
  public void close() throws SQLException {
    if (!keep) {
      drop(server, name);
    }
  }
}
