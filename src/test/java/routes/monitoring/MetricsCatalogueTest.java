package routes.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import routes.Api;
import routes.HubTest;
import routes.messaging.deadletters.DeadLetters;
import routes.telemetry.RefreshedMetrics;

/**
 * {@code monitoring/METRICS.md} is what a hub really exposes, and rules name nothing else. {@code
 * -Dhub.metrics.write=true} writes it anew.
 */
class MetricsCatalogueTest extends HubTest {

  private static final Path CATALOGUE = Path.of("monitoring/METRICS.md");
  private static final String BEGIN =
      "<!-- generated: mvn test -Dtest=MetricsCatalogueTest" + " -Dhub.metrics.write=true -->\n";
  private static final String END = "<!-- end of what is generated -->\n";

  /** The hub's own: each with an entry, each entry with a series. */
  private static final Pattern OURS = Pattern.compile("hub_\\w+");

  private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? [^ ]+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
  private static final Pattern SERIES =
      Pattern.compile("\\b(hub|hikaricp|camel|jvm|process|http_server)_\\w+");

  @Autowired private List<RefreshedMetrics> all;
  @Autowired private DeadLetters deadLetters;
  @Autowired private RedisConnectionFactory redis;

  private static final class Family {
    private String type = "";
    private String help = "";
    private final Set<String> labels = new TreeSet<>();
  }

  @Test
  void theCatalogueIsWhatIsExposed() throws IOException {
    Map<String, Family> scraped = scrape();
    String text = Files.readString(CATALOGUE);
    if (Boolean.getBoolean("hub.metrics.write")) {
      text = write(text, scraped);
    }

    Set<String> listed = new TreeSet<>(generated(text).lines().toList());
    // A star stands for what is there now and then, such as the kinds of a garbage collection.
    Set<String> entries =
        Pattern.compile("(?m)^\\| `([\\w*]+)`")
            .matcher(text)
            .results()
            .map(entry -> entry.group(1).replace("*", "\\w*"))
            .collect(Collectors.toSet());
    scraped.forEach(
        (name, family) -> {
          if (OURS.matcher(name).matches()) {
            assertThat(listed).as("METRICS.md is not up to date").contains(row(name, family));
          } else {
            assertThat(entries).as(name + " has no entry in METRICS.md").anyMatch(name::matches);
          }
        });
    assertThat(
            listed.stream()
                .map(row -> row.split("`"))
                .filter(parts -> parts.length > 1 && OURS.matcher(parts[1]).matches())
                .map(parts -> parts[1]))
        .as("entries without a series")
        .allMatch(scraped::containsKey);
  }

  @Test
  void rulesNameOnlySeriesThatThereAre() throws IOException {
    Set<String> exposed = new TreeSet<>();
    scrape()
        .forEach(
            (name, family) -> {
              exposed.add(name);
              if (family.type.equals("summary") || family.type.equals("histogram")) {
                exposed.addAll(List.of(name + "_count", name + "_sum", name + "_bucket"));
              }
            });
    String catalogue = Files.readString(CATALOGUE);

    for (RuleFile file : RuleFile.all()) {
      for (Map<String, Object> rule : file.rules()) {
        Matcher named = SERIES.matcher((String) rule.get("expr"));
        while (named.find()) {
          assertThat(exposed).as(RuleFile.name(rule)).contains(named.group());
        }
        Matcher others =
            Pattern.compile("\\b(pg|redis|node|http_requests|model|alertmanager|prometheus)_\\w+")
                .matcher((String) rule.get("expr"));
        while (others.find()) {
          assertThat(catalogue).as(RuleFile.name(rule)).contains("`" + others.group() + "`");
        }
      }
    }
  }

  private void slowCommand() {
    try (RedisConnection connection = redis.getConnection()) {
      connection.serverCommands().setConfig("slowlog-log-slower-than", "0");
      connection
          .stringCommands()
          .setEx("catalogue:key".getBytes(StandardCharsets.US_ASCII), 600, new byte[1]);
      connection.serverCommands().setConfig("slowlog-log-slower-than", "10000");
    }
  }

  private Map<String, Family> scrape() {
    ended(submit("test.echo", Map.of("text", "for the catalogue")).id());
    deadLetters.record(
        new DeadLetters.Letter(
            UUID.randomUUID().toString(), "test.port", new byte[0], "text/plain", Map.of()),
        new IllegalStateException("for the catalogue"));
    all.forEach(RefreshedMetrics::refresh);
    slowCommand();
    all.forEach(RefreshedMetrics::refresh);
    Api prometheus = new Api(managementPort, METRICS_TOKEN);
    admin().get("/api/jobs");
    String text =
        await()
            .atMost(PATIENCE)
            .until(
                () -> prometheus.get("/actuator/prometheus").http().body(),
                told ->
                    told.contains("hub_backup_age_seconds{")
                        && told.contains("hub_retention_refused{")
                        && told.contains("hub_redis_keys{")
                        && told.contains("hub_job_duration_seconds_max{"));
    Map<String, Family> families = new TreeMap<>();
    for (String line : text.split("\n")) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# HELP ")) {
        families.computeIfAbsent(words[2], n -> new Family()).help = words[3].strip();
      } else if (line.startsWith("# TYPE ")) {
        families.computeIfAbsent(words[2], n -> new Family()).type = words[3];
      } else {
        Matcher sample = SAMPLE.matcher(line);
        if (sample.matches() && sample.group(2) != null) {
          Family family = family(families, sample.group(1));
          Matcher label = LABEL.matcher(sample.group(2));
          while (label.find()) {
            family.labels.add(label.group(1));
          }
        }
      }
    }
    families.values().forEach(family -> family.labels.removeAll(Set.of("application", "le")));
    return families;
  }

  private static Family family(Map<String, Family> families, String sample) {
    Family exact = families.get(sample);
    return exact != null ? exact : families.get(sample.replaceFirst("_(bucket|count|sum)$", ""));
  }

  private static String row(String name, Family family) {
    return "| `%s` | %s | %s | %s |"
        .formatted(
            name,
            family.type,
            family.labels.isEmpty() ? "" : "`" + String.join("`, `", family.labels) + "`",
            family.help.replace("|", "\\|"));
  }

  private static String generated(String text) {
    return text.substring(text.indexOf(BEGIN) + BEGIN.length(), text.indexOf(END));
  }

  /** What earlier scrapes met beside ours stays: not every one meets all. */
  private static String write(String text, Map<String, Family> scraped) throws IOException {
    Map<String, String> rows = new TreeMap<>();
    generated(text)
        .lines()
        .filter(line -> line.startsWith("| `"))
        .filter(line -> !OURS.matcher(line.split("`")[1]).matches())
        .forEach(line -> rows.put(line.split("`")[1], line));
    scraped.forEach((name, family) -> rows.put(name, row(name, family)));
    String written =
        text.substring(0, text.indexOf(BEGIN) + BEGIN.length())
            + "\n| series | type | labels | what |\n|---|---|---|---|\n"
            + String.join("\n", rows.values())
            + "\n\n"
            + text.substring(text.indexOf(END));
    Files.writeString(CATALOGUE, written);
    return written;
  }
}
