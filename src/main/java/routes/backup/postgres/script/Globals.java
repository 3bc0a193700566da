package routes.backup.postgres.script;

import java.util.List;
import java.util.Set;
import routes.backup.postgres.database.DatabaseSettings;
import routes.backup.postgres.session.Sql;

/**
 * What {@code pg_dumpall --globals-only} says of a server's roles. Statements are taken apart, and
 * never run as they are written: whatever is not one of that program's forms is refused. Pure.
 *
 * @param roles in their order
 * @param memberships in their order
 * @param leftOut what is no role's, by name: tablespaces, privileges on parameters, labels
 */
public record Globals(List<Role> roles, List<Membership> memberships, List<String> leftOut) {

  public Globals {
    roles = List.copyOf(roles);
    memberships = List.copyOf(memberships);
    leftOut = List.copyOf(leftOut);
  }

  /** What a role may be; each has a form with {@code NO} before it. */
  public enum Attribute {
    SUPERUSER,
    INHERIT,
    CREATEROLE,
    CREATEDB,
    LOGIN,
    REPLICATION,
    BYPASSRLS
  }

  /**
   * A setting of a role.
   *
   * @param values one, or the names of a list
   */
  public record Setting(String name, List<String> values) {
    /** After {@code ALTER … SET}. */
    public String sql() {
      return DatabaseSettings.assignment(
          name, String.join(", ", values.stream().map(Sql::literal).toList()));
    }
  }

  /**
   * A role.
   *
   * @param connectionLimit −1: none
   * @param password its hash, or null
   * @param validUntil as the server wrote it, or null
   * @param comment or null
   */
  public record Role(
      String name,
      Set<Attribute> attributes,
      int connectionLimit,
      String password,
      String validUntil,
      List<Setting> settings,
      String comment) {

    /** Never the hash. */
    @Override
    public String toString() {
      return name + attributes;
    }
  }

  /**
   * A role's membership in another.
   *
   * @param inherit null: as the role itself says
   * @param set null: yes
   */
  public record Membership(
      String role, String member, boolean admin, Boolean inherit, Boolean set) {}

  /**
   * @throws ScriptException naming the line of what pg_dumpall does not write
   */
  public static Globals parse(byte[] text) {
    GlobalsReader reader = new GlobalsReader();
    SqlScript script = new SqlScript(reader);
    script.feed(text, 0, text.length);
    script.finish();
    return reader.globals();
  }
}
