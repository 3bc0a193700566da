package routes.backup.postgres.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.backup.postgres.Workbench;
import routes.backup.postgres.database.NotEqualException;
import routes.backup.postgres.restore.PostgresRestore;
import routes.backup.postgres.restore.QuietRun;
import routes.devservices.TestStores;
import routes.kernel.errors.PermanentException;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/** Hash partitions whose rows lie elsewhere in a restored database. */
class RootsTest {

  @TempDir Path folder;
  private final TestStores.Database database = TestStores.get().newDatabase("roots");
  private final PostgresAddress original =
      Workbench.address(database.url(), database.username(), database.password());
  private Workbench bench;

  @BeforeEach
  void types() throws SQLException {
    bench = new Workbench(folder);
    Workbench.execute(
        original,
        "CREATE TYPE st AS ENUM ('new', 'open', 'done', 'dead', 'lost', 'kept')",
        "CREATE DOMAIN stage AS st CHECK (VALUE <> 'lost')",
        "CREATE TYPE pair AS (s st, n int)",
        "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic ="
            + " false)",
        "CREATE TYPE span AS RANGE (subtype = st)",
        "CREATE FUNCTION nth(g int) RETURNS st LANGUAGE sql IMMUTABLE AS"
            + " 'SELECT (enum_range(NULL::public.st))[1 + g % 4]'");
  }

  @Test
  void rowsOfKeysOverAnEnumComeBack() throws Exception {
    Workbench.execute(original, "CREATE TABLE t1 ()", "CREATE TABLE t2 ()", "CREATE TABLE t3 ()");
    partitioned("enums", "st", "s", "nth(g)");
    partitioned("domains", "stage", "s", "nth(g)::stage");
    partitioned("arrays", "st[]", "s", "ARRAY[nth(g), nth(g + 1)]");
    partitioned("ranges", "span", "s", "span(nth(0), nth(g))");
    partitioned("composites", "pair", "s", "row(nth(g), g)::pair");
    partitioned("several", "st", "id, s", "nth(g)");
    partitioned("expressions", "st", "(s)", "nth(g)");
    // Tables of the restored database have other oids.
    partitioned("names", "regclass", "s", "('t' || 1 + g % 3)::regclass");
    partitioned("unordered", "text COLLATE loose", "s", "CASE g % 3 WHEN 1 THEN 'a' ELSE 'A' END");

    comesBack(
        List.of(
            "enums",
            "domains",
            "arrays",
            "ranges",
            "composites",
            "several",
            "expressions",
            "names",
            "unordered"));
  }

  private void partitioned(String name, String type, String key, String value) throws SQLException {
    Workbench.execute(
        original,
        "CREATE TABLE "
            + name
            + " (gone int, id int, s "
            + type
            + ") PARTITION BY HASH ("
            + key
            + ")",
        "ALTER TABLE " + name + " DROP gone",
        "CREATE TABLE "
            + name
            + "0 PARTITION OF "
            + name
            + " FOR VALUES WITH (MODULUS 3, REMAINDER 0)",
        "CREATE TABLE "
            + name
            + "1 PARTITION OF "
            + name
            + " FOR VALUES WITH (MODULUS 3, REMAINDER 1)",
        // Columns in another order.
        "CREATE TABLE " + name + "2 (s " + type + ", id int)",
        "ALTER TABLE "
            + name
            + " ATTACH PARTITION "
            + name
            + "2 FOR VALUES WITH (MODULUS 3, REMAINDER 2)",
        "INSERT INTO " + name + " SELECT g, " + value + " FROM generate_series(1, 300) g");
  }

  private void comesBack(List<String> roots) throws Exception {
    Manifest snapshot = bench.backUp(original, new QuietRun());
    assertThat(roots(snapshot))
        .hasSameElementsAs(
            roots.stream().<Object>map(root -> Map.of("schema", "public", "table", root)).toList());

    String copy = "copy_" + database.name();
    bench.restore(
        new PostgresRestore.Order(original, copy, true, true, null), snapshot, new QuietRun());

    PostgresAddress restored = original.withDatabase(copy);
    for (String root : roots) {
      String content = "SELECT md5(string_agg(e::text, ';' ORDER BY e::text)) FROM " + root + " e";
      assertThat(Workbench.single(restored, content))
          .as(root)
          .isEqualTo(Workbench.single(original, content));
    }
    // The copy is backed up and restored like the original.
    bench.drill(original, bench.backUp(restored, new QuietRun()), new QuietRun());
  }

  private static List<Object> roots(Manifest snapshot) {
    return snapshot.entries().stream()
        .filter(entry -> entry.kind() == EntryKind.TABLE && entry.rows() > 0)
        .map(entry -> entry.about().getOrDefault("through", "nothing"))
        .toList();
  }

  @Test
  void partitionsOfPartitionsAreLoadedThroughTheirTopmostSuchParent() throws Exception {
    Workbench.execute(
        original,
        "CREATE TABLE top (id int, s st) PARTITION BY RANGE (id)",
        "CREATE TABLE mid PARTITION OF top FOR VALUES FROM (0) TO (1000) PARTITION BY HASH (s)",
        "CREATE TABLE mid0 PARTITION OF mid FOR VALUES WITH (MODULUS 2, REMAINDER 0)"
            + " PARTITION BY LIST (s)",
        "CREATE TABLE leaf0 PARTITION OF mid0 DEFAULT",
        "CREATE TABLE mid1 PARTITION OF mid FOR VALUES WITH (MODULUS 2, REMAINDER 1)"
            + " PARTITION BY HASH (s)",
        "CREATE TABLE leaf1 PARTITION OF mid1 FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        "INSERT INTO top SELECT g, nth(g) FROM generate_series(1, 400) g");

    comesBack(List.of("mid"));
  }

  @Test
  void otherPartitionsAreLoadedOneByOne() throws Exception {
    Workbench.execute(
        original,
        "CREATE TABLE h (id int, t text COLLATE \"C\") PARTITION BY HASH (id, t)",
        "CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "CREATE TABLE l (s st) PARTITION BY LIST (s)",
        "CREATE TABLE l0 PARTITION OF l DEFAULT",
        "INSERT INTO h SELECT g, 't' || g FROM generate_series(1, 100) g",
        "INSERT INTO l SELECT nth(g) FROM generate_series(1, 100) g");

    Manifest snapshot = bench.backUp(original, new QuietRun());

    assertThat(roots(snapshot)).containsOnly("nothing");
    bench.drill(original, snapshot, new QuietRun());
  }

  @Test
  void aLostAndAChangedRowAreFound() throws Exception {
    hash();
    Manifest snapshot = bench.backUp(original, new QuietRun());
    for (String spoiled :
        List.of(
            "DELETE FROM public.ev WHERE id = 7", "UPDATE public.ev SET v = 'x' WHERE id = 9")) {
      // Spoiled in the restored database, as an index over a function may do.
      Workbench.execute(
          original,
          "DROP TABLE IF EXISTS victim",
          "CREATE OR REPLACE FUNCTION spoil() RETURNS int LANGUAGE plpgsql AS"
              + " $$ BEGIN IF current_database() LIKE 'hub_drill_%' THEN "
              + spoiled
              + "; END IF; RETURN 1; END $$",
          "CREATE OR REPLACE FUNCTION spoil(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
              + " 'BEGIN RETURN public.spoil(); END'",
          "CREATE TABLE victim (id int)",
          "INSERT INTO victim VALUES (1)",
          "CREATE INDEX ON victim (spoil(id))");
      Manifest spoils = bench.backUp(original, new QuietRun());

      assertThatThrownBy(() -> bench.drill(original, spoils, new QuietRun()))
          .isInstanceOf(NotEqualException.class)
          .hasMessageContaining("partitions of public.ev");
    }
    bench.drill(original, snapshot, new QuietRun());
  }

  private void hash() throws SQLException {
    Workbench.execute(
        original,
        "CREATE TABLE ev (id int, s st, v text) PARTITION BY HASH (s)",
        "CREATE TABLE ev0 PARTITION OF ev FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE TABLE ev1 PARTITION OF ev FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "INSERT INTO ev SELECT g, nth(g), 'v' || g FROM generate_series(1, 100) g");
  }

  @Test
  void aSnapshotThatDoesNotSayItIsLoadedThroughTheRootToo() throws Exception {
    hash();
    Manifest snapshot = bench.backUp(original, new QuietRun());
    List<Entry> older =
        snapshot.entries().stream()
            .map(
                entry -> {
                  Map<String, Object> about = new java.util.TreeMap<>(entry.about());
                  about.remove("through");
                  return Entry.of(entry.kind(), entry.name(), about, entry.chunks());
                })
            .toList();

    bench.drill(original, with(snapshot, older), new QuietRun());
  }

  private static Manifest with(Manifest of, List<Entry> entries) {
    return new Manifest(
        of.format(),
        of.source(),
        of.kind(),
        of.hub(),
        of.run(),
        of.attempt(),
        of.takenAt(),
        of.finishedAt(),
        of.server(),
        of.tools(),
        of.traceId(),
        of.encryption(),
        of.totals(),
        entries);
  }

  @Test
  void whoChoosesOneOfThePartitionsGetsAllOfThem() throws Exception {
    hash();
    Manifest snapshot = bench.backUp(original, new QuietRun());

    assertThat(
            TableSelection.of(
                    snapshot, new TableOfContents(List.of()), null, "public.ev1", List.of())
                .chosen())
        .extracting(Entry::name)
        .containsExactlyInAnyOrder("public.ev0", "public.ev1");
  }

  @Test
  void someOfThePartitionsAreRefused() throws Exception {
    hash();
    Manifest snapshot = bench.backUp(original, new QuietRun());
    List<Entry> some =
        snapshot.entries().stream().filter(entry -> entry.name().equals("public.ev1")).toList();
    TableSelection part = new TableSelection(some, List.of(), some);

    assertThatThrownBy(
            () ->
                bench.restore(
                    new PostgresRestore.Order(original, "some", true, true, part),
                    snapshot,
                    new QuietRun()))
        .isInstanceOf(PermanentException.class)
        .hasMessageContaining("restore all of them: public.ev0, public.ev1");
  }
}
