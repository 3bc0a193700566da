package routes.hubscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./hub} as a person or a script calls it; no hub answers. */
abstract class HubScript {

  final Map<String, String> environment = new TreeMap<>();

  @TempDir Path folder;

  record Ended(int code, String out, String err) {}

  @BeforeEach
  void start() throws IOException {
    for (String tool : List.of("bash", "jq", "curl")) {
      assumeTrue(onPath(tool) != null, tool + " is not installed");
    }
    environment.put("HUB_URL", "http://127.0.0.1:1");
  }

  Ended run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", Path.of("hub").toAbsolutePath() + ""));
    command.addAll(Arrays.asList(arguments));
    return start(command);
  }

  Ended start(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** Copies a file or folder of this checkout into another one. */
  static void copy(Path from, Path checkout) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, checkout.resolve(each.toString()));
      }
    }
  }

  static Path onPath(String tool) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(entry -> Path.of(entry, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }
}
