package routes.backup.postgres.restore;

import java.util.ArrayList;
import java.util.List;
import routes.backup.postgres.archive.TableOfContents;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.session.PgChild;
import routes.backup.postgres.session.PinnedSession;
import routes.jobs.RunContext;
import routes.kernel.SqlFile;
import routes.kernel.errors.PermanentException;

/** Fills materialized views. */
record ViewRefresh(PgRestore restore, RunContext run) {

  /**
   * Fills materialized views as their owners see the tables: with row security applied, as the
   * source did. Where all belongs to the restoring role instead, what is forced upon owners is
   * taken off meanwhile; it would hide rows, or end the refresh.
   */
  void fill(DefinitionsTarget target, TableOfContents refreshes) throws Exception {
    if (refreshes.lines().isEmpty()) {
      return;
    }
    List<String> options = PgRestore.strictly(target.jobs(), "--enable-row-security");
    if (target.owners()) {
      together(target, options, refreshes);
      return;
    }
    try (PinnedSession session = PinnedSession.open(target.address(), "restore")) {
      List<String> forced =
          new Inspector(session)
              .rows(SqlFile.load("backup/forced-row-security"), row -> row.getString(1));
      for (String table : forced) {
        session.execute("ALTER TABLE ONLY " + table + " NO FORCE ROW LEVEL SECURITY");
      }
      together(target, options, refreshes);
      for (String table : forced) {
        session.execute("ALTER TABLE ONLY " + table + " FORCE ROW LEVEL SECURITY");
      }
    }
  }

  /**
   * All at a time; when one fails, one after the other, in rounds while some succeed: the function
   * of a view may read another view, which the dump does not tell.
   */
  private void together(DefinitionsTarget target, List<String> parallel, TableOfContents refreshes)
      throws Exception {
    try {
      restore.run(target.strict(), parallel, refreshes);
      return;
    } catch (PgChild.FailedException | PermanentException e) {
      run.info("fills materialized views one after the other, for together: " + e.getMessage());
    }
    List<String> serial = PgRestore.strictly("--enable-row-security");
    List<TableOfContents.Line> waiting = refreshes.lines();
    while (!waiting.isEmpty()) {
      List<TableOfContents.Line> again = new ArrayList<>();
      Exception last = null;
      for (TableOfContents.Line line : waiting) {
        try {
          restore.run(target.strict(), serial, new TableOfContents(List.of(line)));
        } catch (PgChild.FailedException | PermanentException e) {
          again.add(line);
          last = e;
        }
      }
      if (again.size() == waiting.size()) {
        if (target.failures() == null) {
          throw last;
        }
        restore.run(target, serial, new TableOfContents(again));
        return;
      }
      waiting = again;
    }
  }
}
