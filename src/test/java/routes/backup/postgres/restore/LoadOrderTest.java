package routes.backup.postgres.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.backup.postgres.Workbench;
import routes.devservices.TestStores;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/** Tables that are loaded after others, since their own checks read these. */
class LoadOrderTest {

  @TempDir Path folder;
  private final TestStores.Database database = TestStores.get().newDatabase("load order");
  private final PostgresAddress original =
      Workbench.address(database.url(), database.username(), database.password());
  private Workbench bench;

  @BeforeEach
  void workbench() {
    bench = new Workbench(folder);
  }

  @Test
  void tablesWhoseChecksReadAnotherComeBack() throws Exception {
    // Two at a time, the largest first: what is looked up comes when the first ones have failed.
    Workbench.execute(
        original,
        "CREATE TABLE lookup (code text PRIMARY KEY)",
        "INSERT INTO lookup VALUES ('x'), ('y')",
        "CREATE FUNCTION known(c text) RETURNS boolean LANGUAGE sql STABLE AS"
            + " 'SELECT EXISTS (SELECT FROM public.lookup WHERE code = c)'",
        "CREATE FUNCTION place_of(c text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS"
            + " 'DECLARE n int; BEGIN SELECT 7 INTO STRICT n FROM public.lookup WHERE code = c;"
            + " RETURN n; END'",
        "CREATE DOMAIN code AS text CHECK (public.known(VALUE))",
        "CREATE TABLE filler AS SELECT g AS id FROM generate_series(1, 9000) g");
    data("of_a_column", "c text CHECK (public.known(c))", "'x'");
    data("of_a_table", "c text, CHECK (public.known(c))", "'x'");
    data("domain", "c public.code", "'x'");
    data("domains", "c public.code[]", "ARRAY['x', 'y']::public.code[]");
    data("generated", "c text, g int GENERATED ALWAYS AS (public.place_of(c)) STORED", "'x'");
    Workbench.execute(
        original,
        "CREATE FUNCTION filled() RETURNS boolean LANGUAGE sql STABLE AS"
            + " 'SELECT EXISTS (SELECT FROM public.domain)'",
        "CREATE TABLE chained (id int, CHECK (public.filled()))",
        "INSERT INTO chained SELECT generate_series(1, 30000)");
    Manifest snapshot = bench.backUp(original, new QuietRun());

    assertThat(bench.drill(original, snapshot, new QuietRun()).rows()).isEqualTo(89_002);
  }

  private void data(String table, String columns, String value) throws SQLException {
    Workbench.execute(
        original,
        "CREATE TABLE " + table + " (id int, " + columns + ")",
        "INSERT INTO "
            + table
            + " (id, c) SELECT g, "
            + value
            + " FROM generate_series(1, 10000) g");
  }

  @Test
  void oneThatNoOtherTableHelpsFailsWithTheServersWords() throws Exception {
    Workbench.execute(
        original,
        "CREATE FUNCTION here() RETURNS boolean LANGUAGE sql STABLE AS"
            + " 'SELECT current_database() = ''"
            + database.name()
            + "'''",
        "CREATE TABLE mine (id int CONSTRAINT only_here CHECK (public.here()))",
        "INSERT INTO mine VALUES (1)",
        "CREATE TABLE other AS SELECT 1 AS id");
    Manifest snapshot = bench.backUp(original, new QuietRun());

    assertThatThrownBy(() -> bench.drill(original, snapshot, new QuietRun()))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("table public.mine: ")
        .hasMessageContaining("violates check constraint \"only_here\"");
  }
}
