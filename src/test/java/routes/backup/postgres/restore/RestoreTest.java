package routes.backup.postgres.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.backup.postgres.Workbench;
import routes.backup.postgres.database.NotEqualException;
import routes.devservices.TestStores;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/** What is loaded when, with what settings, and by whom. */
class RestoreTest {

  @TempDir Path folder;
  private final TestStores.Database database = TestStores.get().newDatabase("restore");
  private final PostgresAddress original =
      Workbench.address(database.url(), database.username(), database.password());
  private Workbench bench;

  @BeforeEach
  void workbench() {
    bench = new Workbench(folder);
  }

  @Test
  void allIsThereBeforeAnyOfItIsCompared() throws Exception {
    Workbench.execute(
        original,
        "CREATE TABLE one (id int PRIMARY KEY); INSERT INTO one VALUES (1)",
        "CREATE TABLE two AS SELECT generate_series(1, 9) AS id",
        "SELECT lo_from_bytea(0, 'large')");
    Manifest snapshot = bench.backUp(original, new QuietRun());
    QuietRun drill = new QuietRun();
    long began = System.nanoTime();

    PostgresLoad.Loaded loaded = bench.drill(original, snapshot, drill);

    List<String> steps = drill.steps().stream().distinct().toList();
    assertThat(steps)
        .containsSubsequence("pg_restore", "load of public.two", "comparison of public.two")
        .containsSubsequence("load of public.one", "comparison of public.two")
        .containsSubsequence("load of public.two", "comparison of public.one");
    assertThat(drill.steps().lastIndexOf("pg_restore"))
        .isLessThan(drill.steps().indexOf("comparison of public.two"))
        .isGreaterThan(drill.steps().indexOf("large objects"));
    assertThat(loaded.readyAt()).isBetween(began, System.nanoTime());
  }

  @Test
  void whatIsSpoiltWhileIndexesAreBuiltIsFound() throws Exception {
    Workbench.execute(
        original,
        "CREATE SEQUENCE spoilt",
        "CREATE FUNCTION spoil(int) RETURNS bigint IMMUTABLE LANGUAGE sql"
            + " AS $$ SELECT pg_catalog.setval('public.spoilt', 77) $$",
        "CREATE TABLE victim (id int)",
        "CREATE INDEX ON victim (spoil(id))",
        "INSERT INTO victim VALUES (1)",
        "SELECT setval('spoilt', 5)");
    Manifest snapshot = bench.backUp(original, new QuietRun());

    assertThatThrownBy(() -> bench.drill(original, snapshot, new QuietRun()))
        .isInstanceOf(NotEqualException.class)
        .hasMessageContaining("sequence public.spoilt has another value");
  }

  @Test
  void indexesAreBuiltWithTheMemoryThatIsConfiguredAndLessFlushing() throws Exception {
    Workbench.execute(
        original,
        "CREATE MATERIALIZED VIEW settings AS SELECT current_setting('maintenance_work_mem') || ' '"
            + " || current_setting('synchronous_commit')");

    restored("settings_of_" + database.name(), original);

    assertThat(
            Workbench.single(
                original.withDatabase("settings_of_" + database.name()), "SELECT * FROM settings"))
        .isEqualTo("96MB off");
  }

  @Test
  void whoIsNoSuperuserComparesRowsThatAreHiddenFromTheirOwner() throws Exception {
    Workbench.execute(
        original,
        "CREATE TABLE hidden (id int); INSERT INTO hidden VALUES (1), (2)",
        "ALTER TABLE hidden ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        "CREATE POLICY none ON hidden USING (false)",
        "CREATE ROLE plain_restorer LOGIN CREATEDB PASSWORD 'plain'");
    try {
      restored(
          "hidden_of_" + database.name(),
          Workbench.address(database.url(), "plain_restorer", "plain"));

      PostgresAddress copy = original.withDatabase("hidden_of_" + database.name());
      assertThat(Workbench.single(copy, "SELECT count(*) FROM hidden")).isEqualTo("2");
      assertThat(
              Workbench.single(
                  copy, "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'hidden'"))
          .isEqualTo("t");
    } finally {
      Workbench.execute(original, "DROP DATABASE IF EXISTS hidden_of_" + database.name());
      Workbench.execute(original, "DROP ROLE plain_restorer");
    }
  }

  @Test
  void onlyTheTablesThatWereChosenComeBackWithWhatTheyNeed() throws Exception {
    Workbench.execute(
        original,
        "CREATE SCHEMA shop; CREATE TYPE shop.mood AS ENUM ('ok', 'bad')",
        "CREATE TABLE shop.owner (id int PRIMARY KEY); INSERT INTO shop.owner VALUES (1)",
        "CREATE TABLE shop.item (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at shop.mood,"
            + " owner int REFERENCES shop.owner, parent int REFERENCES shop.item)",
        "INSERT INTO shop.item (at, owner, parent) VALUES ('ok', 1, 1), ('bad', 1, 1)",
        "CREATE INDEX item_at ON shop.item (at)",
        "CREATE TABLE shop.part (id int, year int) PARTITION BY LIST (year)",
        "CREATE TABLE shop.\"part, 1\" PARTITION OF shop.part FOR VALUES IN (1)",
        "CREATE TABLE shop.part_2 PARTITION OF shop.part FOR VALUES IN (2)",
        "INSERT INTO shop.part VALUES (1, 1), (2, 2)",
        "CREATE VIEW shop.owners AS SELECT * FROM shop.owner",
        "CREATE MATERIALIZED VIEW shop.items AS SELECT count(*) AS n FROM shop.item",
        "CREATE FUNCTION shop.watch() RETURNS event_trigger LANGUAGE plpgsql"
            + " AS $$ BEGIN RAISE 'no drops here'; END $$",
        "CREATE EVENT TRIGGER " + database.name() + " ON sql_drop EXECUTE FUNCTION shop.watch()",
        "SELECT lo_from_bytea(0, 'large')");
    Manifest snapshot = bench.backUp(original, new QuietRun());
    QuietRun run = new QuietRun();
    String name = "part_of_" + database.name();

    PostgresLoad.Loaded loaded =
        bench.restore(
            new PostgresRestore.Order(
                original, name, false, true, bench.part(snapshot, "shop.item, \"shop.part, 1\"")),
            snapshot,
            run);

    PostgresAddress copy = original.withDatabase(name);
    assertThat(loaded.tables()).isEqualTo(2);
    assertThat(
            Workbench.single(
                copy,
                "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class"
                    + " WHERE relnamespace = 'shop'::regnamespace AND relkind <> 'i'"))
        .isEqualTo("item item_id_seq items part part, 1");
    assertThat(Workbench.single(copy, "SELECT count(*) FROM shop.part")).isEqualTo("1");
    assertThat(Workbench.single(copy, "SELECT n FROM shop.items")).isEqualTo("2");
    assertThat(Workbench.single(copy, "SELECT to_regclass('shop.item_at')")).isNotNull();
    assertThat(
            Workbench.single(
                copy, "SELECT string_agg(conname, ' ') FROM pg_constraint WHERE contype = 'f'"))
        .isEqualTo("item_parent_fkey");
    assertThat(Workbench.single(copy, "SELECT nextval('shop.item_id_seq')")).isEqualTo("3");
    assertThat(Workbench.single(copy, "SELECT count(*) FROM pg_largeobject_metadata"))
        .isEqualTo("0");
    assertThat(run.warnings())
        .anySatisfy(told -> assertThat(told).contains("item_owner_fkey", "not chosen"))
        .anySatisfy(told -> assertThat(told).contains("view shop.owners"));
    Workbench.execute(original, "DROP EVENT TRIGGER " + database.name());
  }

  private void restored(String name, PostgresAddress server) throws Exception {
    bench.restore(
        new PostgresRestore.Order(server, name, false, true, null),
        bench.backUp(original, new QuietRun()),
        new QuietRun());
  }
}
