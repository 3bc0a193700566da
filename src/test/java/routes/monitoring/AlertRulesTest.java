package routes.monitoring;

import static java.time.temporal.ChronoUnit.DAYS;
import static java.time.temporal.ChronoUnit.HOURS;
import static java.time.temporal.ChronoUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.cli.CliHelp;

/**
 * Alerts say how bad it is, what it means and what to do; each fires and stays silent in a test.
 */
class AlertRulesTest {

  private static final Path MONITORING = Path.of("monitoring");

  /** Of the platform's documents. */
  private static final Map<String, Integer> SERVICES =
      Map.of(
          "model-api", 8000,
          "training", 8002,
          "model-cache", 8003,
          "business-metrics", 8004,
          "analytics", 8006,
          "enterprise-dashboard-backend", 8007,
          "data-privacy", 8008,
          "tracing", 8009);

  @Test
  void eachAlertSaysHowBadItIsAndWhereItsRunbookIs() {
    List<Map<String, Object>> alerts = RuleFile.alerts();

    assertThat(alerts).hasSizeGreaterThanOrEqualTo(20);
    assertThat(alerts.stream().map(RuleFile::name)).doesNotHaveDuplicates();
    for (Map<String, Object> alert : alerts) {
      String name = RuleFile.name(alert);
      Map<String, String> annotations = RuleFile.strings(alert, "annotations");
      assertThat(RuleFile.strings(alert, "labels").get("severity"))
          .as(name)
          .isIn("critical", "warning", "info", "none");
      assertThat(annotations.keySet())
          .as(name)
          .containsExactlyInAnyOrder("summary", "description", "runbook_url");
      assertThat(annotations.values()).as(name).noneMatch(String::isBlank);
      assertThat(annotations.get("runbook_url"))
          .isEqualTo("monitoring/RUNBOOK.md#" + name.toLowerCase(Locale.ROOT));
    }
  }

  @Test
  void eachAlertHasItsParagraph() throws IOException {
    Map<String, String> paragraphs = new TreeMap<>();
    for (String part :
        Files.readString(MONITORING.resolve("RUNBOOK.md")).split("(?m)^### |^## .*$")) {
      String[] lines = part.split("\n", 2);
      if (lines[0].matches("\\w+")) {
        paragraphs.put(lines[0], lines[1]);
      }
    }

    assertThat(paragraphs.keySet())
        .isEqualTo(
            RuleFile.alerts().stream()
                .map(RuleFile::name)
                .collect(Collectors.toCollection(TreeSet::new)));
    paragraphs.forEach(
        (alert, text) ->
            assertThat(text).as(alert).contains("**What happened.**", "**Check.**", "**Do.**"));
    assertThat(paragraphs.values().stream().filter(text -> text.contains("./hub ")))
        .as("most lead to a verb of the hub")
        .hasSizeGreaterThan(paragraphs.size() * 9 / 10);
  }

  @Test
  void theRunbookNamesOnlyVerbsThatThereAre() throws IOException {
    String help = CliHelp.all();
    Matcher verbs =
        Pattern.compile("\\./hub ([a-z]+)")
            .matcher(Files.readString(MONITORING.resolve("RUNBOOK.md")));
    Set<String> named = new TreeSet<>();
    while (verbs.find()) {
      named.add(verbs.group(1));
    }

    named.remove("help");
    assertThat(named).contains("doctor", "runs", "triggers", "alert");
    assertThat(named)
        .allMatch(verb -> Pattern.compile("(?m)^  " + verb + "\\b").matcher(help).find());
  }

  @Test
  void eachAlertIsTestedFiringAndSilent() {
    Map<String, Set<String>> seen = new TreeMap<>();
    RuleFile.files(RuleFile.PROMETHEUS.resolve("tests"))
        .flatMap(file -> RuleFile.list(RuleFile.read(file), "tests").stream())
        .filter(test -> test.containsKey("alert_rule_test"))
        .flatMap(test -> RuleFile.list(test, "alert_rule_test").stream())
        .forEach(
            check ->
                seen.computeIfAbsent((String) check.get("alertname"), name -> new TreeSet<>())
                    .add(RuleFile.list(check, "exp_alerts").isEmpty() ? "silent" : "firing"));

    for (Map<String, Object> alert : RuleFile.alerts()) {
      String name = RuleFile.name(alert);
      // What always fires, and what one look decides, is silent for the series beside it.
      boolean always = name.equals("Watchdog") || !alert.containsKey("for");
      assertThat(seen.get(name)).as(name).contains("firing");
      assertThat(always || seen.get(name).contains("silent")).as(name + " silent").isTrue();
    }
  }

  @Test
  void promtoolFindsNothingWrong(@TempDir Path folder) throws IOException {
    Program promtool = Program.orSkip("promtool");
    List<String> test = new ArrayList<>(List.of("test", "rules"));
    RuleFile.files(RuleFile.PROMETHEUS.resolve("tests"))
        .forEach(file -> test.add(file.toAbsolutePath().toString()));
    Program.Said tested = promtool.run(folder, test);
    assertThat(tested.code()).as(tested.text()).isZero();

    try (Stream<Path> files = Files.walk(RuleFile.PROMETHEUS)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(RuleFile.PROMETHEUS.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    Files.createDirectory(folder.resolve("secrets"));
    for (String secret : List.of("hub-metrics-token", "minio-metrics-token")) {
      Files.writeString(folder.resolve("secrets").resolve(secret), "x");
    }
    Program.Said checked = promtool.run(folder, List.of("check", "config", "prometheus.yml"));
    assertThat(checked.code()).as(checked.text()).isZero();
  }

  /**
   * Prometheus 3 leaves out a sample that lies on the far edge of a range, which 2 takes in. A
   * range that is a millisecond shorter is either's: whichever promtool is here, the tests hold for
   * both.
   */
  @Tag("slow")
  @Test
  void theTestsHoldForRangesThatAreOpenOnTheLeft(@TempDir Path folder) throws IOException {
    Program promtool = Program.orSkip("promtool");
    Path rules = Files.createDirectory(folder.resolve("rules"));
    Pattern range = Pattern.compile("\\[(\\d+)([mhd])]");
    for (Path file : RuleFile.files(RuleFile.PROMETHEUS.resolve("rules")).toList()) {
      String shorter =
          range
              .matcher(Files.readString(file))
              .replaceAll(
                  found -> {
                    Duration whole =
                        Duration.of(
                            Long.parseLong(found.group(1)),
                            Map.of("m", MINUTES, "h", HOURS, "d", DAYS).get(found.group(2)));
                    return "[%ds999ms]".formatted(whole.toSeconds() - 1);
                  });
      Files.writeString(rules.resolve(file.getFileName()), shorter);
    }
    Files.createDirectory(folder.resolve("tests"));
    List<String> test = new ArrayList<>(List.of("test", "rules"));
    for (Path file : RuleFile.files(RuleFile.PROMETHEUS.resolve("tests")).toList()) {
      test.add(Files.copy(file, folder.resolve("tests").resolve(file.getFileName())).toString());
    }

    Program.Said tested = promtool.run(folder, test);

    assertThat(tested.code()).as(tested.text()).isZero();
  }

  @Test
  void everyJobHasItsTargetsAndTheEightServicesTheirNames() {
    Path prometheus = RuleFile.PROMETHEUS;
    Map<String, Object> configuration = RuleFile.read(prometheus.resolve("prometheus.yml"));
    Map<String, String> targets = new TreeMap<>();
    for (Map<String, Object> job : RuleFile.list(configuration, "scrape_configs")) {
      Object files = RuleFile.list(job, "file_sd_configs").get(0).get("files");
      Path file = prometheus.resolve((String) ((List<?>) files).get(0));
      assertThat(file).as((String) job.get("job_name")).exists();
      targets.put((String) job.get("job_name"), text(file));
    }

    assertThat(targets.get("postgres")).contains(":9187");
    assertThat(targets.get("redis")).contains(":9121");
    assertThat(targets.get("jaeger")).contains(":8888");
    assertThat(targets.get("hub")).contains(":8081");
    List<Map<String, Object>> services = RuleFile.parse(targets.get("services"));
    assertThat(services).hasSize(SERVICES.size());
    for (Map<String, Object> service : services) {
      String name = RuleFile.strings(service, "labels").get("service");
      assertThat(service.get("targets")).isEqualTo(List.of(name + ":" + SERVICES.get(name)));
    }
    Set<String> jobs = new TreeSet<>();
    Matcher named = Pattern.compile("job=\"([a-z]+)\"").matcher(text(prometheus.resolve("rules")));
    while (named.find()) {
      jobs.add(named.group(1));
    }
    assertThat(targets.keySet()).as("jobs that rules name").containsAll(jobs);
  }

  private static String text(Path place) {
    try {
      if (!Files.isDirectory(place)) {
        return Files.readString(place);
      }
      StringBuilder all = new StringBuilder();
      for (Path file : RuleFile.files(place).toList()) {
        all.append(Files.readString(file));
      }
      return all.toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
