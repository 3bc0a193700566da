package routes.backup.postgres.database;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import routes.backup.postgres.session.Sql;

/**
 * What belongs to a database itself and not to anything in it. {@code pg_restore} would restore it
 * only to a database of the source's own name.
 *
 * @param connectionLimit −1: none
 * @param settings {@code ALTER DATABASE … SET}, for all or for one role
 * @param grants null: nobody changed them
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DatabaseSettings(
    String owner, String comment, int connectionLimit, List<Setting> settings, List<Grant> grants) {

  /** Settings whose value is a list of names, each to be quoted by itself; as in pg_dump. */
  private static final Set<String> LISTS =
      Set.of(
          "local_preload_libraries",
          "search_path",
          "session_preload_libraries",
          "shared_preload_libraries",
          "temp_tablespaces",
          "unix_socket_directories");

  /**
   * One setting.
   *
   * @param role null: all roles
   * @param set {@code name=value}
   */
  public record Setting(String role, String set) {}

  /** Statements that give another database all of this. */
  public List<String> statements(String database) {
    String name = Sql.name(database);
    List<String> all = new ArrayList<>();
    all.add("ALTER DATABASE " + name + " OWNER TO " + Sql.name(owner));
    if (connectionLimit >= 0) {
      all.add("ALTER DATABASE " + name + " CONNECTION LIMIT " + connectionLimit);
    }
    if (settings != null) {
      settings.forEach(setting -> all.add(set(name, setting)));
    }
    if (grants != null) {
      all.addAll(Grant.statements("DATABASE " + name, List.of("PUBLIC", Sql.name(owner)), grants));
    }
    return all;
  }

  private static String set(String database, Setting setting) {
    int equals = setting.set().indexOf('=');
    String key = setting.set().substring(0, equals);
    String value = setting.set().substring(equals + 1);
    // A setting of an extension is called a.b: two names.
    String target =
        setting.role() == null
            ? "DATABASE " + database
            : "ROLE " + Sql.name(setting.role()) + " IN DATABASE " + database;
    return "ALTER " + target + " SET " + assignment(key, value(key, value));
  }

  /**
   * {@code "a"."b" TO …}.
   *
   * @param value as SQL
   */
  public static String assignment(String key, String value) {
    return String.join(".", List.of(key.split("\\.", -1)).stream().map(Sql::name).toList())
        + " TO "
        + value;
  }

  /**
   * A setting's value as SQL.
   *
   * @param value as the catalogues have it
   */
  public static String value(String key, String value) {
    return LISTS.contains(key) ? names(value) : Sql.literal(value);
  }

  /** Takes {@code a, "b ""c"""} apart and quotes each name as a literal. */
  private static String names(String list) {
    List<String> names = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < list.length(); i++) {
      char at = list.charAt(i);
      if (at == '"' && quoted && i + 1 < list.length() && list.charAt(i + 1) == '"') {
        name.append(at);
        i++;
      } else if (at == '"') {
        quoted = !quoted;
      } else if (at == ',' && !quoted) {
        names.add(Sql.literal(name.toString()));
        name.setLength(0);
      } else if (at != ' ' || quoted) {
        name.append(at);
      }
    }
    names.add(Sql.literal(name.toString()));
    return String.join(", ", names);
  }
}
