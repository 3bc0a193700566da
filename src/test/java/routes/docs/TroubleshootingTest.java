package routes.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import routes.cli.CliHelp;

/**
 * Whoever is on call at night types what {@code docs/troubleshooting.md} says: all of it exists.
 */
class TroubleshootingTest {

  private static final Path PAGE = Path.of("docs/troubleshooting.md");

  private final String page = read(PAGE);

  @Test
  void everyVerbIsOneOfTheHubs() {
    String help = CliHelp.all();
    Set<String> verbs = found("\\./hub ((?:real |alert )?[a-z-]+)", page);
    assertThat(verbs).hasSizeGreaterThan(10);
    for (String verb : verbs) {
      String[] words = verb.split(" ");
      String line =
          words.length == 1
              ? "(?m)^  " + verb + "\\b.*"
              : "(?m)^  " + words[0] + " ([a-z]+ \\| )*" + words[1] + "\\b.*";
      assertThat(help).as("./hub " + verb).containsPattern(line);
    }
    for (String option : found("\\./hub [^\n`|]*?(--[a-z-]+)", page)) {
      assertThat(help).as(option).contains(option);
    }
  }

  @Test
  void everySeriesIsInTheCatalogue() {
    Set<String> series =
        found("`((?:hub|pg|redis|hikaricp|logback|alertmanager)_[a-z0-9_]+)`", page);
    assertThat(series).hasSizeGreaterThan(10);
    assertThat(found("`([a-z][a-z0-9_]+)`", read(Path.of("monitoring/METRICS.md"))))
        .containsAll(series);
  }

  @Test
  void everyAlertHasItsParagraph() {
    Set<String> alerts = found("`((?:[A-Z][a-z0-9]+){2,})`", page);
    alerts.removeAll(found("\\d{3} `(\\w+)`", page)); // codes of S3
    alerts.removeIf(name -> name.endsWith("Test"));
    assertThat(alerts).hasSizeGreaterThan(10);
    assertThat(found("(?m)^### (\\w+)$", read(Path.of("monitoring/RUNBOOK.md"))))
        .containsAll(alerts);
  }

  @Test
  void everyPageAndScriptIsThere() {
    Set<String> files =
        Stream.of(
                found("((?:docs|monitoring|compose|scripts)/[\\w./-]+\\.(?:md|sh))", page),
                found("\\]\\(\\.\\./([^)#]+)", page))
            .flatMap(Set::stream)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(files).hasSizeGreaterThan(5);
    assertThat(files).allSatisfy(file -> assertThat(Path.of(file)).isRegularFile());
  }

  @Test
  void everyJobIsOneThatTheHubHas() throws IOException {
    Set<String> jobs = found("\\b((?:backup|restore|retention|buckets)\\.[a-z-]+)\\b", page);
    jobs.remove("backup.drill.url");
    String sources;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      sources =
          files
              .filter(file -> file.getFileName().toString().endsWith("Jobs.java"))
              .map(TroubleshootingTest::read)
              .collect(Collectors.joining());
    }
    assertThat(jobs).hasSizeGreaterThan(4);
    assertThat(jobs).allSatisfy(job -> assertThat(sources).contains("\"" + job + "\""));
  }

  private static Set<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
