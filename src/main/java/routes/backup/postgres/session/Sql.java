package routes.backup.postgres.session;

import java.util.List;
import java.util.stream.Collectors;

/** Names in SQL. */
public final class Sql {

  private Sql() {}

  /** Quotes an identifier, whatever is in it. */
  public static String name(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** Quotes a literal; {@code standard_conforming_strings} is on in every supported server. */
  public static String literal(String text) {
    // The E form is right whatever that setting says.
    return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  public static String name(String schema, String relation) {
    return name(schema) + "." + name(relation);
  }

  /**
   * A relation's name for people: {@code schema.name}. A part that holds a dot or a quote stands in
   * quotes, so that no two relations are called alike.
   */
  public static String label(String schema, String relation) {
    return word(schema) + "." + word(relation);
  }

  private static String word(String name) {
    return name.contains(".") || name.contains("\"") ? name(name) : name;
  }

  public static String names(List<String> columns) {
    return columns.stream().map(Sql::name).collect(Collectors.joining(", ", "(", ")"));
  }
}
