package routes.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What {@code ./hub real up} left in its folder: pids, ports and secrets. */
final class RealServers {

  private final Path home =
      Path.of(Optional.ofNullable(System.getenv("HUB_REAL_HOME")).orElse(".hub/real"))
          .toAbsolutePath();
  private static final String HUB =
      Optional.ofNullable(System.getenv("HUB_URL")).orElse("http://127.0.0.1:8080");

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  /** Skips the test, naming the server that does not run. */
  void assumeRunning(String... names) {
    for (String name : names) {
      assumeTrue(runs(name), name + " does not run; ./hub up --real starts what is installed");
    }
  }

  boolean runs(String name) {
    return pid(name) > 0;
  }

  /** Whose S3 the hub is on: {@code minio}, or {@code versitygw} where MinIO could not be had. */
  String s3() {
    try {
      return Files.readString(home.resolve("s3")).strip();
    } catch (IOException e) {
      return "minio"; // never started: a test that needs it is skipped by this name
    }
  }

  /** Names of all that run, the hub's among them. */
  List<String> running() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("run"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".pid"))
          .map(name -> name.substring(0, name.length() - 4))
          .filter(this::runs)
          .toList();
    }
  }

  /** 0 when it does not run. The file also tells when it began: a pid is used again. */
  long pid(String name) {
    try {
      String[] noted = Files.readString(home.resolve("run/" + name + ".pid")).strip().split(" ");
      String stat = Files.readString(Path.of("/proc", noted[0], "stat"));
      String began = stat.substring(stat.lastIndexOf(") ") + 2).split(" ")[19];
      return noted.length == 2 && noted[1].equals(began) ? Long.parseLong(noted[0]) : 0;
    } catch (IOException e) {
      return 0; // never started, or gone
    }
  }

  int port(String name) {
    try (Stream<String> lines = Files.lines(home.resolve("ports"))) {
      return lines
          .filter(line -> line.startsWith(name + "="))
          .mapToInt(line -> Integer.parseInt(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file or folder of it. */
  Path file(String name) {
    return home.resolve(name);
  }

  String secret(String name) throws IOException {
    return Files.readString(home.resolve("secrets/" + name)).strip();
  }

  /** All passwords and keys, each of 48 hex digits. */
  List<String> secrets() throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(home.resolve("secrets"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file).strip();
        if (text.matches("[0-9a-f]{48}")) {
          all.add(text);
        }
      }
    }
    return all;
  }

  /** The answer of a server to a GET. */
  String get(String server, String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(server) + path))
            .timeout(Duration.ofSeconds(10))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** The answer of the hub's API, with the key it made for itself. */
  String api(String path) throws IOException, InterruptedException {
    return asked(path).body();
  }

  int status(String path) throws IOException, InterruptedException {
    return asked(path).statusCode();
  }

  private HttpResponse<String> asked(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(HUB + path))
            .header(
                "Authorization",
                "Bearer " + Files.readString(home.resolve("state/api-key")).strip())
            .timeout(Duration.ofSeconds(10))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Standard output of {@code ./hub} with these arguments, which must succeed. */
  String hub(String... arguments) throws IOException, InterruptedException {
    return hub(true, arguments);
  }

  /**
   * Standard output of {@code ./hub} with these arguments.
   *
   * @param mustSucceed {@code real status} fails when any server is missing, which may be
   */
  String hub(boolean mustSucceed, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", "hub"));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile("hub", ".out");
    Path err = Files.createTempFile("hub", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().remove("HUB_STATE_DIR");
      Process process = builder.start();
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("%s ends", command).isTrue();
      if (mustSucceed) {
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();
      }
      return Files.readString(out);
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }
}
