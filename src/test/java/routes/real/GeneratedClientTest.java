package routes.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.HubTest;

/**
 * What a program sees of the API that knows nothing of it but its description: a client in Python,
 * generated from {@code /api/openapi.json}.
 */
@Tag("real")
class GeneratedClientTest extends HubTest {

  @Test
  void aGeneratedClientRunsABackupReadsTheRunAndLooksAPredictionUp(@TempDir Path folder)
      throws Exception {
    Path python = python();
    Path description = folder.resolve("openapi.json");
    Files.writeString(description, admin().get("/api/openapi.json").http().body());

    String generated =
        run(
            python,
            folder,
            "",
            "-m",
            "openapi_python_client",
            "generate",
            "--path",
            description.toString(),
            "--output-path",
            folder.resolve("hub_client").toString(),
            "--meta",
            "none");
    assertThat(generated)
        .as("no operation and no type is left out")
        .doesNotContain("will not be generated", "Unable to");

    String said =
        run(
            python,
            folder,
            Files.readString(STATE.resolve("api-key")),
            Path.of("src/test/resources/clients/generated.py").toAbsolutePath().toString(),
            "http://127.0.0.1:" + port,
            "small",
            "fraud");
    assertThat(said.lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .matches("backup\\.postgres succeeded [0-9]{8}T[0-9]{6}Z-[0-9a-f]{32}"),
            line -> assertThat(line).isEqualTo("hit 0.25"));
  }

  private static String run(Path python, Path folder, String input, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.concat(Stream.of(python.toString()), Stream.of(arguments)).toList())
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "PYTHONUTF8",
                "1",
                "PYTHONPATH",
                folder.toString(),
                // The generator has its output formatted by ruff, which lies beside it.
                "PATH",
                python.getParent() + ":" + System.getenv("PATH")));
    Process process = builder.start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip();
  }

  private static Path python() throws IOException {
    Path cache =
        Path.of(
            Optional.ofNullable(System.getenv("HUB_REAL_CACHE"))
                .orElse(System.getProperty("user.home") + "/.cache/ml-security-hub/real"));
    List<Path> found = List.of();
    if (Files.isDirectory(cache)) {
      try (Stream<Path> homes = Files.list(cache)) {
        found =
            homes
                .filter(home -> home.getFileName().toString().matches("openapi-client-[0-9.]+"))
                .map(home -> home.resolve("bin/python"))
                .filter(Files::isExecutable)
                .toList();
      }
    }
    assumeTrue(
        !found.isEmpty(),
        "openapi-python-client is not installed; ./hub real install openapi-client gets it");
    return found.get(0);
  }
}
