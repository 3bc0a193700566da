package routes.backup.postgres.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.backup.postgres.Workbench;
import routes.backup.postgres.session.Sql;
import routes.devservices.TestStores;
import routes.kernel.errors.PermanentException;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/** Roles that were lost come back, on a real server, from what the real pg_dumpall wrote. */
class RolesRestoreTest {

  @TempDir Path folder;
  private final TestStores.Database database = TestStores.get().newDatabase("roles");
  private final PostgresAddress admin =
      Workbench.address(database.url(), database.username(), database.password());
  private final String app = "app_" + database.name();
  private final String odd = "Odd \"Role\" ${x} " + database.name();
  private final String boss = "boss_" + database.name();
  private final String poor = "poor_" + database.name();

  @AfterEach
  void drop() throws Exception {
    for (String role : List.of(app, odd, boss, poor)) {
      Workbench.execute(admin, "DROP ROLE IF EXISTS " + Sql.name(role));
    }
  }

  private void make() throws Exception {
    Workbench.execute(
        admin,
        "CREATE ROLE " + app + " LOGIN CONNECTION LIMIT 7 VALID UNTIL '2040-01-01'",
        "CREATE ROLE " + Sql.name(odd) + " NOINHERIT CREATEDB",
        "CREATE ROLE " + boss + " SUPERUSER",
        "GRANT " + app + " TO " + Sql.name(odd) + " WITH ADMIN OPTION",
        "GRANT pg_read_all_data TO " + app,
        "ALTER ROLE " + app + " SET search_path = shop, \"Odd \"\"Schema\"\"\"",
        "ALTER ROLE " + app + " SET \"hub_test.key\" = 'it''s a \\ value'",
        "COMMENT ON ROLE " + app + " IS 'reads — “quoted”'");
  }

  /** What the server says of them, by itself. */
  private String told() throws Exception {
    return Workbench.single(
        admin,
        "SELECT string_agg(concat_ws(' ', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb,"
            + " rolcanlogin, rolconnlimit, rolvaliduntil, rolconfig, shobj_description(oid, 'pg_authid'),"
            + " ARRAY(SELECT ROW(roleid::regrole, admin_option) FROM pg_auth_members"
            + " WHERE member = r.oid ORDER BY 1)), E'\\n' ORDER BY rolname) FROM pg_roles r"
            + " WHERE rolname LIKE '%"
            + database.name()
            + "'");
  }

  @Test
  void allThatWereLostComeBackAsTheyWereWhenPowersAreAskedFor() throws Exception {
    Workbench bench = new Workbench(folder);
    make();
    Workbench.execute(admin, "CREATE TABLE mine (id int)", "ALTER TABLE mine OWNER TO " + app);
    String before = told();
    Manifest snapshot = bench.backUp(admin, new QuietRun());
    Workbench.execute(admin, "DROP TABLE mine");
    drop();
    QuietRun run = new QuietRun();
    String name = "owned_by_" + database.name();

    PostgresRestore.Placed<PostgresLoad.Loaded> placed =
        bench.place(
            new PostgresRestore.Order(
                admin,
                name,
                true,
                true,
                null,
                PostgresRestore.Place.NEW,
                RolesRestore.Wanted.POWERFUL),
            snapshot,
            run);

    assertThat(told()).isEqualTo(before);
    assertThat(placed.roles().created()).contains(app, odd, boss);
    assertThat(placed.roles().withheld()).isEmpty();
    assertThat(run.warnings())
        .anySatisfy(line -> assertThat(line).contains("without a password", Sql.name(app)));
    assertThat(
            Workbench.single(
                admin.withDatabase(name),
                "SELECT tableowner FROM pg_tables WHERE tablename = 'mine'"))
        .isEqualTo(app);
    Workbench.execute(admin, "DROP DATABASE " + name);
  }

  @Test
  void withoutPowersTheyComeBackHarmlessAndThoseThatAreThereStayAsTheyAre() throws Exception {
    Workbench bench = new Workbench(folder);
    make();
    Manifest snapshot = bench.backUp(admin, new QuietRun());
    drop();
    Workbench.execute(admin, "CREATE ROLE " + Sql.name(odd) + " LOGIN");
    QuietRun run = new QuietRun();
    RolesRestore restore = new RolesRestore(admin, RolesRestore.Wanted.PLAIN, run);

    RolesRestore.Done planned = restore.plan(bench.repository(), snapshot);
    assertThat(Workbench.single(admin, "SELECT 1 FROM pg_roles WHERE rolname = '" + app + "'"))
        .as("a plan changes nothing")
        .isNull();
    RolesRestore.Done done = restore.create(bench.repository(), snapshot);

    assertThat(done).isEqualTo(planned);
    assertThat(done.created()).contains(app, boss).doesNotContain(odd);
    assertThat(done.withheld())
        .contains(
            "SUPERUSER of \"" + boss + "\"",
            "membership of \"" + app + "\" in \"pg_read_all_data\"");
    assertThat(done.different())
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith(Sql.name(odd) + " is here ")
                    .contains("INHERIT", "NOCREATEDB", "LOGIN", "no member of \"" + app + "\""));
    assertThat(told().lines().toList())
        .anyMatch(line -> line.startsWith(odd + " f t f f t -1"))
        .anyMatch(line -> line.startsWith(boss + " f t f f f -1"));

    RolesRestore.Done again = restore.create(bench.repository(), snapshot);
    assertThat(again.created()).as("a repeat finds nothing to make").doesNotContain(app, boss);
  }

  @Test
  void whoMayMakeNoRolesMakesNoneAndIsTold() throws Exception {
    Workbench bench = new Workbench(folder);
    make();
    Workbench.execute(admin, "CREATE ROLE " + poor + " LOGIN PASSWORD 'poor'");
    Manifest snapshot = bench.backUp(admin, new QuietRun());
    Workbench.execute(admin, "DROP ROLE " + Sql.name(odd), "DROP ROLE " + app, "DROP ROLE " + boss);
    PostgresAddress as = Workbench.address(database.url(), poor, "poor");

    assertThatThrownBy(
            () ->
                new RolesRestore(as, RolesRestore.Wanted.PLAIN, new QuietRun())
                    .create(bench.repository(), snapshot))
        .isInstanceOf(PermanentException.class)
        .hasMessageContaining("role " + poor + " may not make the snapshot's roles");
    assertThat(told().lines().toList()).hasSize(1);
  }
}
