package routes.devservices;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./hub up} as a process whose first backup fails: a role may not read a table. */
@Tag("slow")
class HubUpTest {

  private static final Pattern ADDRESS = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/api");
  private static final Pattern RUN = Pattern.compile("run ([0-9a-f-]{36}); \\./hub runs \\1 shows");

  @TempDir Path folder;

  private Path settings;
  private Path out;

  @BeforeEach
  void aSourceThatMayNotBeRead() throws Exception {
    TestStores stores = TestStores.get();
    TestStores.Database source = stores.newDatabase("up source");
    String role = source.name() + "_role";
    try (Connection connection = source.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE closed (id int)");
      statement.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'pw'");
    }
    Map<String, String> keys = new TreeMap<>(stores.properties(stores.newDatabase("up hub")));
    keys.put("hub.sources.main.url", source.url());
    keys.put("hub.sources.main.username", role);
    keys.put("hub.sources.main.password", "pw");
    keys.put("hub.repository.url", folder.resolve("repository").toUri().toString());
    keys.put("hub.state-dir", folder.resolve("state").toString());
    keys.put("server.port", "0");
    keys.put("management.server.port", "0");
    settings = folder.resolve("up.properties");
    List<String> lines = new ArrayList<>();
    keys.forEach((key, value) -> lines.add(key + "=" + value));
    Files.write(settings, lines);
    out = folder.resolve("out");
  }

  @Test
  void aFirstBackupThatFailsIsToldAndTheHubStaysUp() throws Exception {
    Process up = up();
    try {
      Awaitility.await("it tells what failed")
          .atMost(Duration.ofMinutes(3))
          .until(() -> !up.isAlive() || said().contains("the hub stays up"));
      assertThat(said())
          .containsPattern("backup\\.postgres +\\S+ +FAILED")
          .contains("GRANT SELECT ON \"public\".\"closed\"")
          .containsPattern(RUN);

      assertThat(up.waitFor(5, TimeUnit.SECONDS)).as("has ended").isFalse();
      Matcher api = ADDRESS.matcher(said());
      assertThat(api.find()).isTrue();
      HttpResponse<String> health =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(api.group(1) + "/health")).build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(health.statusCode()).isEqualTo(200);
    } finally {
      up.destroyForcibly().waitFor();
    }
  }

  @Test
  void onceEndsWithOneAndTheMessage() throws Exception {
    Process up = up("--once");
    try {
      assertThat(up.waitFor(3, TimeUnit.MINUTES)).isTrue();

      assertThat(up.exitValue()).isEqualTo(1);
      assertThat(said())
          .containsPattern("backup\\.postgres +\\S+ +FAILED")
          .contains("GRANT SELECT ON \"public\".\"closed\"")
          .contains("hub: not all of the first runs succeeded")
          .containsPattern(RUN);
    } finally {
      up.destroyForcibly().waitFor();
    }
  }

  private String said() throws Exception {
    return Files.readString(out);
  }

  private Process up(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                HubUp.class.getName(),
                "--real",
                "--spring.config.additional-location=" + settings.toUri()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().put("HUB_STATE_DIR", folder.resolve("state").toString());
    return builder.start();
  }
}
