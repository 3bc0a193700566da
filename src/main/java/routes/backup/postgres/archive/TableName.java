package routes.backup.postgres.archive;

import routes.backup.postgres.session.Sql;
import routes.repository.format.Entry;

/**
 * A table as the catalogue knows it: two tables may have one label ({@code a."b.c"}, {@code
 * "a.b".c}).
 */
public record TableName(String schema, String name) {

  public static TableName of(Entry table) {
    return new TableName((String) table.about().get("schema"), (String) table.about().get("table"));
  }

  public static TableName of(TableOfContents.Line line) {
    return new TableName(line.schema(), line.name());
  }

  /** For people. */
  public String label() {
    return schema + "." + name;
  }

  public String sql() {
    return Sql.name(schema, name);
  }
}
