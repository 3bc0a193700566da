package routes.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import routes.devservices.Simulators;

/**
 * Every query of every dashboard, alert and recording rule, asked of a real Prometheus that scrapes
 * the real servers, simulators of the platform's services and a hub that did its jobs. What has no
 * series is named with its reason in {@code monitoring/grafana/silent.txt}, else the test fails. An
 * alert is silent while all is well: what it looks at must be there.
 */
@Tag("real")
class QueriesRealTest {

  private static final Path SILENT = Path.of("monitoring/grafana/silent.txt");
  private static final Path DASHBOARDS = Path.of("monitoring/grafana/dashboards");
  private static final Path RULES = Path.of("monitoring/prometheus/rules");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What stands between selectors; a name before a parenthesis is a function. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"[^\"]*\"|\\[[^\\]]*]|\\b(?:by|without|on|ignoring|group_left|group_right) *\\([^)]*\\)"
              + "|(?<![\\w.])(?<name>[a-zA-Z_:][\\w:]*)(?<labels>\\{[^}]*})?(?<function> *\\()?");

  private static final Set<String> WORDS =
      Set.of(
          "and", "or", "unless", "offset", "bool", // and what may stand before a grouping:
          "sum", "avg", "min", "max", "count", "group");

  private static final Pattern LABEL_VALUES =
      Pattern.compile("label_values\\((?<series>.+), (?<label>\\w+)\\)");

  private final RealServers servers = new RealServers();
  private Simulators services;

  /** Query and, when it is an alert, no claim that it has a result now. */
  private record Query(String where, String expr, boolean silentWhenWell) {}

  @BeforeEach
  void aHubThatDidItsJobs() throws Exception {
    servers.assumeRunning(
        "hub",
        "minio", // versitygw shows Prometheus nothing
        "prometheus",
        "alertmanager",
        "mlflow",
        "jaeger",
        "postgres-exporter",
        "redis-exporter",
        "node-exporter");
    services = Simulators.start(name -> "0");
    StringBuilder targets = new StringBuilder();
    services
        .addresses()
        .forEach(
            (name, address) ->
                targets.append(
                    "- targets: ['%s']\n  labels: {service: %s}\n"
                        .formatted(address.getAuthority(), name)));
    Files.writeString(servicesFile(), targets);
    for (String[] job :
        new String[][] {
          {"backup.postgres", "source=main"},
          {"backup.drill", "source=main"},
          {"backup.verify", "source=main"},
          {"retention.snapshots", "source=main"},
          {"backup.sweep"},
          {"backup.catalogue.rebuild"},
          {"probes.run"},
        }) {
      servers.hub(Stream.concat(Stream.of("run"), Stream.of(job)).toArray(String[]::new));
    }
    Awaitility.await("two scrapes of the services, which are asked each 30 s")
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () ->
                ask("count_over_time(up{job=\"services\"}[5m]) > 1").path("result").size()
                    == Simulators.SERVICES.size());
  }

  @AfterEach
  void withoutServices() throws IOException {
    if (services != null) {
      services.close();
      Files.writeString(servicesFile(), "[]\n");
    }
  }

  private Path servicesFile() {
    return servers.file("etc/prometheus/targets/services.yml");
  }

  @Test
  void everyQueryHasSeries() throws Exception {
    Map<String, String> excused = silent();
    Map<String, Query> wanted = new LinkedHashMap<>();
    Set<String> named = new TreeSet<>();
    for (Query query : queries()) {
      Set<String> selectors = selectors(query.expr());
      named.add(query.expr());
      boolean isExcused = excused.containsKey(query.expr());
      for (String selector : selectors) {
        String name = selector.replaceFirst("\\{.*", "");
        named.add(selector);
        named.add(name);
        if (excused.containsKey(selector) || excused.containsKey(name)) {
          isExcused = true;
        } else {
          wanted.putIfAbsent(
              "last_over_time(" + selector + "[1h])", new Query(query.where(), selector, false));
        }
      }
      assertThat(ask(query.expr()).has("result")).as(query.where()).isTrue();
      if (!isExcused && !query.silentWhenWell()) {
        wanted.put(query.expr(), query);
      }
    }
    assertThat(wanted).hasSizeGreaterThan(150);
    assertThat(named).as(SILENT + " names what nobody asks").containsAll(excused.keySet());
    // A counter that began a moment ago has no rate before it was scraped twice.
    Map<String, String> without = new TreeMap<>();
    Instant patience = Instant.now().plusSeconds(90);
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(2))
        .until(
            () -> {
              without.clear();
              for (Map.Entry<String, Query> each : wanted.entrySet()) {
                if (ask(each.getKey()).path("result").isEmpty()) {
                  without.put(each.getKey(), each.getValue().where());
                }
              }
              return without.isEmpty() || Instant.now().isAfter(patience);
            });
    assertThat(without.entrySet())
        .as("queries without a series, and where they stand; if they may: %s", SILENT)
        .isEmpty();
  }

  private JsonNode ask(String query) throws IOException, InterruptedException {
    JsonNode answer =
        JSON.readTree(
            servers.get("prometheus", "/api/v1/query?query=" + RealServers.encoded(query)));
    assertThat(answer.path("status").asText())
        .as("%s: %s", query, answer.path("error").asText())
        .isEqualTo("success");
    return answer.path("data");
  }

  private static Set<Query> queries() throws IOException {
    Set<Query> all = new LinkedHashSet<>();
    for (Path file : files(DASHBOARDS)) {
      JsonNode dashboard = JSON.readTree(file.toFile());
      String name = file.getFileName().toString();
      for (JsonNode panel : dashboard.path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          if (target.has("expr")) {
            add(all, name + ", " + panel.path("title").asText(), target.path("expr").asText());
          }
        }
      }
      for (JsonNode variable : dashboard.at("/templating/list")) {
        Matcher values = LABEL_VALUES.matcher(variable.at("/query/query").asText());
        assertThat(values.matches()).as("%s, %s", name, variable).isTrue();
        add(
            all,
            name + ", variable " + variable.path("name").asText(),
            "group by (%s) (%s)".formatted(values.group("label"), values.group("series")));
      }
      for (JsonNode annotation : dashboard.at("/annotations/list")) {
        add(all, name + ", annotations", annotation.path("expr").asText());
      }
    }
    for (Path file : files(RULES)) {
      Map<String, Object> content =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
      for (Map<String, Object> group : maps(content, "groups")) {
        for (Map<String, Object> rule : maps(group, "rules")) {
          boolean alert = rule.containsKey("alert");
          all.add(
              new Query(
                  file.getFileName() + ", " + rule.get(alert ? "alert" : "record"),
                  rule.get("expr").toString().strip().replaceAll("\\s+", " "),
                  alert));
        }
      }
    }
    return all;
  }

  /** With the window that Grafana takes for scrapes each 15 s, and all of a variable's values. */
  private static void add(Set<Query> all, String where, String expr) {
    all.add(
        new Query(
            where,
            expr.replace("$__rate_interval", "1m").replaceAll("\\$(job|route|source)\\b", ".*"),
            false));
  }

  /** Series that a query reads, each with its labels. */
  private static Set<String> selectors(String expr) {
    Set<String> all = new LinkedHashSet<>();
    for (Matcher token = TOKEN.matcher(expr); token.find(); ) {
      String name = token.group("name");
      if (name != null && token.group("function") == null && !WORDS.contains(name)) {
        String labels = token.group("labels");
        all.add(labels == null ? name : name + labels);
      }
    }
    return all;
  }

  /** Query, selector or series, and why it may have none. */
  private static Map<String, String> silent() throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    for (String line : Files.readAllLines(SILENT)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split(" \\| ", 2);
        assertThat(parts).as("a query and a reason: " + line).hasSize(2);
        all.put(parts[0], parts[1]);
      }
    }
    return all;
  }

  private static Iterable<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @SuppressWarnings("unchecked")
  private static Iterable<Map<String, Object>> maps(Map<String, Object> map, String key) {
    return (Iterable<Map<String, Object>>) map.get(key);
  }
}
