package routes.backup.postgres.database;

import java.util.ArrayList;
import java.util.List;
import routes.backup.postgres.session.Sql;

/**
 * One privilege on something.
 *
 * @param to null: everyone
 * @param what such as {@code CONNECT}
 */
public record Grant(String to, String what, boolean grantable) {

  /**
   * Statements that make these the only privileges.
   *
   * @param on such as {@code DATABASE "x"}
   * @param from who has any by default, as SQL names them
   */
  static List<String> statements(String on, List<String> from, List<Grant> grants) {
    List<String> all = new ArrayList<>();
    from.forEach(role -> all.add("REVOKE ALL ON " + on + " FROM " + role));
    for (Grant grant : grants) {
      all.add(
          "GRANT "
              + grant.what()
              + " ON "
              + on
              + " TO "
              + (grant.to() == null ? "PUBLIC" : Sql.name(grant.to()))
              + (grant.grantable() ? " WITH GRANT OPTION" : ""));
    }
    return all;
  }
}
