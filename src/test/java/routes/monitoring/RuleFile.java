package routes.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** One file of rules, as it stands. */
record RuleFile(String name, Map<String, Object> content) {

  static final Path PROMETHEUS = Path.of("monitoring/prometheus");

  static List<RuleFile> all() {
    return files(PROMETHEUS.resolve("rules"))
        .map(file -> new RuleFile(file.getFileName().toString(), read(file)))
        .toList();
  }

  static Stream<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, Object> read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T> T parse(String yaml) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
  }

  /** Its rules, recorded series and alerts, in their order. */
  List<Map<String, Object>> rules() {
    List<Map<String, Object>> rules = new ArrayList<>();
    for (Map<String, Object> group : list(content, "groups")) {
      rules.addAll(list(group, "rules"));
    }
    return rules;
  }

  static List<Map<String, Object>> alerts() {
    return all().stream()
        .flatMap(file -> file.rules().stream())
        .filter(rule -> rule.containsKey("alert"))
        .toList();
  }

  /** What it is called: an alert's name, or the recorded series. */
  static String name(Map<String, Object> rule) {
    return (String) (rule.containsKey("alert") ? rule.get("alert") : rule.get("record"));
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> list(Map<String, Object> map, String key) {
    return (List<Map<String, Object>>) map.get(key);
  }

  @SuppressWarnings("unchecked")
  static Map<String, String> strings(Map<String, Object> rule, String key) {
    return (Map<String, String>) rule.getOrDefault(key, Map.of());
  }
}
