package routes.backup.postgres.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.backup.postgres.script.Globals;
import routes.backup.postgres.script.Globals.Attribute;

/** Which roles are made, with what, and what is said of the others. */
class RolePlanTest {

  private static final RolePlan.Present PLAIN = present(false, Attribute.INHERIT);

  private static RolePlan.Present present(boolean powerful, Attribute... attributes) {
    EnumSet<Attribute> all = EnumSet.noneOf(Attribute.class);
    all.addAll(List.of(attributes));
    return new RolePlan.Present(all, -1, null, List.of(), List.of(), powerful);
  }

  private static RolePlan plan(
      String globals, boolean powers, Map<String, RolePlan.Present> present) {
    return RolePlan.of(
        Globals.parse((globals + ";\n").getBytes(StandardCharsets.UTF_8)), present, powers);
  }

  private static List<String> sql(RolePlan plan) {
    return plan.steps().stream().map(RolePlan.Step::sql).toList();
  }

  @ParameterizedTest(name = "{0}, powers={1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          LOGIN CREATEDB       | false | LOGIN, CREATEDB | ''
          NOINHERIT            | false | NOINHERIT       | ''
          SUPERUSER LOGIN      | false | LOGIN           | SUPERUSER of "a"
          CREATEROLE           | false | ''              | CREATEROLE of "a"
          REPLICATION          | false | ''              | REPLICATION of "a"
          BYPASSRLS            | false | ''              | BYPASSRLS of "a"
          SUPERUSER BYPASSRLS  | true  | SUPERUSER, BYPASSRLS | ''
          CONNECTION LIMIT 0   | false | CONNECTION LIMIT 0   | ''
          """)
  void powersAreGivenOnlyWhenAskedFor(
      String attributes, boolean powers, String given, String withheld) {
    RolePlan plan = plan("CREATE ROLE a; ALTER ROLE a WITH " + attributes, powers, Map.of());

    String made = sql(plan).get(0);
    assertThat(made).startsWith("CREATE ROLE \"a\"");
    List<String> words = given.isEmpty() ? List.of() : List.of(given.split(", "));
    assertThat(made.length())
        .isEqualTo(
            "CREATE ROLE \"a\"".length() + words.stream().mapToInt(w -> w.length() + 1).sum());
    assertThat(words).allSatisfy(word -> assertThat(made).contains(" " + word));
    assertThat(String.join(", ", plan.withheld())).isEqualTo(withheld);
  }

  @Test
  void aRoleThatIsThereIsNeverTouchedAndItsDifferencesAreTold() {
    RolePlan plan =
        plan(
            """
            CREATE ROLE a;
            ALTER ROLE a WITH LOGIN CONNECTION LIMIT 3 VALID UNTIL '2040-01-01 01:00:00+01';
            ALTER ROLE a SET search_path TO 'x', 'Y z';
            COMMENT ON ROLE a IS 'c';
            CREATE ROLE b;
            GRANT b TO a""",
            true,
            Map.of(
                "a",
                new RolePlan.Present(
                    EnumSet.of(Attribute.INHERIT, Attribute.SUPERUSER),
                    3,
                    "2040-01-01 00:00:00+00",
                    List.of("search_path=x, \"Y z\""),
                    List.of(),
                    true)));

    assertThat(sql(plan)).containsExactly("CREATE ROLE \"b\"");
    assertThat(plan.different())
        .containsExactly("\"a\" is here SUPERUSER, NOLOGIN, no member of \"b\"");
  }

  @Test
  void oneThatIsAlikeIsNotMentioned() {
    RolePlan plan =
        plan(
            "CREATE ROLE a; ALTER ROLE a SET statement_timeout TO '7s'; GRANT pg_monitor TO a",
            false,
            Map.of(
                "a",
                new RolePlan.Present(
                    EnumSet.of(Attribute.INHERIT),
                    -1,
                    "infinity",
                    List.of("statement_timeout=7s"),
                    List.of("pg_monitor"),
                    true),
                "pg_monitor",
                present(true)));

    assertThat(plan)
        .isEqualTo(new RolePlan(List.of(), List.of(), List.of(), List.of(), List.of(), List.of()));
  }

  @Test
  void whatLeadsToPowersIsNoMembershipUnlessAskedFor() {
    String globals =
        "CREATE ROLE a; CREATE ROLE b; GRANT b TO a; GRANT plain TO a;"
            + " GRANT boss TO a WITH ADMIN OPTION; GRANT gone TO a; GRANT a TO pg_monitor";
    Map<String, RolePlan.Present> there =
        Map.of("plain", PLAIN, "boss", present(true), "pg_monitor", present(true));

    RolePlan careful = plan(globals, false, there);
    assertThat(sql(careful))
        .containsExactly(
            "CREATE ROLE \"a\"",
            "CREATE ROLE \"b\"",
            "GRANT \"b\" TO \"a\"",
            "GRANT \"plain\" TO \"a\"");
    assertThat(careful.withheld()).containsExactly("membership of \"a\" in \"boss\"");
    assertThat(careful.leftOut())
        .containsExactly(
            "membership of \"a\" in \"gone\", which is not here",
            "membership of \"pg_monitor\" in \"a\": the first is not a role of the snapshot's");

    assertThat(sql(plan(globals, true, there)))
        .contains("GRANT \"boss\" TO \"a\" WITH ADMIN OPTION");
  }
}
