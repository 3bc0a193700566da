package routes.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import routes.CommitSeed;

/**
 * Any threshold, operator, window, label, name, time or word of any rule changed: a test of
 * promtool fails, and names that rule. One run changes one thing in each rule of a file at once.
 *
 * <p>In the fast tier a fifteenth of the changes, which the commit chooses.
 */
class RuleMutationTest {

  private static final int SHARES = 15;

  @TempDir private Path folder;

  @Test
  void aShareOfTheChangesOfEachRuleIsNoticed() throws Exception {
    assertNoticed((int) Math.floorMod(CommitSeed.get(), (long) SHARES), SHARES);
  }

  @Tag("slow")
  @Test
  void everyChangeOfARuleIsNoticed() throws Exception {
    assertNoticed(0, 1);
  }

  private void assertNoticed(int first, int step) throws Exception {
    Program promtool = Program.orSkip("promtool");
    List<Callable<List<String>>> batches = new ArrayList<>();
    int mutants = 0;
    for (RuleFile file : RuleFile.all()) {
      List<List<Mutants.Mutant>> perRule = file.rules().stream().map(Mutants::of).toList();
      int most = perRule.stream().mapToInt(List::size).max().orElseThrow();
      mutants += perRule.stream().mapToInt(List::size).sum();
      for (int k = first; k < most; k += step) {
        Map<String, Mutants.Mutant> batch = new LinkedHashMap<>();
        for (int rule = 0; rule < perRule.size(); rule++) {
          if (k < perRule.get(rule).size()) {
            batch.put(RuleFile.name(file.rules().get(rule)), perRule.get(rule).get(k));
          }
        }
        Path place = folder.resolve(file.name() + "-" + k);
        batches.add(() -> survivors(promtool, file, batch, place));
      }
    }

    List<String> survivors = new ArrayList<>();
    ExecutorService workers =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      for (Future<List<String>> batch : workers.invokeAll(batches)) {
        survivors.addAll(batch.get());
      }
    } finally {
      workers.shutdownNow();
    }

    assertThat(mutants).isGreaterThan(500);
    assertThat(survivors).isEmpty();
  }

  private static List<String> survivors(
      Program promtool, RuleFile file, Map<String, Mutants.Mutant> batch, Path place) {
    Path rules = write(place, file, batch);
    List<String> arguments = new ArrayList<>(List.of("test", "rules"));
    tests(file).forEach(test -> arguments.add(copy(test, place.resolve("tests")).toString()));
    String said = promtool.run(place, arguments).text();
    if (said.contains("could not parse") || said.contains("groupname:")) {
      return List.of(rules + " is not a file of rules: " + said);
    }
    List<String> survivors = new ArrayList<>();
    batch.forEach(
        (rule, mutant) -> {
          if (!Pattern.compile("(alertname: ?|rule: ?|expr: .*)" + Pattern.quote(rule) + "\\b")
              .matcher(said)
              .find()) {
            survivors.add(rule + ": " + mutant.what());
          }
        });
    return survivors;
  }

  /** The tests that look at this file of rules. */
  private static Stream<Path> tests(RuleFile file) {
    return RuleFile.files(RuleFile.PROMETHEUS.resolve("tests"))
        .filter(
            test -> {
              Object rules = RuleFile.read(test).get("rule_files");
              return ((List<?>) rules).contains("../rules/" + file.name());
            });
  }

  private static Path copy(Path test, Path into) {
    try {
      Files.createDirectories(into);
      return Files.copy(test, into.resolve(test.getFileName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path write(Path place, RuleFile file, Map<String, Mutants.Mutant> batch) {
    List<Map<String, Object>> groups = new ArrayList<>();
    for (Map<String, Object> group : RuleFile.list(file.content(), "groups")) {
      Map<String, Object> copy = new LinkedHashMap<>(group);
      copy.put(
          "rules",
          RuleFile.list(group, "rules").stream()
              .map(
                  rule -> {
                    Mutants.Mutant mutant = batch.get(RuleFile.name(rule));
                    return mutant == null ? rule : mutant.rule();
                  })
              .toList());
      groups.add(copy);
    }
    try {
      Path rules = Files.createDirectories(place.resolve("rules")).resolve(file.name());
      return Files.writeString(rules, new Yaml().dump(Map.of("groups", groups)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
