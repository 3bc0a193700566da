package routes.backup.postgres.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import routes.backup.postgres.session.Sql;
import routes.kernel.errors.PermanentException;

/** What a role may not read, and the statements that would let it. */
final class MissingGrants {

  private static final int MOST_NAMED = 100;

  private final List<String> all = new ArrayList<>();

  /**
   * @param what as it stands in a GRANT, or BYPASSRLS with the reason
   */
  boolean add(String what) {
    return all.add(what);
  }

  /**
   * Looks at a row that says {@code may_use_schema} and {@code may_select}.
   *
   * @param object as it stands in a GRANT
   */
  void look(ResultSet row, String schema, String object) throws SQLException {
    if (!row.getBoolean("may_use_schema")) {
      add("USAGE ON SCHEMA " + Sql.name(schema));
    }
    if (!row.getBoolean("may_select")) {
      add("SELECT ON " + object);
    }
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Names them all, up to a hundred. */
  PermanentException refusal(String role) {
    List<String> distinct = all.stream().distinct().toList();
    String grants =
        String.join(
            "; ",
            distinct.stream()
                .limit(MOST_NAMED)
                .map(
                    what ->
                        what.startsWith("BYPASSRLS")
                            ? "ALTER ROLE " + Sql.name(role) + " " + what
                            : "GRANT " + what + " TO " + Sql.name(role))
                .toList());
    String more =
        distinct.size() > MOST_NAMED ? "; and " + (distinct.size() - MOST_NAMED) + " more" : "";
    return new PermanentException(
        "role " + role + " may not read all of the database; missing: " + grants + more);
  }
}
