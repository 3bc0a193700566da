package routes.backup.postgres.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import routes.CommitSeed;
import routes.backup.postgres.Workbench;
import routes.backup.postgres.archive.TableName;
import routes.backup.postgres.database.NotEqualException;
import routes.devservices.TestStores;
import routes.kernel.SqlFile;
import routes.kernel.errors.InvalidInputException;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/** Databases that users of other tools could back up and not restore. */
class HardDatabasesTest {

  @TempDir Path folder;
  private final TestStores.Database database = TestStores.get().newDatabase("hard");
  private final PostgresAddress original =
      Workbench.address(database.url(), database.username(), database.password());
  private final String creator = "creator_" + database.name();
  private Workbench bench;

  @BeforeEach
  void workbench() throws Exception {
    bench = new Workbench(folder);
    Workbench.execute(original, "CREATE ROLE " + creator + " LOGIN CREATEDB PASSWORD 'creator'");
  }

  @AfterEach
  void dropRole() throws Exception {
    Workbench.execute(original, "DROP ROLE " + creator);
  }

  static List<String> all() {
    return List.of(
        "views-over-keys",
        "event-triggers",
        "invalid-indexes",
        "checks-that-print-anew",
        "forced-row-security",
        "names-with-blanks",
        "refreshes-that-read-others",
        "inherited-checks",
        "computed-columns",
        "checks-that-raise");
  }

  /** Two of them, which the commit chooses. */
  static List<String> some() {
    int first = (int) Math.floorMod(CommitSeed.get(), 5L);
    return List.of(all().get(first), all().get(first + 5));
  }

  @ParameterizedTest
  @MethodSource("some")
  void isProvenByASuperuserAndByACreatorOfDatabasesAndRestored(String name) throws Exception {
    isProvenAndRestored(name);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("all")
  void eachIsProvenByASuperuserAndByACreatorOfDatabasesAndRestored(String name) throws Exception {
    isProvenAndRestored(name);
  }

  private void isProvenAndRestored(String name) throws Exception {
    bench.psql(original, script(name));
    Manifest snapshot = bench.backUp(original, new QuietRun());

    bench.drill(original, snapshot, new QuietRun());
    bench.drill(Workbench.address(database.url(), creator, "creator"), snapshot, new QuietRun());
    String copy = "copy_of_" + database.name();
    bench.restore(
        new PostgresRestore.Order(original, copy, true, false, null), snapshot, new QuietRun());

    assertThat(dumped(original.withDatabase(copy))).isEqualTo(dumped(original));
    if (name.equals("computed-columns")) {
      String sum = "SELECT sum(total) FROM bill";
      assertThat(Workbench.single(original.withDatabase(copy), sum))
          .isEqualTo(Workbench.single(original, sum));
    }
    Workbench.execute(original, "DROP DATABASE " + copy);
  }

  /** However deep the table lies that a policy reads. */
  @ParameterizedTest
  @ValueSource(strings = {"by-quotes", "by-operator", "by-domain", "by-umlaut"})
  void aTableThatWasChosenShowsNoOtherRows(String name) throws Exception {
    bench.psql(original, script("guarded-" + name).replace("READER", creator));
    Manifest snapshot = bench.backUp(original, new QuietRun());
    String copy = "copy_of_" + database.name();

    bench.restore(
        new PostgresRestore.Order(original, copy, true, false, bench.part(snapshot, "public.doc")),
        snapshot,
        new QuietRun());

    assertThat(seenBy(creator, original.withDatabase(copy))).isEqualTo(seenBy(creator, original));
    Workbench.execute(original, "DROP DATABASE " + copy);
  }

  @Test
  void aTableWhosePolicyCannotBeFollowedIsRefused() throws Exception {
    bench.psql(original, script("guarded-at-run-time").replace("READER", creator));
    Manifest snapshot = bench.backUp(original, new QuietRun());

    assertThatThrownBy(() -> bench.part(snapshot, "public.doc"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("function public.free(name), used by policy ok of public.doc")
        .hasMessageContaining("unprotected=public.doc");
  }

  @Test
  void aTableThatLostAPolicyShowsNothing() throws Exception {
    bench.psql(original, script("open-policy"));
    Manifest snapshot = bench.backUp(original, new QuietRun());
    String copy = "copy_of_" + database.name();

    PostgresLoad.Loaded loaded = keepGoing(copy, snapshot, new QuietRun());

    assertThat(loaded.failed())
        .anySatisfy(
            told ->
                assertThat(told)
                    .startsWith("row security of table public.doc: not all of it was restored"));
    assertThat(seenBy(creator, original.withDatabase(copy))).isEqualTo("0");
    assertThat(Workbench.single(original.withDatabase(copy), "SELECT count(*) FROM doc"))
        .isEqualTo("2");
    Workbench.execute(original, "DROP DATABASE " + copy);
  }

  @Test
  void oneSequenceThatIsMissingResetsNoOther() throws Exception {
    bench.psql(original, script("broken-sequence"));
    Manifest snapshot = bench.backUp(original, new QuietRun());
    String copy = "copy_of_" + database.name();

    PostgresLoad.Loaded loaded = keepGoing(copy, snapshot, new QuietRun());

    PostgresAddress restored = original.withDatabase(copy);
    assertThat(Workbench.single(restored, "SELECT nextval('good_id_seq')")).isEqualTo("101");
    assertThat(Workbench.single(restored, "SELECT nextval('solo')")).isEqualTo("78");
    assertThat(loaded.failed())
        .anySatisfy(told -> assertThat(told).startsWith("value of sequence public.bad_id_seq"))
        .anySatisfy(
            told -> assertThat(told).startsWith("index public.ix nl: ERROR: function helper"));
    Workbench.execute(original, "DROP DATABASE " + copy);
  }

  private PostgresLoad.Loaded keepGoing(String copy, Manifest snapshot, QuietRun run)
      throws Exception {
    return bench.restore(
        new PostgresRestore.Order(
            original,
            copy,
            true,
            false,
            null,
            PostgresRestore.Place.NEW,
            RolesRestore.Wanted.NONE,
            List.of(),
            true),
        snapshot,
        run);
  }

  /** One that forbids drops would keep the restore from dropping what nobody asked for. */
  @Test
  void theHubsSchemaIsLeftOutThoughAnEventTriggerForbidsDrops() throws Exception {
    bench.psql(original, script("event-triggers"));
    Workbench.execute(
        original,
        "ALTER EVENT TRIGGER no_drop DISABLE; CREATE SCHEMA hub; CREATE TABLE hub.run (id int)",
        "COMMENT ON SCHEMA hub IS 'ML Security Hub: its own'; ALTER EVENT TRIGGER no_drop ENABLE");
    String logged = Workbench.single(original, "SELECT count(*) FROM audit.ddl_log");
    String copy = "copy_of_" + database.name();

    bench.restore(
        new PostgresRestore.Order(original, copy, true, false, null),
        bench.backUp(original, new QuietRun()),
        new QuietRun());

    PostgresAddress restored = original.withDatabase(copy);
    assertThat(Workbench.single(restored, "SELECT to_regnamespace('hub')")).isNull();
    assertThat(Workbench.single(restored, "SELECT count(*) FROM audit.ddl_log")).isEqualTo(logged);
    Workbench.execute(original, "DROP DATABASE " + copy);
  }

  /** Objects that someone else lost, or made, meanwhile are found. */
  @Test
  void anObjectThatIsMissingAfterTheRestoreIsDamage() throws Exception {
    Workbench.execute(
        original,
        "CREATE TABLE t (id int); CREATE INDEX lost ON t (id)",
        "CREATE FUNCTION drop_it(OUT x int) LANGUAGE plpgsql AS"
            + " $$ BEGIN DROP INDEX IF EXISTS public.lost; x := 1; END $$",
        "CREATE FUNCTION once(OUT x int) LANGUAGE sql AS $$ SELECT 1 $$",
        "CREATE MATERIALIZED VIEW m AS SELECT public.once() AS x",
        "CREATE OR REPLACE FUNCTION once(OUT x int) LANGUAGE sql AS $$ SELECT public.drop_it() $$");
    Manifest snapshot = bench.backUp(original, new QuietRun());

    assertThatThrownBy(() -> bench.drill(original, snapshot, new QuietRun()))
        .isInstanceOf(NotEqualException.class)
        .hasMessage("index public.lost was not restored");
  }

  /** Who may see which rows, and which rows are taken, is as it was. */
  @Test
  void aTableThatWasChosenKeepsItsProtection() throws Exception {
    bench.psql(original, script("partial"));
    Manifest snapshot = bench.backUp(original, new QuietRun());
    QuietRun run = new QuietRun();
    String copy = "copy_of_" + database.name();

    PostgresLoad.Loaded loaded =
        bench.restore(
            new PostgresRestore.Order(
                original, copy, true, false, bench.part(snapshot, "public.doc")),
            snapshot,
            run);

    PostgresAddress restored = original.withDatabase(copy);
    assertThat(loaded.tables()).isEqualTo(4);
    assertThat(tables(restored)).isEqualTo("acl blocked doc limits");
    String parts =
        "SELECT string_agg(part, ', ' ORDER BY part) FROM ("
            + SqlFile.load("backup/table-parts")
            + ") p WHERE relname = 'doc'";
    assertThat(Workbench.single(restored, parts))
        .isEqualTo(Workbench.single(original, parts))
        .contains("policy only_acl", "rule audit", "constraint lim", "row security");
    Workbench.execute(original, "INSERT INTO acl VALUES ('" + creator + "', 3)");
    Workbench.execute(restored, "INSERT INTO acl VALUES ('" + creator + "', 3)");
    assertThat(seenBy(creator, restored)).isEqualTo(seenBy(creator, original)).isEqualTo("1");
    Workbench.execute(restored, "INSERT INTO blocked VALUES ('" + creator + "')");
    assertThat(seenBy(creator, restored)).isEqualTo("0");
    assertThat(run.infos())
        .anySatisfy(
            told ->
                assertThat(told).contains("public.acl comes along: the definition of public.doc"))
        .anySatisfy(
            told -> assertThat(told).contains("public.blocked comes along: policy not_blocked of"));
    assertThat(run.warnings())
        .anySatisfy(told -> assertThat(told).contains("left out").endsWith("table public.secrets"))
        .anySatisfy(told -> assertThat(told).contains("left out").endsWith("view public.hidden"))
        .anySatisfy(
            told -> assertThat(told).contains("left out").endsWith("function public.tell()"));
    Workbench.execute(original, "DROP DATABASE " + copy);
  }

  /** In an emergency: all that can be had, and a list of what could not. */
  @Test
  void whatFailsIsListedAndTheRestIsRestored() throws Exception {
    bench.psql(original, script("broken"));
    Manifest snapshot = bench.backUp(original, new QuietRun());
    String copy = "copy_of_" + database.name();
    assertThatThrownBy(
            () ->
                bench.restore(
                    new PostgresRestore.Order(original, copy, true, false, null),
                    snapshot,
                    new QuietRun()))
        .hasMessageContaining("pg_restore ended with 1");
    QuietRun run = new QuietRun();

    PostgresLoad.Loaded loaded = keepGoing(copy, snapshot, run);

    assertThat(loaded.failed())
        .hasSize(3)
        .anySatisfy(
            told ->
                assertThat(told)
                    .startsWith(
                        "index public.indexed_by_function: ERROR: function helper(integer)"))
        .anySatisfy(
            told ->
                assertThat(told)
                    .startsWith("fk constraint public.child child_parent_fkey: ERROR: insert or")
                    .contains("Key (parent)=(2) is not present in table \"parent\""))
        .anySatisfy(
            told ->
                assertThat(told)
                    .startsWith("materialized view data public.farther: ERROR: could not connect"));
    assertThat(run.warnings()).containsAll(loaded.failed());
    PostgresAddress restored = original.withDatabase(copy);
    assertThat(Workbench.single(restored, "SELECT count FROM sounds")).isEqualTo("1000");
    assertThat(Workbench.single(restored, "SELECT to_regclass('sound_v')")).isNotNull();
    assertThat(Workbench.single(restored, "SELECT count(*) FROM child")).isEqualTo("2");
    Workbench.execute(original, "DROP DATABASE " + copy);
  }

  @Test
  void aPolicyOfAMissingRoleIsLeftOutOnlyByTheNameOfItsTable() throws Exception {
    String role = "reader_" + database.name();
    Workbench.execute(
        original,
        "CREATE ROLE " + role,
        "CREATE TABLE doc (id int); ALTER TABLE doc ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY theirs ON doc TO " + role + " USING (id > 1)",
        "CREATE POLICY ours ON doc USING (id > 0)");
    Manifest snapshot = bench.backUp(original, new QuietRun());
    Workbench.execute(original, "DROP TABLE doc; DROP ROLE " + role);
    String copy = "copy_of_" + database.name();

    assertThatThrownBy(() -> restoreUnprotected(copy, snapshot, List.of()))
        .hasMessageContaining("policy theirs on public.doc")
        .hasMessageContaining("unprotected=");
    restoreUnprotected(copy, snapshot, List.of(new TableName("public", "doc")));

    assertThat(
            Workbench.single(
                original.withDatabase(copy), "SELECT string_agg(polname, ' ') FROM pg_policy"))
        .isEqualTo("ours");
    Workbench.execute(original, "DROP DATABASE " + copy);
  }

  private void restoreUnprotected(String copy, Manifest snapshot, List<TableName> tables)
      throws Exception {
    bench.restore(
        new PostgresRestore.Order(
            original,
            copy,
            false,
            false,
            null,
            PostgresRestore.Place.NEW,
            RolesRestore.Wanted.NONE,
            tables,
            false),
        snapshot,
        new QuietRun());
  }

  private String seenBy(String role, PostgresAddress where) throws Exception {
    return Workbench.single(
        Workbench.address(database.url(), role, "creator").withDatabase(where.database()),
        "SELECT count(*) FROM public.doc");
  }

  private static String tables(PostgresAddress address) throws Exception {
    return Workbench.single(
        address,
        "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class"
            + " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')");
  }

  /** What pg_dump writes, without what differs from one dump to the next. */
  private String dumped(PostgresAddress address) throws Exception {
    return bench
        .program(address, 15, "pg_dump", "--format=plain")
        .replaceAll("(?m)^\\\\(un)?restrict .*$", "")
        // An IN list is printed with other casts once it was restored.
        .replaceAll("::(character varying|text)(\\(\\d+\\))?(\\[\\])?", "")
        .replaceAll("[()]", "");
  }

  private static String script(String name) throws IOException {
    try (InputStream in =
        HardDatabasesTest.class.getResourceAsStream("/sql/hard/" + name + ".sql")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
