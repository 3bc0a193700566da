package routes.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A program of Prometheus' or Alertmanager's packages: of the PATH, else the file that {@code
 * HUB_<NAME>} names, else where {@code ./hub real install} puts it.
 */
final class Program {

  private static final long PATIENCE_SECONDS = 120;

  /** What it said, errors after the rest. */
  record Said(int code, String text) {}

  private final Path file;

  private Program(Path file) {
    this.file = file;
  }

  static Optional<Program> find(String name) {
    List<Path> places = new ArrayList<>();
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      places.add(Path.of(folder, name));
    }
    String named = System.getenv("HUB_" + name.toUpperCase(Locale.ROOT));
    if (named != null && !named.isBlank()) {
      places.add(Path.of(named));
    }
    places.addAll(installed(name));
    return places.stream()
        .filter(place -> Files.isRegularFile(place) && Files.isExecutable(place))
        .findFirst()
        .map(place -> new Program(place.toAbsolutePath()));
  }

  /**
   * As {@code ./hub real install} unpacks Debian's packages, each version in a folder of its own.
   */
  private static List<Path> installed(String name) {
    Path cache =
        Path.of(
            System.getenv()
                .getOrDefault(
                    "HUB_REAL_CACHE",
                    System.getProperty("user.home") + "/.cache/ml-security-hub/real"));
    if (!Files.isDirectory(cache)) {
      return List.of();
    }
    try (Stream<Path> homes = Files.list(cache)) {
      return homes.map(home -> home.resolve("usr/bin").resolve(name)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Skips the test, and says why, where there is none. */
  static Program orSkip(String name) {
    Optional<Program> found = find(name);
    Assumptions.assumeTrue(
        found.isPresent(),
        "no "
            + name
            + " on the PATH, in $HUB_"
            + name.toUpperCase(Locale.ROOT)
            + " or beside the real servers; ./hub real install brings promtool");
    return found.get();
  }

  Said run(Path folder, List<String> arguments) {
    return run(folder, Map.of(), Stream.concat(Stream.of(file.toString()), arguments.stream()));
  }

  static Said run(Path folder, Map<String, String> environment, Stream<String> command) {
    try {
      Path output = Files.createTempFile("said", ".txt");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command.toList())
                .directory(folder.toAbsolutePath().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException("no end after " + PATIENCE_SECONDS + " s");
        }
        return new Said(process.exitValue(), Files.readString(output));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
