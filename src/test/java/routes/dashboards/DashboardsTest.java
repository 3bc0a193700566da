package routes.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import routes.HubTest;
import routes.stores.postgres.DatabaseProperties;

/**
 * {@code monitoring/grafana}: dashboards that Grafana 12 shows without a plugin, of series there
 * are.
 */
class DashboardsTest extends HubTest {

  private static final Path FOLDER = Path.of("monitoring/grafana");
  private static final Path CATALOGUE = Path.of("monitoring/METRICS.md");
  private static final Path RULES = Path.of("monitoring/prometheus/rules");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Grafana's own of version 12; graph, singlestat, table-old, piechart and worldmap are not. */
  private static final Set<String> PANELS =
      Set.of(
          "row",
          "timeseries",
          "stat",
          "bargauge",
          "gauge",
          "table",
          "state-timeline",
          "logs",
          "barchart",
          "heatmap",
          "text");

  /** Words of PromQL that a name of a series could be taken for. */
  private static final Set<String> WORDS =
      Set.of(
          "and",
          "or",
          "unless",
          "by",
          "without",
          "on",
          "ignoring",
          "group_left",
          "group_right",
          "offset",
          "bool");

  private static final Pattern NAME = Pattern.compile("\\b[a-zA-Z_:][a-zA-Z0-9_:]*\\b");

  @Autowired private DatabaseProperties database;

  /** A dashboard and where it lies. */
  private record Dashboard(String file, JsonNode json) {

    List<JsonNode> panels() {
      List<JsonNode> all = new ArrayList<>();
      json.get("panels").forEach(all::add);
      return all;
    }

    List<JsonNode> targets() {
      List<JsonNode> all = new ArrayList<>();
      panels().forEach(panel -> panel.path("targets").forEach(all::add));
      return all;
    }
  }

  private static List<Dashboard> dashboards() {
    try (Stream<Path> files = Files.list(FOLDER.resolve("dashboards"))) {
      List<Dashboard> all = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        all.add(new Dashboard(file.getFileName().toString(), JSON.readTree(file.toFile())));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theyAreAllThereUnderNamesOfTheirOwn() {
    assertThat(dashboards().stream().map(dashboard -> dashboard.json().get("title").asText()))
        .containsExactlyInAnyOrder(
            "Platform overview", "Jobs", "Routes", "Backups and drills", "Data flows", "Stores");
    for (Dashboard dashboard : dashboards()) {
      assertThat(dashboard.file()).isEqualTo(dashboard.json().get("uid").asText() + ".json");
      assertThat(dashboard.panels().stream().map(panel -> panel.get("id").asInt()))
          .as("ids of panels")
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void theyAreWhatTheGeneratorWrites(@TempDir Path fresh) throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(entry -> Files.isExecutable(Path.of(entry, "jq"))),
        "jq is not installed");
    Process build =
        new ProcessBuilder("bash", FOLDER.resolve("build.sh").toString(), fresh.toString())
            .inheritIO()
            .start();
    assertThat(build.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(build.exitValue()).isZero();
    for (Dashboard dashboard : dashboards()) {
      assertThat(JSON.readTree(fresh.resolve(dashboard.file()).toFile()))
          .as("monitoring/grafana/build.sh was not run: " + dashboard.file())
          .isEqualTo(dashboard.json());
    }
  }

  @TestFactory
  List<DynamicTest> everyPanel() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Dashboard dashboard : dashboards()) {
      for (JsonNode panel : dashboard.panels()) {
        tests.add(
            DynamicTest.dynamicTest(
                dashboard.file() + " " + panel.get("title").asText(), () -> check(panel)));
      }
    }
    return tests;
  }

  private static void check(JsonNode panel) throws IOException {
    String sources = Files.readString(FOLDER.resolve("provisioning/datasources/hub.yaml"));
    assertThat(panel.get("type").asText()).isIn(PANELS);
    JsonNode at = panel.get("gridPos");
    assertThat(at.get("x").asInt() + at.get("w").asInt()).as("within 24 columns").isBetween(1, 24);
    if (panel.get("type").asText().equals("row")) {
      return;
    }
    assertThat(panel.get("targets")).isNotEmpty();
    for (JsonNode target : panel.get("targets")) {
      assertThat(sources)
          .contains("uid: " + target.at("/datasource/uid").asText() + "\n")
          .contains("type: " + target.at("/datasource/type").asText() + "\n");
      String expr = target.path("expr").asText();
      for (Matcher series = Pattern.compile("camel_exchanges_\\w+\\{([^}]*)}").matcher(expr);
          series.find(); ) {
        assertThat(series.group(1)).as("counted twice without it").contains("eventType=\"route\"");
      }
      assertThat(expr)
          .as("the same on every replica")
          .doesNotContainPattern(
              "sum( by \\([^)]*\\))? ?\\((hub_backup_|hub_outbox_|hub_dead_letters_waiting|hub_delivery_(waiting|lag)|hub_job_(wait|stuck|oldest))");
    }
  }

  @Test
  void everySeriesIsSomebodys() throws IOException {
    Set<String> known = new TreeSet<>();
    for (String line : Files.readAllLines(FOLDER.resolve("series.txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split("\\s+", 2);
        assertThat(parts).as("a name and who exposes it: " + line).hasSize(2);
        known.add(parts[0]);
      }
    }
    for (Matcher name = Pattern.compile("`([a-zA-Z_0-9:]+)`").matcher(Files.readString(CATALOGUE));
        name.find(); ) {
      known.add(name.group(1));
    }
    try (Stream<Path> rules = Files.list(RULES)) {
      for (Path file : rules.toList()) {
        for (Matcher name = Pattern.compile("- record: (\\S+)").matcher(Files.readString(file));
            name.find(); ) {
          known.add(name.group(1));
        }
      }
    }
    Set<String> unknown = new TreeSet<>();
    for (Dashboard dashboard : dashboards()) {
      for (JsonNode target : dashboard.targets()) {
        for (String name : series(target.path("expr").asText())) {
          if (!known.contains(name)
              && !known.contains(name.replaceFirst("_(bucket|sum|count)$", ""))) {
            unknown.add(dashboard.file() + ": " + name);
          }
        }
      }
    }
    assertThat(unknown).as("in no catalogue: monitoring/METRICS.md or series.txt").isEmpty();
  }

  /**
   * Names of series in PromQL: what is left without strings, labels, groupings, ranges and
   * functions.
   */
  private static Set<String> series(String expr) {
    String bare =
        expr.replaceAll("\"[^\"]*\"", "")
            .replaceAll("\\{[^}]*}", "")
            .replaceAll("\\[[^\\]]*]", "")
            .replaceAll("\\b(by|without|on|ignoring|group_left|group_right) *\\([^)]*\\)", "")
            .replaceAll("[a-z_0-9]+ *\\(", "(")
            .replaceAll("\\b[0-9][0-9.e]*\\b", "");
    return NAME.matcher(bare)
        .results()
        .map(match -> match.group())
        .filter(name -> !WORDS.contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyStatementRunsOnTheHubsDatabaseByGrafanasRole() throws IOException {
    String role = "grafana_" + Long.toString(System.nanoTime(), 36);
    jdbc.sql("CREATE ROLE " + role).update();
    for (String grant : statements(Path.of("compose/postgres/grafana.sql"))) {
      jdbc.sql(grant.replaceAll("\\bTO grafana\\b", "TO " + role)).update();
    }
    int asked = 0;
    for (Dashboard dashboard : dashboards()) {
      for (JsonNode target : dashboard.targets()) {
        String sql = target.path("rawSql").asText();
        if (!sql.isEmpty()) {
          asked++;
          String text =
              sql.replaceAll(
                  "\\$__timeFilter\\(([^)]*)\\)",
                  "$1 BETWEEN now() - interval '6 hours' AND now()");
          assertThat(text).doesNotContain("$");
          assertThatCode(() -> as(role, text))
              .as(dashboard.file() + ": " + sql)
              .doesNotThrowAnyException();
        }
      }
    }
    assertThat(asked).isGreaterThan(4);
    for (String secret : List.of("api_key", "ticket", "audit")) {
      assertThatCode(() -> as(role, "SELECT 1 FROM hub." + secret))
          .hasMessageContaining("permission denied");
    }
    assertThatCode(() -> as(role, "SELECT body FROM hub.dead_letter"))
        .hasMessageContaining("permission denied");
    assertThatCode(() -> as(role, "SELECT envelope FROM hub.outbox"))
        .hasMessageContaining("permission denied");
  }

  /** On a connection of its own, which goes: a role that is set would stay with a pooled one. */
  private void as(String role, String sql) {
    try (Connection connection = database.address().connect("dashboards");
        Statement statement = connection.createStatement()) {
      statement.execute("SET ROLE " + role);
      statement.executeQuery(sql).close();
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static List<String> statements(Path file) throws IOException {
    return Stream.of(Files.readString(file).replaceAll("(?m)--.*$", "").split(";"))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .toList();
  }
}
