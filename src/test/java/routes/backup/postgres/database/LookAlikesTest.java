package routes.backup.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.backup.postgres.Workbench;
import routes.backup.postgres.restore.PostgresRestore;
import routes.backup.postgres.restore.QuietRun;
import routes.devservices.TestStores;
import routes.repository.SnapshotDiff;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/** Names that look alike once a dot is put between schema and name. */
class LookAlikesTest {

  @TempDir Path folder;
  private final TestStores.Database database = TestStores.get().newDatabase("look alikes");
  private final PostgresAddress original =
      Workbench.address(database.url(), database.username(), database.password());

  @Test
  void tablesWithDotsAndQuotesAreToldApart() throws Exception {
    Workbench.execute(
        original,
        "CREATE SCHEMA a",
        "CREATE SCHEMA \"a.b\"",
        "CREATE SCHEMA \"\"\"a\"",
        "CREATE TABLE a.\"b.c\" AS SELECT 1 AS n",
        "CREATE TABLE \"a.b\".c AS SELECT generate_series(1, 2) AS n",
        "CREATE TABLE \"\"\"a\".\"b\"\".c\" AS SELECT generate_series(1, 3) AS n",
        "CREATE SEQUENCE a.\"s.t\" START 5",
        "CREATE SCHEMA \"a.s\"",
        "CREATE SEQUENCE \"a.s\".t START 7");
    Workbench bench = new Workbench(folder);
    Manifest before = bench.backUp(original, new QuietRun());

    assertThat(names(before)).doesNotHaveDuplicates().contains("a.\"b.c\"", "\"a.b\".c");
    String copy = "copy_" + database.name();
    bench.restore(
        new PostgresRestore.Order(original, copy, true, true, null), before, new QuietRun());
    PostgresAddress restored = original.withDatabase(copy);
    assertThat(Workbench.single(restored, "SELECT count(*) FROM a.\"b.c\"")).isEqualTo("1");
    assertThat(Workbench.single(restored, "SELECT count(*) FROM \"a.b\".c")).isEqualTo("2");
    assertThat(Workbench.single(restored, "SELECT nextval('a.\"s.t\"')")).isEqualTo("5");
    assertThat(Workbench.single(restored, "SELECT nextval('\"a.s\".t')")).isEqualTo("7");

    Workbench.execute(original, "INSERT INTO a.\"b.c\" VALUES (2)");
    Manifest after = bench.backUp(original, new QuietRun());
    assertThat(SnapshotDiff.of(before, after).changes())
        .singleElement()
        .satisfies(change -> assertThat(change.name()).isEqualTo("a.\"b.c\""));
  }

  @Test
  void configurationTablesThatLookAlikeAreOrderedByTheirKeys() {
    Entry parent = table("x", "y.z", "x.y.z");
    Entry other = table("x.y", "z", "x.y.z");
    Entry child = table("x", "child", "x.child");

    List<Entry> ordered =
        ConfigurationTables.ordered(
            List.of(child, other, parent),
            List.of(new ConfigurationTables.Key(child.key(), parent.key())));

    assertThat(ordered).containsExactly(other, parent, child);
  }

  private static Entry table(String schema, String name, String label) {
    return Entry.of(
        EntryKind.TABLE, label, java.util.Map.of("schema", schema, "table", name), List.of());
  }

  private static List<String> names(Manifest manifest) {
    return manifest.entries().stream()
        .filter(entry -> entry.kind() == EntryKind.TABLE)
        .map(Entry::name)
        .toList();
  }
}
