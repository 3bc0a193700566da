package routes.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.Api;
import routes.HubTest;
import routes.devservices.TestStores;

/**
 * The clients of {@code docs/examples} as a reader would take them: straight on the hub's Redis,
 * and what they store the hub finds, and the other way round.
 */
class ExamplesTest extends HubTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> INPUTS =
      List.of(
          "{\"amount\": 12.50, \"country\": \"DE\"}",
          "{\"z\": [1e21, -0.0, 1E-7, 0.1, 123456789.125], \"a\": {\"\u20ac\": null}}",
          "\"text with \\u00e9, \\n and \\ud83d\\ude00\"",
          "[true, {}, [], 9007199254740991]",
          "[9007199254740991.0, 1e20, 1.5E30, -1.7976931348623157e308, \"1e400 9007199254740993 \\\" 1\"]");

  /** Each would have the key of another one. */
  private static final List<String> REFUSED =
      List.of(
          "9007199254740993",
          "9007199254740993.0",
          "[-9007199254740992.0]",
          "{\"a\": 9007199254740993e0}",
          "9007199254740993e1",
          "1e400",
          "1e-400",
          "{\"a\": 1, \"a\": 2}",
          "\"\\ud800\"");

  private Api service;
  private String version;

  @BeforeEach
  void aVersionOfItsOwn() {
    service = as("service");
    // What must be encoded, and what must not.
    version = "v 1~*:é_.-" + UUID.randomUUID();
  }

  private String lookup(String input, String pointer) {
    return service
        .post(
            "/api/predictions/lookup",
            "{\"model\": \"fraud\", \"load\": false, \"version\": \""
                + version
                + "\", \"input\": "
                + input
                + "}")
        .text(pointer);
  }

  private void put(String input, String value) {
    Api.Answer stored =
        service.send(
            service.request(
                "PUT",
                "/api/predictions",
                "{\"model\": \"fraud\", \"version\": \""
                    + version
                    + "\", \"input\": "
                    + input
                    + ", \"value\": "
                    + value
                    + "}"));
    assertThat(stored.status()).as(stored.toString()).isEqualTo(200);
  }

  private static String url() {
    return TestStores.get().redis().url();
  }

  @Test
  void theJavaClientSpeaksTheFormat(@TempDir Path classes) throws Exception {
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                "docs/examples/PredictionCacheClient.java");
    assertThat(compiled).isZero();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      Class<?> type = loader.loadClass("PredictionCacheClient");
      var key = type.getMethod("key", String.class, String.class, String.class);
      for (String input : INPUTS) {
        assertThat(key.invoke(null, "fraud", version, input)).isEqualTo(lookup(input, "/key"));
      }
      for (String input : REFUSED) {
        assertThat(lookup(input, "/status")).as(input).isEqualTo("400");
        assertThatThrownBy(() -> key.invoke(null, "fraud", version, input))
            .as(input)
            .isInstanceOf(InvocationTargetException.class);
      }
      Object client =
          type.getConstructor(String.class, java.time.Duration.class)
              .newInstance(url(), java.time.Duration.ofHours(1));
      try (AutoCloseable closing = (AutoCloseable) client) {
        type.getMethod("put", String.class, String.class, String.class, String.class)
            .invoke(client, "fraud", version, INPUTS.get(0), "{\"score\":0.5}");
        assertThat(lookup(INPUTS.get(0), "/value/score")).isEqualTo("0.5");
        put(INPUTS.get(1), "[1,2]");
        assertThat(
                type.getMethod("get", String.class, String.class, String.class)
                    .invoke(client, "fraud", version, INPUTS.get(1)))
            .isEqualTo("[1,2]");
      }
    }
  }

  @Test
  void thePythonClientsSpeakTheFormats() throws Exception {
    String python = python();
    for (String input : INPUTS) {
      assertThat(run(python, "prediction_cache.py", "", "key", "fraud", version, input))
          .isEqualTo(lookup(input, "/key"));
    }
    for (String input : REFUSED) {
      assertThatThrownBy(
              () -> run(python, "prediction_cache.py", "", "key", "fraud", version, input))
          .as(input)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Error");
    }
    run(
        python,
        "prediction_cache.py",
        "",
        "put",
        "fraud",
        version,
        INPUTS.get(0),
        "{\"a\": \"é\"}");
    assertThat(lookup(INPUTS.get(0), "/value/a")).isEqualTo("é");
    put(INPUTS.get(1), "[1,2]");
    assertThat(run(python, "prediction_cache.py", "", "get", "fraud", version, INPUTS.get(1)))
        .isEqualTo("[1, 2]");

    String user = "user-" + UUID.randomUUID();
    String id = run(python, "sessions.py", "{\"user_id\": \"" + user + "\"}", "create");
    assertThat(service.get("/api/sessions", "X-Session-Id", id).text("/session/user_id"))
        .isEqualTo(user);
    String made =
        service.post("/api/sessions", "{\"session\": {\"user_id\": \"" + user + "\"}}").text("/id");
    assertThat(JSON.readTree(run(python, "sessions.py", made, "get")))
        .isEqualTo(JSON.createObjectNode().put("user_id", user));
    assertThat(service.post("/api/sessions/revoke", "{\"user\": \"" + user + "\"}").text("/ended"))
        .isEqualTo("2");
    assertThat(run(python, "sessions.py", id, "get")).isEqualTo("null");

    String own = run(python, "sessions.py", "{\"user_id\": \"" + user + "\"}", "create");
    run(python, "sessions.py", own, "delete");
    assertThat(
            service
                .send(
                    service.request(
                        "PUT", "/api/sessions", "{\"session\": {}}", "X-Session-Id", own))
                .status())
        .as("the hub does not bring it back")
        .isEqualTo(409);
  }

  private static String run(String python, String example, String input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python, "docs/examples/" + example, url()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PYTHONUTF8", "1");
    Process process = builder.start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip();
  }

  /** One that has what the examples need; ./hub real install python-clients makes it. */
  private static String python() throws IOException, InterruptedException {
    List<String> candidates = new ArrayList<>();
    Path cache =
        Path.of(
            Optional.ofNullable(System.getenv("HUB_REAL_CACHE"))
                .orElse(System.getProperty("user.home") + "/.cache/ml-security-hub/real"));
    if (Files.isDirectory(cache)) {
      try (Stream<Path> homes = Files.list(cache)) {
        homes
            .filter(home -> home.getFileName().toString().matches("python-clients-[0-9.]+"))
            .map(home -> home.resolve("bin/python").toString())
            .forEach(candidates::add);
      }
    }
    candidates.add("python3");
    for (String candidate : candidates) {
      if (has(candidate)) {
        return candidate;
      }
    }
    assumeTrue(
        false,
        "no Python has redis and rfc8785; ./hub real install python-clients makes one that does");
    return null;
  }

  private static boolean has(String python) throws InterruptedException {
    try {
      return new ProcessBuilder(python, "-c", "import redis, rfc8785")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is none of that name
    }
  }
}
