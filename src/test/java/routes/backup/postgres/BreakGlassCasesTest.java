package routes.backup.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.backup.BreakGlassPage;
import routes.backup.postgres.restore.QuietRun;
import routes.backup.postgres.session.Sql;
import routes.devservices.TestStores;
import routes.stores.postgres.PostgresAddress;

/** Databases that the break-glass page must restore with more care than others. */
class BreakGlassCasesTest {

  @TempDir Path folder;
  private final TestStores.Database database = TestStores.get().newDatabase("glass");
  private final PostgresAddress original =
      Workbench.address(database.url(), database.username(), database.password());
  private final String copy = "copy_" + database.name();
  private final PostgresAddress restored = original.withDatabase(copy);
  private final String kept = "kept_" + database.name();
  private final String gone = "Gone \"" + database.name();
  private BreakGlassPage page;

  @BeforeEach
  void tools() throws Exception {
    page = new BreakGlassPage(folder);
  }

  @AfterEach
  void forget() throws SQLException {
    for (String role : new String[] {kept, gone}) {
      Workbench.execute(original, "DROP ROLE IF EXISTS " + Sql.name(role));
    }
  }

  private void restore() throws Exception {
    page.on(database, folder.resolve("repository"), "test", copy);
    BreakGlassPage.Ended ended = page.run();
    assertThat(ended.code()).as(ended.said()).isZero();
  }

  @Test
  void rolesThatExistStayAsTheyAreAndOthersComeBack() throws Exception {
    Path touched = folder.resolve("touched");
    String odd = Sql.name(gone);
    Workbench.execute(
        original,
        "CREATE ROLE " + kept + " NOSUPERUSER CONNECTION LIMIT 3",
        "COMMENT ON ROLE " + kept + " IS 'of then; it''s\n\\! touch " + touched + "\n;'",
        "ALTER ROLE " + kept + " SET work_mem = '5MB'",
        "CREATE ROLE " + odd + " LOGIN CREATEDB",
        "COMMENT ON ROLE " + odd + " IS 'two\nlines; and -- more'",
        "ALTER ROLE " + odd + " SET search_path = 'a;b', c",
        "GRANT pg_monitor TO " + kept,
        "GRANT pg_read_all_data TO " + odd,
        "GRANT SET ON PARAMETER log_statement TO " + kept,
        "CREATE TABLE t AS SELECT 1 AS n",
        "GRANT SELECT ON t TO " + odd);
    new Workbench(folder).backUp(original, new QuietRun());
    Workbench.execute(
        original,
        "ALTER ROLE "
            + kept
            + " SUPERUSER CONNECTION LIMIT 7 RESET work_mem"
                .replace(" RESET", "; ALTER ROLE " + kept + " RESET"),
        "COMMENT ON ROLE " + kept + " IS 'of now'",
        "REVOKE pg_monitor FROM " + kept,
        "REVOKE SET ON PARAMETER log_statement FROM " + kept,
        "REVOKE ALL ON t FROM " + odd,
        "DROP ROLE " + odd);

    restore();

    assertThat(
            Workbench.single(
                original,
                "SELECT rolsuper || ' ' || rolconnlimit || ' ' || shobj_description(oid,"
                    + " 'pg_authid') || ' ' || coalesce(rolconfig::text, 'no settings') || ' ' ||"
                    + " pg_has_role(oid, 'pg_monitor', 'member') || ' ' || (SELECT count(*) FROM"
                    + " pg_parameter_acl WHERE paracl::text LIKE '%"
                    + kept
                    + "%') FROM pg_roles WHERE rolname = '"
                    + kept
                    + "'"))
        // A superuser is a member of all.
        .isEqualTo("true 7 of now no settings true 0");
    assertThat(
            Workbench.single(
                original,
                "SELECT count(*) FROM pg_auth_members WHERE member = '" + kept + "'::regrole"))
        .isEqualTo("0");
    assertThat(
            Workbench.single(
                original,
                "SELECT rolcanlogin || ' ' || rolcreatedb || ' ' || shobj_description(oid,"
                    + " 'pg_authid') || ' ' || rolconfig::text || ' ' || pg_has_role(oid,"
                    + " 'pg_read_all_data', 'member') FROM pg_roles WHERE rolname = "
                    + Sql.literal(gone)))
        .isEqualTo("true true two\nlines; and -- more {\"search_path=\\\"a;b\\\", c\"} true");
    assertThat(
            Workbench.single(
                restored,
                "SELECT has_table_privilege(" + Sql.literal(gone) + ", 'public.t', 'SELECT')"))
        .isEqualTo("t");
    assertThat(Files.exists(touched)).isFalse();
    Workbench.execute(restored, "DROP OWNED BY " + odd);
  }

  @Test
  void partitionsByAnEnumAndTablesThatCheckOthersComeBack() throws Exception {
    Workbench.execute(
        original,
        "CREATE TYPE st AS ENUM ('new', 'open', 'done', 'dead', 'lost', 'kept')",
        "CREATE TABLE ev (id int, s st, \"odd\n\"\"name\" text) PARTITION BY HASH (s)",
        "CREATE TABLE ev0 PARTITION OF ev FOR VALUES WITH (MODULUS 3, REMAINDER 0)",
        "CREATE TABLE ev1 PARTITION OF ev FOR VALUES WITH (MODULUS 3, REMAINDER 1)",
        "CREATE TABLE ev2 PARTITION OF ev FOR VALUES WITH (MODULUS 3, REMAINDER 2)",
        "INSERT INTO ev SELECT g, (enum_range(NULL::st))[1 + g % 6], 'v' || g"
            + " FROM generate_series(1, 600) g",
        "CREATE TABLE z_lookup AS SELECT 'x' AS code",
        "CREATE FUNCTION known(c text) RETURNS boolean LANGUAGE sql STABLE AS"
            + " 'SELECT EXISTS (SELECT FROM public.z_lookup WHERE code = c)'",
        "CREATE TABLE data (c text CHECK (public.known(c)))",
        "INSERT INTO data SELECT 'x' FROM generate_series(1, 50)");
    new Workbench(folder).backUp(original, new QuietRun());

    restore();

    String content = "SELECT count(*) || md5(string_agg(ev::text, ';' ORDER BY id)) FROM ev";
    assertThat(Workbench.single(restored, content)).isEqualTo(Workbench.single(original, content));
    assertThat(Workbench.single(restored, "SELECT count(*) FROM data")).isEqualTo("50");
  }
}
