package routes.backup.postgres.restore;

import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import routes.backup.postgres.archive.ObjectComparison;
import routes.backup.postgres.archive.RestoreFailures;
import routes.backup.postgres.archive.TableDependencies;
import routes.backup.postgres.archive.TableName;
import routes.backup.postgres.archive.TableOfContents;
import routes.backup.postgres.archive.TableSelection;
import routes.backup.postgres.database.ServerRequirements;
import routes.backup.postgres.session.PinnedSession;
import routes.repository.format.Entry;
import routes.stores.postgres.PostgresAddress;

/**
 * Closes tables whose row security a restore that keeps going could not restore whole: a
 * restrictive policy that failed, or that reads a table whose rows are missing, would show rows
 * that were hidden. Such a table shows none, except to those who bypass row security, until
 * somebody drops the policy {@value #POLICY}.
 */
record IncompleteProtection(
    PostgresAddress target,
    TableOfContents contents,
    List<TableName> unprotected,
    RestoreFailures failures) {

  static final String POLICY = "hub_restore_is_incomplete";

  /**
   * @param unmet objects that were left out, for their roles are missing
   * @param tables whose rows were to be loaded
   */
  void close(List<ServerRequirements.Naming> unmet, List<Entry> tables) throws Exception {
    Set<TableName> withoutRows =
        tables.stream()
            .filter(entry -> failures.has(TablesLoad.rowsOf(entry)))
            .map(TableName::of)
            .collect(Collectors.toSet());
    Set<TableName> open = new LinkedHashSet<>();
    for (TableOfContents.Line line : contents.kind("ROW SECURITY").lines()) {
      TableName table = TableName.of(line);
      if (!unprotected.contains(table)
          && (failed(line) || lostPolicy(table, unmet) || readsWhatIsMissing(table, withoutRows))) {
        open.add(table);
      }
    }
    for (TableName table : open) {
      String what = "row security of table " + table.label();
      failures.add(
          what,
          "not all of it was restored, so the table shows no rows to those it applies to; make what"
              + " is missing, then drop the policy "
              + POLICY);
      RestoreFailures.tried(failures, what, () -> close(table));
    }
  }

  private boolean lostPolicy(TableName table, List<ServerRequirements.Naming> unmet) {
    return contents.kind("POLICY").lines().stream()
        .filter(line -> TableDependencies.isOf(line, table))
        .filter(line -> line.definition().contains(" AS RESTRICTIVE "))
        .anyMatch(
            line ->
                failed(line)
                    || unmet.stream()
                        .anyMatch(
                            one -> one.classOid() == line.classOid() && one.oid() == line.oid()));
  }

  private boolean readsWhatIsMissing(TableName table, Set<TableName> withoutRows) {
    return TableDependencies.of(contents, List.of(table)).stream()
        .filter(TableSelection.Along::rows)
        .anyMatch(
            one ->
                withoutRows.contains(one.table()) || failures.has("table " + one.table().label()));
  }

  private boolean failed(TableOfContents.Line line) {
    return failures.hasOf(ObjectComparison.Key.of(line).words());
  }

  private void close(TableName table) throws SQLException {
    try (PinnedSession session = PinnedSession.open(target, "restore")) {
      session.withoutEventTriggers();
      session.execute("ALTER TABLE " + table.sql() + " ENABLE ROW LEVEL SECURITY");
      session.execute(
          "CREATE POLICY " + POLICY + " ON " + table.sql() + " AS RESTRICTIVE USING (false)");
    }
  }
}
