package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.Covers;
import routes.jobs.ledger.Run;
import routes.jobs.runs.Runs;

/** {@code restore.postgres} with {@code into}, {@code force} and {@code globals}, by its port. */
@Covers("restore.postgres")
class RestoreIntoJobTest extends BackupSteps {

  private Map<String, Object> asked(Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(Map.of("source", "small", "target", "spare"));
    all.putAll(more);
    return all;
  }

  private Run restored(Map<String, Object> more) {
    return ended(submit("restore.postgres", asked(more)).id());
  }

  private JsonNode planned(Map<String, Object> more) {
    return succeeded(
            ended(
                runs.submit(
                        new Runs.Request(
                            "restore.postgres", asked(more), true, false, "test", null))
                    .id()))
        .summary()
        .at("/items");
  }

  private static void execute(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void whatIsThereIsToldFirstAndKeptWhenItIsForced() throws Exception {
    succeeded(run("backup.postgres", "small"));
    String into = "into_" + System.nanoTime();
    execute("postgres", "CREATE DATABASE " + into);
    execute(into, "CREATE TABLE precious AS SELECT 42 AS id");

    assertThat(restored(Map.of("into", into)).headline())
        .contains("params.into")
        .contains("is not empty, it holds table public.precious");

    JsonNode plan = planned(Map.of("into", into, "force", true, "globals", true));
    assertThat(plan.findValuesAsText("action")).containsSubsequence("restore", "replace", "keep");
    assertThat(plan.toString()).contains("table public.precious", into + "_before_");
    assertThat(databases(into + "%")).containsExactly(into);

    Run restore = succeeded(restored(Map.of("into", into, "force", true, "globals", true)));
    String kept = restore.summary().at("/kept").asText();
    assertThat(restore.headline())
        .contains("all equal, into spare/" + into)
        .contains("roles: 0 made")
        .endsWith("; what was there is " + kept);
    assertThat(restore.summary().at("/roles/created").isArray()).isTrue();
    try (Connection old = connect(kept);
        Connection now = connect(into)) {
      assertThat(single(old, "SELECT id FROM precious")).isEqualTo("42");
      assertThat(single(now, "SELECT (to_regclass('precious') IS NULL)::text")).isEqualTo("true");
    }
    execute("postgres", "DROP DATABASE " + kept);
  }

  @Test
  void aPartGoesIntoAnEmptyOne() throws Exception {
    succeeded(run("backup.postgres", "small"));
    String into = "part_" + System.nanoTime();
    execute("postgres", "CREATE DATABASE " + into);

    Run restore = succeeded(restored(Map.of("into", into, "tables", "public.accounts")));

    assertThat(restore.summary().at("/tables").asInt()).isEqualTo(1);
    assertThat(databases(into + "%")).containsExactly(into);
    try (Connection now = connect(into)) {
      assertThat(single(now, "SELECT count(*) FROM accounts")).isEqualTo("2000");
      assertThat(single(now, "SELECT (to_regclass('entries') IS NULL)::text")).isEqualTo("true");
    }
  }

  @Test
  void theHubsOwnDatabaseIsNeverReplaced() {
    succeeded(run("backup.postgres", "small"));
    String own = jdbc.sql("SELECT current_database()").query(String.class).single();

    Run restore = restored(Map.of("into", own, "force", true));

    assertThat(restore.state()).isEqualTo("failed");
    assertThat(restore.headline()).contains("params.into").contains("is this hub's own");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hub=true                           | params.database | give one of them
          database=a into=b                  | params.database | give one of them
          database=a force=true              | params.force    | is for into=
          database=a powers=true             | params.powers   | is for globals=true
          into=b force=true tables=public.t  | params.force    | copy
          """)
  void whatDoesNotFitTogetherIsRefused(String given, String parameter, String how) {
    Map<String, Object> params = new HashMap<>();
    for (String one : given.split(" ")) {
      params.put(one.split("=")[0], one.split("=")[1]);
    }

    Run restore = restored(params);

    assertThat(restore.state()).isEqualTo("failed");
    assertThat(restore.headline()).contains(parameter).contains(how);
  }
}
