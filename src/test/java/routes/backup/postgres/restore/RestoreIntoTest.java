package routes.backup.postgres.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.backup.postgres.Workbench;
import routes.backup.postgres.session.Sql;
import routes.devservices.TestStores;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.PermanentException;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/** A restored database in the place of one that exists: what is lost, which is nothing. */
class RestoreIntoTest {

  @TempDir static Path folder;
  private static TestStores.Database database;
  private static PostgresAddress original;
  private static Workbench bench;
  private static Manifest snapshot;
  private final String into = "Odd \"Name\" ${x} " + System.nanoTime();
  private final PostgresAddress place = original.withDatabase(into);

  @BeforeAll
  static void backUp() throws Exception {
    database = TestStores.get().newDatabase("into");
    original = Workbench.address(database.url(), database.username(), database.password());
    bench = new Workbench(folder);
    Workbench.execute(original, "CREATE TABLE mine AS SELECT generate_series(1, 9) AS id");
    snapshot = bench.backUp(original, new QuietRun());
  }

  private void make(String options) throws SQLException {
    Workbench.execute(original, "CREATE DATABASE " + Sql.name(into) + " " + options);
  }

  private PostgresRestore.Placed<PostgresLoad.Loaded> restore(
      PostgresRestore.Place how, QuietRun run) throws Exception {
    return restore(original, into, how, run);
  }

  private PostgresRestore.Placed<PostgresLoad.Loaded> restore(
      PostgresAddress server, String name, PostgresRestore.Place how, QuietRun run)
      throws Exception {
    return bench.place(
        new PostgresRestore.Order(server, name, false, true, null, how, RolesRestore.Wanted.NONE),
        snapshot,
        run);
  }

  private String rows(PostgresAddress address) throws SQLException {
    return Workbench.single(address, "SELECT count(*) FROM mine");
  }

  private String count(String like) throws SQLException {
    return Workbench.single(
        original,
        "SELECT count(*) FROM pg_database WHERE starts_with(datname, " + Sql.literal(like) + ")");
  }

  @Test
  void anEmptyOneGivesItsPlaceAndWhatItWas() throws Exception {
    String role = "owner_of_" + database.name();
    Workbench.execute(original, "CREATE ROLE " + role);
    Workbench.execute(
        original,
        "SET allow_in_place_tablespaces = on",
        "CREATE TABLESPACE space_" + database.name() + " LOCATION ''");
    make(
        "OWNER "
            + role
            + " TEMPLATE template1 CONNECTION LIMIT 50 TABLESPACE space_"
            + database.name());
    String name = Sql.name(into);
    Workbench.execute(
        original,
        "COMMENT ON DATABASE " + name + " IS 'the one'",
        "ALTER DATABASE " + name + " SET statement_timeout = '7s'",
        "ALTER ROLE " + role + " IN DATABASE " + name + " SET search_path = a, \"B c\"",
        "REVOKE CONNECT ON DATABASE " + name + " FROM PUBLIC");
    String what =
        "SELECT concat_ws(' ', pg_get_userbyid(datdba), datconnlimit, spcname, datacl,"
            + " shobj_description(d.oid, 'pg_database'), ARRAY(SELECT ROW(setrole, setconfig)"
            + " FROM pg_db_role_setting WHERE setdatabase = d.oid ORDER BY setrole))"
            + " FROM pg_database d JOIN pg_tablespace t ON t.oid = dattablespace WHERE datname = "
            + Sql.literal(into);
    String before = Workbench.single(original, what);
    try {
      PostgresRestore.Placed<PostgresLoad.Loaded> placed =
          restore(PostgresRestore.Place.EMPTY, new QuietRun());

      assertThat(placed.kept()).isNull();
      assertThat(placed.loaded().rows()).isEqualTo(9);
      assertThat(rows(place)).isEqualTo("9");
      assertThat(Workbench.single(original, what)).isEqualTo(before).contains("the one", role);
      assertThat(count(into)).as("the empty one is gone").isEqualTo("1");
    } finally {
      Workbench.execute(
          original,
          "DROP DATABASE " + name,
          "DROP TABLESPACE space_" + database.name(),
          "DROP ROLE " + role);
    }
  }

  @Test
  void whateverItHoldsIsNamedAndNothingIsDone() throws Exception {
    Map<String, String> makers = new TreeMap<>();
    makers.put("table public.t", "CREATE TABLE t (id int)");
    makers.put("view public.v", "CREATE VIEW v AS SELECT 1 AS one");
    makers.put("materialized view public.m", "CREATE MATERIALIZED VIEW m AS SELECT 1 AS one");
    makers.put("sequence public.s", "CREATE SEQUENCE s");
    makers.put("function public.f()", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    makers.put("type public.e", "CREATE TYPE e AS ENUM ('a')");
    makers.put("type public.d", "CREATE DOMAIN d AS int");
    makers.put("schema \"My schema\"", "CREATE SCHEMA \"My schema\"");
    makers.put("extension hstore", "CREATE EXTENSION hstore");
    makers.put("large object 77", "SELECT lo_create(77)");
    makers.put("publication p", "CREATE PUBLICATION p");
    makers.put("default acl", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC");
    makers.put("collation public.c", "CREATE COLLATION c FROM \"C\"");
    makers.put("cast (integer AS", "CREATE CAST (int AS xid) WITH INOUT");
    make("TEMPLATE template0");

    for (Map.Entry<String, String> maker : makers.entrySet()) {
      try (Connection connection = place.connect("test")) {
        connection.setAutoCommit(false);
        try (java.sql.Statement statement = connection.createStatement()) {
          statement.execute(maker.getValue());
          String found = contents(connection);
          assertThat(found).as(maker.getKey()).contains(maker.getKey());
        }
        connection.rollback();
        assertThat(contents(connection)).isEmpty();
      }
    }
    Workbench.execute(
        place, "CREATE TABLE old AS SELECT 1 AS id", "CREATE SCHEMA b", "CREATE EXTENSION hstore");
    for (int i = 1; i <= 6; i++) {
      Workbench.execute(place, "CREATE TABLE b.t" + i + " (id serial)");
    }

    assertThatThrownBy(() -> restore(PostgresRestore.Place.EMPTY, new QuietRun()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("params.into")
        .hasMessageContaining("extension hstore; schema b; sequence b.t1_id_seq")
        .hasMessageContaining("table b.t1, b.t2, b.t3, b.t4, b.t5 and 2 more")
        .hasMessageContaining("force=true");
    assertThat(Workbench.single(place, "SELECT id FROM old")).isEqualTo("1");
    assertThat(count("hub_restore_")).isEqualTo("0");
    Workbench.execute(original, "DROP DATABASE " + Sql.name(into));
  }

  private static String contents(Connection connection) throws SQLException {
    StringBuilder all = new StringBuilder();
    try (java.sql.Statement statement = connection.createStatement();
        java.sql.ResultSet rows =
            statement.executeQuery(routes.kernel.SqlFile.load("backup/contents"))) {
      while (rows.next()) {
        all.append(rows.getString("kind")).append(' ');
        all.append(String.join(", ", (String[]) rows.getArray("names").getArray())).append('\n');
      }
    }
    return all.toString();
  }

  @Test
  void byForceItIsKeptUnderAnotherNameAndWhoIsConnectedIsCutOff() throws Exception {
    make("");
    Workbench.execute(place, "CREATE TABLE old AS SELECT 42 AS id");
    QuietRun run = new QuietRun();
    try (Connection somebody = place.connect("somebody")) {
      PostgresRestore.GivesWay plan =
          bench
              .restore()
              .look(
                  new PostgresRestore.Order(
                      original,
                      into,
                      false,
                      true,
                      null,
                      PostgresRestore.Place.ANY,
                      RolesRestore.Wanted.NONE),
                  snapshot,
                  run);
      assertThat(plan.empty()).isFalse();
      assertThat(plan.holds()).isEqualTo("table public.old");
      assertThat(plan.sessions()).singleElement().asString().endsWith(" of " + database.username());
      assertThat(somebody.isValid(5)).as("a look cuts nobody off").isTrue();

      PostgresRestore.Placed<PostgresLoad.Loaded> placed = restore(PostgresRestore.Place.ANY, run);

      assertThat(placed.kept())
          .isEqualTo(plan.keptAs())
          .startsWith("Odd \"Name\" ${x} ")
          .endsWith("_before_" + run.id().toString().substring(0, 8));
      assertThat(somebody.isValid(5)).isFalse();
      assertThat(rows(place)).isEqualTo("9");
      assertThat(Workbench.single(original.withDatabase(placed.kept()), "SELECT id FROM old"))
          .isEqualTo("42");
      // The same run is tried again, as after a lease that was lost.
      assertThatThrownBy(() -> restore(PostgresRestore.Place.ANY, run))
          .isInstanceOf(PermanentException.class)
          .hasMessageContaining("an earlier attempt of this run");
      assertThat(rows(place)).isEqualTo("9");
      Workbench.execute(original, "DROP DATABASE " + Sql.name(placed.kept()));
    }
    Workbench.execute(original, "DROP DATABASE " + Sql.name(into));
  }

  @Test
  void whatStopsARestoreLeavesThePlaceAsItWas() throws Exception {
    make("");
    Workbench.execute(place, "CREATE TABLE old AS SELECT 42 AS id");
    QuietRun stopped =
        new QuietRun() {
          @Override
          public void confirmHeld() {
            throw new IllegalStateException("no longer ours");
          }
        };

    assertThatThrownBy(() -> restore(PostgresRestore.Place.ANY, stopped))
        .hasMessageContaining("no longer ours");

    assertThat(Workbench.single(place, "SELECT id FROM old")).isEqualTo("42");
    assertThat(count(into)).isEqualTo("1");
    assertThat(count("hub_restore_")).isEqualTo("0");
    Workbench.execute(original, "DROP DATABASE " + Sql.name(into));
  }

  @Test
  void whatIsWrittenWhileItLoadsIsNotLost() throws Exception {
    make("");
    QuietRun run =
        new QuietRun() {
          @Override
          public void confirmHeld() {
            try {
              Workbench.execute(place, "CREATE TABLE meanwhile (id int)");
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          }
        };

    assertThatThrownBy(() -> restore(PostgresRestore.Place.EMPTY, run))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("table public.meanwhile");

    assertThat(Workbench.single(place, "SELECT count(*) FROM meanwhile")).isEqualTo("0");
    assertThat(count("hub_restore_")).isEqualTo("0");
    Workbench.execute(original, "DROP DATABASE " + Sql.name(into));
  }

  @Test
  void aSessionIsFoundInTheWayBeforeAnythingIsLoaded() throws Exception {
    make("");
    QuietRun run = new QuietRun();
    try (Connection somebody = place.connect("somebody")) {
      assertThatThrownBy(() -> restore(PostgresRestore.Place.EMPTY, run))
          .isInstanceOf(PermanentException.class)
          .hasMessageContaining("somebody is connected to");
      assertThat(somebody.isValid(5)).isTrue();
    }
    assertThat(run.steps()).isEmpty();
    assertThat(count("hub_restore_")).isEqualTo("0");
    Workbench.execute(original, "DROP DATABASE " + Sql.name(into));
  }

  @Test
  void whatCannotGiveWayIsRefusedByForceToo() throws Exception {
    String subscription = "s_" + database.name();
    String plain = "plain_" + database.name();
    make("");
    Workbench.execute(
        place,
        "CREATE SUBSCRIPTION "
            + subscription
            + " CONNECTION 'host=127.0.0.1' PUBLICATION x WITH (connect = false, slot_name = NONE)");
    Workbench.execute(original, "CREATE ROLE " + plain + " LOGIN CREATEDB PASSWORD 'plain'");
    try {
      refused(original, into, "drop first: subscription " + subscription);
      Workbench.execute(place, "DROP SUBSCRIPTION " + subscription);
      refused(original, "there is no such one", "'there is no such one' does not exist");
      refused(original, "template1", "is a template");
      refused(original, original.database(), "is the one that the target's own URL names");
      assertThatThrownBy(
              () ->
                  restore(
                      Workbench.address(database.url(), plain, "plain"),
                      into,
                      PostgresRestore.Place.ANY,
                      new QuietRun()))
          .isInstanceOf(PermanentException.class)
          .hasMessageContaining("role \"" + plain + "\" may not rename database")
          .hasMessageContaining("member of the owner \"" + database.username() + "\"");
    } finally {
      Workbench.execute(original, "DROP DATABASE " + Sql.name(into), "DROP ROLE " + plain);
    }
  }

  private void refused(PostgresAddress server, String name, String why) {
    assertThatThrownBy(() -> restore(server, name, PostgresRestore.Place.ANY, new QuietRun()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("params.into")
        .hasMessageContaining(why);
  }

  @Test
  void aLongNameIsCutSoThatTheServerDoesNot() {
    QuietRun run = new QuietRun();
    for (String name : List.of("x".repeat(63), "ä".repeat(31), "😀".repeat(15))) {
      String kept = ExistingDatabase.keptAs(name, run);
      assertThat(kept.getBytes(java.nio.charset.StandardCharsets.UTF_8).length).isBetween(58, 63);
      assertThat(kept).doesNotContain("?").endsWith(run.id().toString().substring(0, 8));
    }
    assertThat(ExistingDatabase.keptAs("shop", run)).startsWith("shop_before_");
  }
}
