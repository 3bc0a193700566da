package routes.backup.postgres.restore;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import routes.backup.postgres.archive.TableName;
import routes.backup.postgres.archive.TableOfContents;
import routes.backup.postgres.archive.TableSelection;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.session.PinnedSession;
import routes.kernel.SqlFile;
import routes.kernel.errors.PermanentException;

/**
 * What a partial restore made and nobody asked for. Definitions are restored whole; then, while the
 * database has its scratch name, all tables that were neither chosen nor needed are dropped with
 * what hangs on them. What is left of the others is compared with what was there.
 */
record Remainder(PinnedSession session, TableSelection part) {

  private record Relation(String kind, TableName name) {}

  private List<Relation> relations() throws SQLException {
    return new Inspector(session)
        .rows(
            SqlFile.load("backup/part-relations"),
            row ->
                new Relation(
                    row.getString("relkind"),
                    new TableName(row.getString("nspname"), row.getString("relname"))));
  }

  /** A check, default, policy, trigger, rule or index of a table. */
  private record TablePart(TableName table, String words) {}

  private List<TablePart> parts() throws SQLException {
    return new Inspector(session)
        .rows(
            SqlFile.load("backup/table-parts"),
            row ->
                new TablePart(
                    new TableName(row.getString("nspname"), row.getString("relname")),
                    row.getString("part")));
  }

  /**
   * Drops the tables that were neither chosen nor needed, and large objects.
   *
   * @throws PermanentException when a table that stays would lose a part of it: it would take rows
   *     that it refused, or show rows that it hid
   */
  void drop() throws SQLException {
    List<TablePart> before = parts();
    for (Relation relation : relations()) {
      if ("rpf".contains(relation.kind()) && !part.keeps(relation.name())) {
        session.execute(
            "DROP "
                + (relation.kind().equals("f") ? "FOREIGN TABLE" : "TABLE")
                + " IF EXISTS "
                + relation.name().sql()
                + " CASCADE");
      }
    }
    session.execute("SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata");
    Set<TablePart> after = Set.copyOf(parts());
    List<String> lost =
        before.stream()
            .filter(one -> part.keeps(one.table()) && !after.contains(one))
            .map(one -> one.words() + " of " + one.table().label())
            .toList();
    if (!lost.isEmpty()) {
      throw new PermanentException(
          "nothing was restored: without the tables that were not chosen, these would be lost: "
              + String.join(", ", lost)
              + "; choose the tables that they need, too, or restore the whole");
    }
  }

  /** Lines of what belongs to relations that are here. */
  Predicate<TableOfContents.Line> here() throws SQLException {
    List<Relation> here = relations();
    return line ->
        here.stream()
            .anyMatch(
                one ->
                    line.schema().equals(one.name().schema())
                        && (line.name().equals(one.name().name())
                            || line.name().startsWith(one.name().name() + " ")));
  }
}
