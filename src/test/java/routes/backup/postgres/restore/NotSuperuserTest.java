package routes.backup.postgres.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.backup.postgres.Workbench;
import routes.devservices.TestStores;
import routes.kernel.errors.PermanentException;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/** Servers where the hub may not do all, as managed ones are. */
class NotSuperuserTest {

  @TempDir Path folder;

  private final TestStores.Database database = TestStores.get().newDatabase("not super");
  private final PostgresAddress admin =
      Workbench.address(database.url(), database.username(), database.password());
  private final String suffix = "_" + database.name();
  private final PostgresAddress reader =
      Workbench.address(database.url(), "reader" + suffix, "secret");
  private final PostgresAddress restorer =
      Workbench.address(database.url(), "restorer" + suffix, "secret");
  private Workbench bench;

  @BeforeEach
  void fill() throws Exception {
    bench = new Workbench(folder);
    Workbench.execute(
        admin,
        "CREATE ROLE reader" + suffix + " LOGIN PASSWORD 'secret' IN ROLE pg_read_all_data",
        "CREATE ROLE restorer" + suffix + " LOGIN CREATEDB PASSWORD 'secret'",
        "CREATE SCHEMA app",
        "CREATE EXTENSION hstore SCHEMA app",
        "COMMENT ON EXTENSION hstore IS 'ours'",
        "CREATE TABLE app.t (id int GENERATED ALWAYS AS IDENTITY, h app.hstore)",
        "INSERT INTO app.t (h) SELECT 'a=>1' FROM generate_series(1, 50)",
        "CREATE PUBLICATION p FOR ALL TABLES",
        "CREATE FUNCTION app.f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE EVENT TRIGGER e" + suffix + " ON sql_drop EXECUTE FUNCTION app.f()",
        "COMMENT ON EVENT TRIGGER e" + suffix + " IS 'watches'",
        "CREATE TABLE app.a (id int PRIMARY KEY, up int REFERENCES app.a)",
        "CREATE TABLE app.b (id int PRIMARY KEY REFERENCES app.a)",
        "ALTER TABLE app.a ADD FOREIGN KEY (id) REFERENCES app.b NOT VALID",
        "CREATE VIEW app.v AS SELECT count(*) FROM app.t");
  }

  @Test
  void aRoleThatMayReadAllDataBacksUpAndACreatorOfDatabasesRestores() throws Exception {
    Manifest snapshot = bench.backUp(reader, new QuietRun());

    QuietRun drill = new QuietRun();
    assertThat(bench.drill(restorer, snapshot, drill).rows()).isEqualTo(50);
    assertThat(drill.warnings())
        .singleElement()
        .asString()
        .startsWith("left out, for only a superuser may create it: ")
        .contains("EVENT TRIGGER e" + suffix);

    String copy = "copy" + suffix;
    bench.restore(
        new PostgresRestore.Order(restorer, copy, false, true, null), snapshot, new QuietRun());
    PostgresAddress restored = restorer.withDatabase(copy);
    assertThat(Workbench.single(restored, "SELECT count FROM app.v")).isEqualTo("50");
    assertThat(Workbench.single(restored, "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"))
        .isEqualTo("3");
    assertThat(
            Workbench.single(
                restored, "SELECT obj_description(oid) FROM pg_extension WHERE extname = 'hstore'"))
        .isEqualTo("ours");
  }

  @Test
  void largeObjectsThatMayNotBeReadAreNamed() throws Exception {
    String oid = Workbench.single(admin, "SELECT lo_from_bytea(0, 'x')");

    assertThatThrownBy(() -> bench.backUp(reader, new QuietRun()))
        .isInstanceOf(PermanentException.class)
        .hasMessageContaining("GRANT SELECT ON LARGE OBJECT " + oid + " TO");

    Workbench.execute(
        admin, "GRANT SELECT ON LARGE OBJECT " + oid + " TO \"reader" + suffix + "\"");
    Manifest snapshot = bench.backUp(reader, new QuietRun());
    bench.drill(restorer, snapshot, new QuietRun());
  }

  @Test
  void everyGrantThatIsMissingIsNamedAtOnce() throws Exception {
    String poor = "poor" + suffix;
    Workbench.execute(
        admin,
        "CREATE ROLE " + poor + " LOGIN PASSWORD 'secret'",
        "CREATE TABLE app.hidden (id int)",
        "CREATE SEQUENCE app.counter",
        "ALTER TABLE app.hidden ENABLE ROW LEVEL SECURITY");
    PostgresAddress address = Workbench.address(database.url(), poor, "secret");

    assertThatThrownBy(() -> bench.backUp(address, new QuietRun()))
        .isInstanceOf(PermanentException.class)
        .satisfies(
            missing -> {
              // What the message says is all that is needed.
              String grants = missing.getMessage().replaceFirst(".*; missing: ", "");
              assertThat(grants)
                  .contains("USAGE ON SCHEMA", "SELECT ON SEQUENCE", "BYPASSRLS")
                  .contains("SELECT ON \"app\".\"hidden\"");
              for (String grant : grants.split("; ")) {
                Workbench.execute(
                    admin, grant.replaceFirst("(BYPASSRLS), for .* hides rows from it", "$1"));
              }
            });
    bench.backUp(address, new QuietRun());
    Workbench.execute(admin, "DROP OWNED BY " + poor, "DROP ROLE " + poor);
    Workbench.execute(admin, "DROP EVENT TRIGGER e" + suffix);
  }

  @Test
  void anExtensionThatNeedsASuperuserIsNamed() throws Exception {
    Workbench.execute(admin, "CREATE EXTENSION file_fdw");
    Manifest snapshot = bench.backUp(reader, new QuietRun());

    assertThatThrownBy(() -> bench.drill(restorer, snapshot, new QuietRun()))
        .isInstanceOf(PermanentException.class)
        .hasMessageStartingWith("role restorer" + suffix + " may not create on ")
        .hasMessageContaining("\"file_fdw\"");
  }

  @Test
  void whatOnlyASuperuserMayReadIsTold() throws Exception {
    Workbench.execute(
        admin,
        "CREATE FOREIGN DATA WRAPPER w",
        "CREATE SERVER far FOREIGN DATA WRAPPER w",
        "CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (password 'p')",
        "CREATE SUBSCRIPTION s"
            + suffix
            + " CONNECTION 'host=127.0.0.1' PUBLICATION x"
            + " WITH (connect = false, slot_name = NONE)");
    QuietRun run = new QuietRun();

    bench.backUp(reader, run);

    assertThat(run.warnings())
        .anyMatch(line -> line.startsWith("user mapping for " + database.username()))
        .anyMatch(line -> line.contains("subscriptions not dumped"));
    Workbench.execute(admin, "DROP SUBSCRIPTION s" + suffix);
  }

  @Test
  void aRestoreThatFailsLeavesNothingThoughItMadeASubscription() throws Exception {
    Workbench.execute(
        admin,
        "CREATE SUBSCRIPTION s"
            + suffix
            + " CONNECTION 'host=127.0.0.1' PUBLICATION x WITH (connect = false, slot_name = NONE)",
        "CREATE FUNCTION app.fails() RETURNS int LANGUAGE plpgsql AS"
            + " $$ BEGIN IF current_database() LIKE 'hub_restore_%' THEN RAISE 'not here'; END IF;"
            + " RETURN 1; END $$",
        "CREATE MATERIALIZED VIEW app.m AS SELECT app.fails()");
    Manifest snapshot = bench.backUp(admin, new QuietRun());
    QuietRun run = new QuietRun();

    assertThatThrownBy(
            () ->
                bench.restore(
                    new PostgresRestore.Order(admin, "never" + suffix, true, true, null),
                    snapshot,
                    run))
        .hasMessageContaining("not here");

    String scratch = "hub_restore_" + run.id().toString().replace("-", "").substring(0, 16);
    assertThat(
            Workbench.single(
                admin, "SELECT count(*) FROM pg_database WHERE datname = '" + scratch + "'"))
        .isEqualTo("0");
    Workbench.execute(admin, "DROP SUBSCRIPTION s" + suffix);
  }

  @Test
  void rolesThatARestoreNeedsAreNamedAndADrillDoesWithout() throws Exception {
    String role = "policed" + suffix;
    Workbench.execute(
        admin,
        "CREATE ROLE " + role,
        "CREATE POLICY mine ON app.t TO " + role + " USING (true)",
        "COMMENT ON POLICY mine ON app.t IS 'c'",
        "GRANT SELECT ON app.t TO " + role);
    Manifest snapshot = bench.backUp(admin, new QuietRun());
    Workbench.execute(admin, "DROP OWNED BY " + role, "DROP ROLE " + role);

    QuietRun drill = new QuietRun();
    assertThat(bench.drill(admin, snapshot, drill).leftOut())
        .containsExactly("policy mine on app.t");
    assertThat(drill.warnings()).anyMatch(line -> line.startsWith("policy mine on app.t"));
    for (boolean owners : new boolean[] {true, false}) {
      assertThatThrownBy(
              () ->
                  bench.restore(
                      new PostgresRestore.Order(admin, "never" + suffix, owners, true, null),
                      snapshot,
                      new QuietRun()))
          .isInstanceOf(PermanentException.class)
          .hasMessageContaining("lacks the roles \"" + role + "\"");
    }
    Workbench.execute(admin, "DROP EVENT TRIGGER e" + suffix);
  }

  @Test
  void aDatabaseWithoutTheSchemaPublicStaysWithout() throws Exception {
    Workbench.execute(admin, "DROP SCHEMA public");
    Manifest snapshot = bench.backUp(reader, new QuietRun());
    String copy = "bare" + suffix;
    bench.restore(
        new PostgresRestore.Order(admin, copy, false, true, null), snapshot, new QuietRun());

    assertThat(
            Workbench.single(
                admin.withDatabase(copy),
                "SELECT count(*) FROM pg_namespace WHERE nspname = 'public'"))
        .isEqualTo("0");
  }

  /** FORCE may not end the session of a superuser, nor an autovacuum worker, which is nobody's. */
  @Test
  void aScratchDatabaseIsDroppedWithoutForceWhereForceIsNotAllowed() throws Exception {
    String scratch = "hub_drill" + suffix;
    Workbench.execute(restorer, "CREATE DATABASE " + scratch);
    try (Connection superuser =
        DriverManager.getConnection(
            database.url().replace(database.name(), scratch),
            database.username(),
            database.password())) {
      assertThat(superuser.isValid(5)).isTrue();
      // What FORCE says is 42501; this is what the drop without it says of a session that stays.
      assertThatThrownBy(() -> ScratchDatabase.drop(restorer, scratch))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55006"));
    }
    ScratchDatabase.drop(restorer, scratch);
  }
}
