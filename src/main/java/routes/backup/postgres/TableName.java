package routes.backup.postgres;

import routes.repository.Entry;

/**
 * A table as the catalogue knows it: two tables may have one label ({@code a."b.c"}, {@code
 * "a.b".c}).
 */
public record TableName(String schema, String name) {

  static TableName of(Entry table) {
    return new TableName((String) table.about().get("schema"), (String) table.about().get("table"));
  }

  static TableName of(Contents.Line line) {
    return new TableName(line.schema(), line.name());
  }

  /** For people. */
  public String label() {
    return schema + "." + name;
  }

  String sql() {
    return Sql.name(schema, name);
  }
}
