package routes.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;
import routes.devservices.DevServices;
import routes.devservices.Options;

/**
 * What each benchmark begins and ends with: its options, and stores and a folder of its own.
 *
 * @param numbers options by name
 */
record Setting(DevServices services, Path folder, Map<String, Number> numbers) {

  /** A benchmark. */
  interface Bench {
    void run(Setting setting) throws Exception;
  }

  int whole(String option) {
    return numbers.get(option).intValue();
  }

  double number(String option) {
    return numbers.get(option).doubleValue();
  }

  /**
   * Reads {@code --option=number}, starts the stores, and runs. Wrong options end the JVM with 2.
   *
   * @param options with their defaults: a whole one takes 1 to 999, a double also fractions
   */
  static void run(String name, String[] args, Map<String, Number> options, Bench bench)
      throws Exception {
    Map<String, Number> numbers = read(args, options);
    if (numbers == null) {
      System.err.println(
          "hub: bench "
              + name
              + " takes "
              + options.keySet().stream()
                  .map(each -> "--" + each + "=n")
                  .collect(Collectors.joining(" and "))
              + ", not "
              + String.join(" ", args));
      System.exit(2);
    }
    ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME))
        .setLevel(ch.qos.logback.classic.Level.WARN);
    Path folder = Files.createTempDirectory("hub-bench-");
    try (DevServices services = DevServices.start(Options.forTests(folder.resolve("stores")))) {
      bench.run(new Setting(services, folder, numbers));
    } finally {
      FileSystemUtils.deleteRecursively(folder);
    }
  }

  private static Map<String, Number> read(String[] args, Map<String, Number> options) {
    Map<String, Number> numbers = new LinkedHashMap<>(options);
    for (String arg : args) {
      String[] parts = arg.split("=", 2);
      String option = parts[0].replaceFirst("^--", "");
      Number known = arg.startsWith("--") ? options.get(option) : null;
      boolean whole = known instanceof Integer;
      if (known == null
          || parts.length < 2
          || !parts[1].matches(whole ? "[1-9]\\d{0,2}" : "\\d{1,3}(\\.\\d+)?")) {
        return null;
      }
      numbers.put(option, whole ? (Number) Integer.valueOf(parts[1]) : Double.valueOf(parts[1]));
    }
    return numbers;
  }
}
