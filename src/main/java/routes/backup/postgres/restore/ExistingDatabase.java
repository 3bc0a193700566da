package routes.backup.postgres.restore;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import routes.backup.postgres.database.Database;
import routes.backup.postgres.database.DatabaseSettings;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.session.PinnedSession;
import routes.backup.postgres.session.Sql;
import routes.jobs.RunContext;
import routes.kernel.SqlFile;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.PermanentException;
import routes.stores.postgres.PostgresAddress;

/**
 * A database whose name a restored one takes. It is never emptied: it is put aside, under another
 * name, in the transaction in which the restored one gets its name. Whoever dies whenever, one of
 * the two has the name, whole. Only one that holds nothing is dropped, afterwards.
 *
 * @param keptAs name under which it is put aside, for this run only
 * @param contents what it holds that a fresh one does not; empty: nothing
 */
record ExistingDatabase(
    PostgresAddress server,
    String name,
    String keptAs,
    DatabaseFacts facts,
    List<Contents> contents,
    DatabaseSettings settings,
    Database.Identity identity) {

  private static final int LONGEST_NAME = 63;
  private static final String NO_SUCH_DATABASE = "3D000";
  private static final String IN_USE = "55006";
  private static final String FORBIDDEN = "42501";
  private static final int TRIES = 3;

  /**
   * Objects of one kind.
   *
   * @param names the first five
   */
  record Contents(String kind, long count, List<String> names) {
    String words() {
      long more = count - names.size();
      return kind + " " + String.join(", ", names) + (more > 0 ? " and " + more + " more" : "");
    }
  }

  /**
   * @throws InvalidInputException naming {@code params.into} when there is none, or it may not be
   *     replaced at all
   * @throws PermanentException when the role may not, or an earlier attempt has done it
   */
  static ExistingDatabase look(PostgresAddress server, String name, RunContext run)
      throws SQLException {
    if (server.database().equals(name)) {
      throw invalid(name, "is the one that the target's own URL names: name another one there");
    }
    ExistingDatabase there = at(server, name, keptAs(name, run), run);
    if (there.facts.template()) {
      throw invalid(name, "is a template of other databases");
    }
    if (there.facts.ledger()) {
      throw invalid(name, "is this hub's own: restore it under another name and start a hub on it");
    }
    if (!there.facts.ties().isEmpty()) {
      throw invalid(
          name,
          "has what no other database can take over; drop first: "
              + String.join(", ", there.facts.ties()));
    }
    there.requireRights();
    there.requireFirst();
    return there;
  }

  private static ExistingDatabase at(
      PostgresAddress server, String name, String keptAs, RunContext run) throws SQLException {
    try (PinnedSession session = PinnedSession.open(server.withDatabase(name), "restore")) {
      Inspector inspector = new Inspector(session);
      return new ExistingDatabase(
          server,
          name,
          keptAs,
          DatabaseFacts.read(inspector, run),
          inspector.rows(
              SqlFile.load("backup/contents"),
              row ->
                  new Contents(
                      row.getString("kind"),
                      row.getLong("n"),
                      DatabaseFacts.strings(row, "names"))),
          inspector.needs().database(),
          inspector.identity());
    } catch (SQLException e) {
      if (NO_SUCH_DATABASE.equals(e.getSQLState())) {
        throw invalid(name, "does not exist on the target; database=… makes a new one");
      }
      throw e;
    }
  }

  /** Part of the name, and of the run's id: known again when the same run is tried again. */
  static String keptAs(String name, RunContext run) {
    String end = "_before_" + run.id().toString().substring(0, 8);
    StringBuilder kept = new StringBuilder(name);
    while ((kept + end).getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      kept.setLength(kept.offsetByCodePoints(kept.length(), -1));
    }
    return kept + end;
  }

  private void requireRights() {
    if (!facts.mayRename()) {
      throw new PermanentException(
          ("role %s may not rename database %s; it needs CREATEDB, and to be a member of the "
                  + "owner %s")
              .formatted(Sql.name(facts.role()), Sql.name(name), Sql.name(facts.owner())));
    }
  }

  private void requireFirst() throws SQLException {
    try (PinnedSession session = PinnedSession.open(server, "restore")) {
      boolean taken =
          !new Inspector(session)
              .rows(
                  "SELECT 1 FROM pg_catalog.pg_database WHERE datname = " + Sql.literal(keptAs),
                  row -> row.getInt(1))
              .isEmpty();
      if (taken) {
        throw new PermanentException(
            ("an earlier attempt of this run has put its database in the place of %s, which is "
                    + "%s since; nothing more was done")
                .formatted(Sql.name(name), Sql.name(keptAs)));
      }
    }
  }

  private static InvalidInputException invalid(String name, String why) {
    return new InvalidInputException("params.into", "'" + name + "' " + why);
  }

  boolean isEmpty() {
    return contents.isEmpty();
  }

  /** What it holds, by name; {@code nothing} when it is empty. */
  String words() {
    return isEmpty()
        ? "nothing"
        : contents.stream().map(Contents::words).collect(Collectors.joining("; "));
  }

  /**
   * @throws InvalidInputException naming what it holds
   */
  void requireEmpty() {
    if (!isEmpty()) {
      throw invalid(
          name,
          "is not empty, it holds "
              + words()
              + ". Empty it, or ask with force=true: it is kept then, under another name");
    }
  }

  /** Null where a new database lies anyway. */
  String tablespace() {
    return facts.tablespace().equals("pg_default") ? null : facts.tablespace();
  }

  /** What will be different in the database itself; null: nothing. */
  String difference(Database.Identity wanted) {
    String here = identity.encoding() + " " + identity.collate() + " " + identity.ctype();
    String there = wanted.encoding() + " " + wanted.collate() + " " + wanted.ctype();
    return here.equals(there) ? null : name + " is " + here + " and will be " + there;
  }

  /**
   * Finds out before anything is loaded what would be in the way at the end: all of the last step,
   * rolled back.
   *
   * @param sessions whether those that are connected are in the way
   * @throws PermanentException saying what is
   */
  void rehearse(ScratchDatabase scratch, boolean sessions) throws SQLException {
    try {
      // The server waits 5 s for sessions to end, and lets no new ones in while it does: not for
      // those that will be ended anyway.
      scratch.rehearse(name, settings, sessions ? keptAs : null);
    } catch (SQLException e) {
      throw told(e);
    }
  }

  /**
   * Puts it aside and the restored one in its place.
   *
   * @param force whether it may hold something, and sessions be ended
   * @return the name it has now; null: it was empty and is gone
   */
  String giveWay(ScratchDatabase scratch, boolean force, RunContext run) throws SQLException {
    if (!force) {
      // Somebody may have used it while all was loaded.
      at(server, name, keptAs, run).requireEmpty();
    }
    for (int tries = 1; ; tries++) {
      if (force) {
        endSessions();
      }
      try {
        scratch.keepInPlaceOf(name, settings, keptAs);
        return dropEmpty(run);
      } catch (SQLException e) {
        if (!force || tries == TRIES || !IN_USE.equals(e.getSQLState())) {
          throw told(e);
        }
      }
    }
  }

  private void endSessions() throws SQLException {
    try (PinnedSession session = PinnedSession.open(server, "restore")) {
      session.execute(
          "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
              + " WHERE usename IS NOT NULL AND datname = "
              + Sql.literal(name));
    }
  }

  /** Nobody can be connected who thought it was the one; what was written until then is seen. */
  private String dropEmpty(RunContext run) {
    try {
      if (at(server, keptAs, keptAs, run).isEmpty()) {
        try (PinnedSession session = PinnedSession.open(server, "restore")) {
          session.execute("DROP DATABASE " + Sql.name(keptAs));
          return null;
        }
      }
    } catch (SQLException e) {
      run.warn(
          "the database that was there is kept, for it could not be dropped: " + e.getMessage());
    }
    return keptAs;
  }

  private SQLException told(SQLException e) {
    if (IN_USE.equals(e.getSQLState())) {
      throw new PermanentException(
          "somebody is connected to "
              + Sql.name(name)
              + ", which is as it was; end the sessions and keep new ones away: "
              + e.getMessage(),
          e);
    }
    if (FORBIDDEN.equals(e.getSQLState())) {
      throw new PermanentException(
          "role %s may not put another database in the place of %s, which is as it was: %s"
              .formatted(Sql.name(facts.role()), Sql.name(name), e.getMessage()),
          e);
    }
    return e;
  }
}
