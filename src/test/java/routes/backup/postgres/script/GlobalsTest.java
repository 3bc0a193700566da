package routes.backup.postgres.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import routes.backup.postgres.restore.RolePlan;
import routes.backup.postgres.script.Globals.Attribute;
import routes.backup.postgres.session.Sql;

/** What pg_dumpall writes of roles is understood whole, and nothing else is. */
class GlobalsTest {

  private static final String SCRAM =
      "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy"; // salt, stored key, server key

  private static Globals parse(String text) {
    return Globals.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatPgDumpallWritesIsRead() {
    Globals globals =
        parse(
            """
            --
            -- PostgreSQL database cluster dump
            --

            \\restrict abc

            SET default_transaction_read_only = off;

            SET client_encoding = 'UTF8';
            SET standard_conforming_strings = on;

            CREATE ROLE app;
            ALTER ROLE app WITH NOSUPERUSER NOINHERIT NOCREATEROLE CREATEDB LOGIN NOREPLICATION\
             NOBYPASSRLS CONNECTION LIMIT 7 PASSWORD '%s' VALID UNTIL '2040-01-01 00:00:00+00';
            COMMENT ON ROLE app IS 'it''s; ours';
            CREATE ROLE "Odd ""Role"" ${x}";
            ALTER ROLE "Odd ""Role"" ${x}" WITH SUPERUSER INHERIT NOLOGIN;

            --
            -- User Configurations
            --

            ALTER ROLE app SET statement_timeout TO '7s';
            ALTER ROLE app SET search_path TO 'shop', 'Odd "Schema"';
            ALTER ROLE app SET "my.key" TO 'a\\b';

            GRANT app TO "Odd ""Role"" ${x}" WITH ADMIN OPTION GRANTED BY postgres;
            GRANT pg_monitor TO app WITH INHERIT FALSE, SET FALSE GRANTED BY "Odd ""Role"" ${x}";

            CREATE TABLESPACE fast OWNER app LOCATION '/fast';
            GRANT ALL ON TABLESPACE fast TO app;
            GRANT SET ON PARAMETER log_statement TO app;

            \\unrestrict abc
            """
                .formatted(SCRAM));

    assertThat(globals.roles())
        .containsExactly(
            new Globals.Role(
                "app",
                EnumSet.of(Attribute.CREATEDB, Attribute.LOGIN),
                7,
                SCRAM,
                "2040-01-01 00:00:00+00",
                List.of(
                    new Globals.Setting("statement_timeout", List.of("7s")),
                    new Globals.Setting("search_path", List.of("shop", "Odd \"Schema\"")),
                    new Globals.Setting("my.key", List.of("a\\b"))),
                "it's; ours"),
            new Globals.Role(
                "Odd \"Role\" ${x}",
                EnumSet.of(Attribute.SUPERUSER, Attribute.INHERIT),
                -1,
                null,
                null,
                List.of(),
                null));
    assertThat(globals.roles().get(0).settings().get(2).sql())
        .isEqualTo("\"my\".\"key\" TO E'a\\\\b'");
    assertThat(globals.memberships())
        .containsExactly(
            new Globals.Membership("app", "Odd \"Role\" ${x}", true, null, null),
            new Globals.Membership("pg_monitor", "app", false, false, false));
    assertThat(globals.leftOut())
        .containsExactly(
            "tablespace fast",
            "privileges on tablespace fast",
            "privileges on parameter log_statement");
    assertThat(globals.toString()).doesNotContain("SCRAM");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP ROLE app",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE USER app",
        "CREATE ROLE app SUPERUSER",
        "CREATE ROLE app; CREATE ROLE app",
        "ALTER ROLE stranger WITH LOGIN",
        "CREATE ROLE app; ALTER ROLE app RENAME TO other",
        "CREATE ROLE app; ALTER ROLE app IN DATABASE x SET a TO 'b'",
        "CREATE ROLE app; ALTER ROLE app WITH PASSWORD 'plain'",
        "CREATE ROLE app; ALTER ROLE app WITH LOGIN, SUPERUSER",
        "CREATE ROLE app; ALTER ROLE app SET a TO (SELECT 1)",
        "CREATE ROLE app; ALTER ROLE app SET a FROM CURRENT",
        "ALTER SYSTEM SET archive_command TO 'x'",
        "SET ROLE postgres",
        "SET role = 'postgres'",
        "SET standard_conforming_strings = off",
        "SET client_encoding = 'KLINGON'",
        "GRANT SELECT ON t TO app",
        "GRANT app, other TO third",
        "GRANT app TO other WITH SET MAYBE",
        "REVOKE app FROM other",
        "DO $$ BEGIN END $$",
        "SELECT pg_catalog.set_config('role', 'x', false)",
        "COPY pg_authid FROM stdin",
        "CREATE ROLE U&\"x\"",
        "COMMENT ON DATABASE x IS 'y'",
        "\\! id",
        "\\connect template1"
      })
  void whatItDoesNotWriteIsRefused(String sql) {
    String text = sql.startsWith("\\") ? sql + "\n" : sql + ";\n";
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(ScriptException.class)
        .hasMessageStartingWith("line 1: ");
  }

  @Test
  void whatIsRefusedTellsNoPassword() {
    assertThatThrownBy(() -> parse("CREATE ROLE a;\nALTER ROLE a WITH PASSWORD 'geheim';\n"))
        .hasMessageStartingWith("line 2: ")
        .hasMessageNotContaining("geheim");
    assertThatThrownBy(() -> parse("GRANT 'geheim' 'geheim';\n")).hasMessageNotContaining("geheim");
  }

  @Test
  void anotherEncodingIsRead() {
    assertThat(
            Globals.parse(
                    "SET client_encoding = 'LATIN1';\nCREATE ROLE \"Größe\";\n"
                        .getBytes(StandardCharsets.ISO_8859_1))
                .roles()
                .get(0)
                .name())
        .isEqualTo("Größe");
  }

  /** As pg_dumpall quotes; {@code standard_conforming_strings} is on there. */
  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String written(Globals globals) {
    StringBuilder sql = new StringBuilder("SET client_encoding = 'UTF8';\n");
    for (Globals.Role role : globals.roles()) {
      String name = Sql.name(role.name());
      sql.append("CREATE ROLE ").append(name).append(";\nALTER ROLE ").append(name).append(" WITH");
      for (Attribute attribute : Attribute.values()) {
        sql.append(role.attributes().contains(attribute) ? " " : " NO").append(attribute);
      }
      if (role.connectionLimit() >= 0) {
        sql.append(" CONNECTION LIMIT ").append(role.connectionLimit());
      }
      if (role.validUntil() != null) {
        sql.append(" VALID UNTIL ").append(literal(role.validUntil()));
      }
      sql.append(";\n");
      if (role.comment() != null) {
        sql.append("COMMENT ON ROLE ").append(name).append(" IS ").append(literal(role.comment()));
        sql.append(";\n");
      }
      for (Globals.Setting setting : role.settings()) {
        sql.append("ALTER ROLE ").append(name).append(" SET ").append(Sql.name(setting.name()));
        sql.append(" TO ");
        sql.append(
            setting.values().stream().map(GlobalsTest::literal).collect(Collectors.joining(", ")));
        sql.append(";\n");
      }
    }
    for (Globals.Membership one : globals.memberships()) {
      sql.append("GRANT ").append(Sql.name(one.role())).append(" TO ");
      sql.append(Sql.name(one.member())).append(one.admin() ? " WITH ADMIN OPTION" : "");
      sql.append(" GRANTED BY postgres;\n");
    }
    return sql.toString();
  }

  @Property(tries = 500)
  void whatIsWrittenIsWhatIsRead(@ForAll("globals") Globals globals) {
    assertThat(parse(written(globals))).isEqualTo(globals);
  }

  @Property(tries = 1000)
  void whateverIsDoneToItNothingButRolesComesOut(
      @ForAll("globals") Globals globals,
      @ForAll("wounds") List<String> wounds,
      @ForAll("places") List<Integer> places) {
    StringBuilder text = new StringBuilder(written(globals));
    for (int i = 0; i < wounds.size(); i++) {
      text.insert(places.get(i) % (text.length() + 1), wounds.get(i));
    }
    Globals read;
    try {
      read = parse(text.toString());
    } catch (ScriptException refused) {
      return;
    }
    // What is run is made of names and literals, each quoted: each of them is one statement, and
    // says of the role what was read of it.
    for (RolePlan.Step step : RolePlan.of(read, java.util.Map.of(), true).steps()) {
      Statements statements = new Statements();
      SqlScript script = new SqlScript(statements);
      byte[] sql = (step.sql() + ";\n").getBytes(StandardCharsets.UTF_8);
      script.feed(sql, 0, sql.length);
      script.finish();
      assertThat(statements.count).as(step.sql()).isEqualTo(1);
      assertThat(step.sql())
          .matches("(?s)(CREATE ROLE|ALTER ROLE|COMMENT ON ROLE|GRANT) \"([^\"]|\"\")+\".*");
    }
  }

  /** Counts. */
  private static final class Statements implements SqlScript.Sink {
    private int count;

    @Override
    public void statement(SqlScript.Statement statement) {
      count++;
    }

    @Override
    public void copy(SqlScript.Statement statement) {
      count = -1000;
    }

    @Override
    public void rows(byte[] source, int offset, int length) {}

    @Override
    public void endCopy() {}

    @Override
    public void connect(String database) {}

    @Override
    public void comment(String text) {}
  }

  @Provide
  Arbitrary<List<String>> wounds() {
    return Arbitraries.of(
            "'",
            "\"",
            ";",
            "\\",
            "--",
            "/*",
            "*/",
            "$$",
            "\n",
            " ",
            ",",
            "(",
            "SET ",
            "; DROP ROLE x;",
            " SUPERUSER",
            "E'",
            "U&\"",
            "\\'",
            "GRANT ",
            "\u00e9")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<Integer>> places() {
    return Arbitraries.integers().between(0, 100_000).list().ofSize(4);
  }

  @Provide
  Arbitrary<Globals> globals() {
    Arbitrary<String> text =
        Arbitraries.strings()
            .withChars("abcXYZ019_ '\"\\;$-,.\n(){}ä\u2014")
            .ofMinLength(1)
            .ofMaxLength(12);
    Arbitrary<Set<Attribute>> attributes = Arbitraries.of(Attribute.class).set();
    Arbitrary<Globals.Setting> setting =
        Combinators.combine(text, text.list().ofMinSize(1).ofMaxSize(3))
            .as((name, values) -> new Globals.Setting(name, values));
    Arbitrary<Globals.Role> role =
        Combinators.combine(
                text,
                attributes,
                Arbitraries.integers().between(-1, 50),
                text.injectNull(0.5),
                setting.list().ofMaxSize(2),
                text.injectNull(0.5))
            .as(
                (name, have, limit, until, settings, comment) ->
                    new Globals.Role(
                        name, Set.copyOf(have), limit, null, until, settings, comment));
    return role.list()
        .uniqueElements(Globals.Role::name)
        .ofMinSize(1)
        .ofMaxSize(4)
        .flatMap(
            roles ->
                Combinators.combine(
                        Arbitraries.of(roles), Arbitraries.of(roles), Arbitraries.of(true, false))
                    .as(
                        (one, other, admin) ->
                            new Globals.Membership(one.name(), other.name(), admin, null, null))
                    .list()
                    .ofMaxSize(3)
                    .map(memberships -> new Globals(roles, memberships, List.of())));
  }
}
