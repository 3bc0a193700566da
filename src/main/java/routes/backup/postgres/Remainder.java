package routes.backup.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import routes.jobs.RunContext;
import routes.platform.sql.SqlFile;
import routes.repository.Entry;

/**
 * What a partial restore made and nobody asked for. Definitions are restored whole, for only the
 * server knows what depends on what; then, while the database has its scratch name, all tables that
 * were not chosen are dropped with what hangs on them, and the run is told.
 */
final class Remainder {

  private static final String RELATIONS = SqlFile.load("backup/part-relations");

  private final PinnedSession session;
  private final Part part;
  private final RunContext run;

  Remainder(PinnedSession session, Part part, RunContext run) {
    this.session = session;
    this.part = part;
    this.run = run;
  }

  private record Relation(String kind, String schema, String name, List<String> ancestors) {
    String label() {
      return schema + "." + name;
    }
  }

  private List<Relation> relations() throws SQLException {
    return new Inspector(session)
        .rows(
            RELATIONS,
            row ->
                new Relation(
                    row.getString("relkind"),
                    row.getString("nspname"),
                    row.getString("relname"),
                    List.of((String[]) row.getArray("ancestors").getArray())));
  }

  /** Drops the tables that were not chosen, and large objects. */
  void drop() throws SQLException {
    Set<String> kept = new TreeSet<>(part.tables().stream().map(Entry::name).toList());
    List<Relation> before = relations();
    for (Relation relation : before) {
      // A partition does not stand without its parents.
      if (part.tables().stream().anyMatch(table -> table.name().equals(relation.label()))) {
        kept.addAll(relation.ancestors());
      }
    }
    List<String> dropped = new ArrayList<>();
    for (Relation relation : before) {
      boolean table = "rpf".contains(relation.kind());
      if (table && !kept.contains(relation.label())) {
        dropped.add(relation.label());
        session.execute(
            "DROP "
                + (relation.kind().equals("f") ? "FOREIGN TABLE" : "TABLE")
                + " IF EXISTS "
                + Sql.name(relation.schema(), relation.name())
                + " CASCADE");
      }
    }
    session.execute("SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata");
    run.info("left out " + dropped.size() + " tables that were not chosen, and large objects");
    Set<String> left = new TreeSet<>(relations().stream().map(Relation::label).toList());
    List<String> views =
        before.stream()
            .filter(relation -> "vm".contains(relation.kind()) && !left.contains(relation.label()))
            .map(Relation::label)
            .toList();
    if (!views.isEmpty()) {
      run.warn("left out with the tables they read: views " + String.join(", ", views));
    }
  }

  /** Lines of what belongs to relations that are here. */
  Predicate<Contents.Line> here() throws SQLException {
    List<Relation> here = relations();
    return line ->
        here.stream()
            .anyMatch(
                one ->
                    line.schema().equals(one.schema())
                        && (line.name().equals(one.name())
                            || line.name().startsWith(one.name() + " ")));
  }
}
