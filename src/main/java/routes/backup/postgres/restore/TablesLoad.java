package routes.backup.postgres.restore;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import routes.backup.postgres.archive.RestoreFailures;
import routes.backup.postgres.database.ConfigurationTables;
import routes.backup.postgres.database.Database;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.session.PinnedSession;
import routes.backup.postgres.session.Progress;
import routes.backup.postgres.session.Sql;
import routes.backup.postgres.session.Workers;
import routes.jobs.RunContext;
import routes.kernel.errors.PermanentException;
import routes.repository.format.Entry;
import routes.stores.postgres.PostgresAddress;

/**
 * Loads the tables of a snapshot into a database that has their definitions, several at a time, and
 * compares them. Knows which must wait for others, and which partitions are loaded through a
 * parent.
 */
record TablesLoad(
    RowsLoad rows,
    List<Entry> tables,
    Map<Entry.Key, Database.Root> roots,
    Set<Entry.Key> generated,
    int parallel,
    RunContext run,
    RestoreFailures failures) {

  /**
   * @param target has the definitions
   * @param tables all that are to be loaded
   * @param parallel tables at a time
   * @param failures takes tables that fail; null: none may
   * @throws PermanentException when some partitions are to be loaded without others that may get
   *     their rows
   */
  static TablesLoad of(
      RowsLoad rows,
      PostgresAddress target,
      List<Entry> tables,
      int parallel,
      RunContext run,
      RestoreFailures failures)
      throws SQLException {
    Map<Entry.Key, Database.Root> roots = new TreeMap<>();
    Set<Entry.Key> generated;
    try (PinnedSession session = PinnedSession.open(target, "restore")) {
      generated = Set.copyOf(new Inspector(session).generated());
      Set<Entry.Key> wanted = tables.stream().map(Entry::key).collect(Collectors.toSet());
      Map<Database.Root, List<Inspector.Rooted>> rooted =
          new Inspector(session)
              .rooted().stream()
                  .collect(
                      Collectors.groupingBy(
                          Inspector.Rooted::root, LinkedHashMap::new, Collectors.toList()));
      rooted.forEach(
          (root, partitions) -> {
            List<Entry.Key> here =
                partitions.stream()
                    .map(Inspector.Rooted::partition)
                    .filter(wanted::contains)
                    .toList();
            if (!here.isEmpty() && here.size() < partitions.size()) {
              throw partly(root, partitions);
            }
            here.forEach(key -> roots.put(key, root));
          });
    }
    List<Entry> largestFirst =
        tables.stream().sorted(Comparator.comparingLong(Entry::plainBytes).reversed()).toList();
    return new TablesLoad(rows, largestFirst, roots, generated, parallel, run, failures);
  }

  private static PermanentException partly(Database.Root root, List<Inspector.Rooted> partitions) {
    return new PermanentException(
        "rows of "
            + root.label()
            + " may be in another of its partitions once they are restored; restore all of them: "
            + String.join(
                ", ",
                partitions.stream()
                    .map(one -> Sql.label(one.partition().schema(), one.partition().name()))
                    .toList()));
  }

  /**
   * Loads all of them. One that fails by its own checks is loaded again after the others: a
   * function of a CHECK may read another table.
   *
   * @throws SQLException the server's, when such a table fails and no other came since
   */
  void load(PostgresAddress target, Progress progress) throws Exception {
    try (PinnedSession session = PinnedSession.open(target, "restore configuration")) {
      List<Entry> configuration = tables.stream().filter(ConfigurationTables::is).toList();
      for (Entry entry : ConfigurationTables.ordered(session, configuration)) {
        RestoreFailures.tried(failures, rowsOf(entry), () -> rows.load(entry, null, progress));
      }
    }
    List<Entry> others = tables.stream().filter(entry -> !ConfigurationTables.is(entry)).toList();
    rounds(others.stream().filter(entry -> !generated.contains(entry.key())).toList(), progress);
    // A generated column whose function reads another table would be computed without its rows.
    rounds(others.stream().filter(entry -> generated.contains(entry.key())).toList(), progress);
  }

  private void rounds(List<Entry> tables, Progress progress) throws Exception {
    List<Entry> waiting = tables;
    while (!waiting.isEmpty()) {
      waiting = round(waiting, progress);
    }
  }

  /** Those that are to be loaded again. */
  private List<Entry> round(List<Entry> waiting, Progress progress) throws Exception {
    Map<Entry.Key, SQLException> failed = Collections.synchronizedMap(new TreeMap<>());
    List<Callable<Void>> tasks = new ArrayList<>();
    for (Entry entry : waiting) {
      tasks.add(
          () -> {
            RestoreFailures.tried(
                failures, rowsOf(entry), () -> loadOrWait(entry, progress, failed));
            return null;
          });
    }
    Workers.all(parallel, tasks, () -> {});
    if (failed.size() == waiting.size()) {
      if (failures == null) {
        throw failed.values().iterator().next();
      }
      waiting.forEach(entry -> failures.add(rowsOf(entry), failed.get(entry.key()).getMessage()));
      return List.of();
    }
    failed.values().forEach(e -> run.info("loads again after the other tables: " + e.getMessage()));
    return waiting.stream().filter(entry -> failed.containsKey(entry.key())).toList();
  }

  private void loadOrWait(Entry entry, Progress progress, Map<Entry.Key, SQLException> failed)
      throws Exception {
    try {
      rows.load(entry, roots.get(entry.key()), progress);
    } catch (SQLException e) {
      // A check may raise whatever it likes while what it reads is not there yet.
      if (RestoreFailures.isOfConnection(e)) {
        throw e;
      }
      failed.put(entry.key(), e);
    }
  }

  static String rowsOf(Entry entry) {
    return "rows of table " + entry.name();
  }

  /** What compares them, the largest first. */
  List<Callable<Void>> comparisons(Progress progress) {
    List<Callable<Void>> tasks = new ArrayList<>();
    Map<Database.Root, List<Entry>> together = new LinkedHashMap<>();
    for (Entry entry : tables) {
      Database.Root root = roots.get(entry.key());
      if (root != null) {
        together.computeIfAbsent(root, none -> new ArrayList<>()).add(entry);
      } else {
        tasks.add(
            () -> {
              if (failures == null || !failures.has(rowsOf(entry))) {
                RestoreFailures.tried(failures, rowsOf(entry), () -> rows.compare(entry, progress));
              }
              return null;
            });
      }
    }
    together.forEach(
        (root, partitions) ->
            tasks.add(
                () -> {
                  if (failures == null
                      || partitions.stream().noneMatch(one -> failures.has(rowsOf(one)))) {
                    RestoreFailures.tried(
                        failures,
                        "rows of table " + root.label(),
                        () -> rows.compare(root, partitions, progress));
                  }
                  return null;
                }));
    return tasks;
  }
}
