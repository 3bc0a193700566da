package routes.console;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./hub} as a person or a script calls it, beside a stand-in for the hub it asks. */
abstract class HubScript {

  static final String KEY = "c2VjcmV0LW9mLXRoZS10ZXN0";
  static final String ID = "11111111-2222-3333-4444-555555555555";
  static final String SUBMIT = "POST /api/jobs/backup.drill/runs";
  static final String LOOK = "GET /api/runs/" + ID;
  static final String STREAM = LOOK + "/events";

  final Map<String, String> environment = new TreeMap<>();
  StandInHub hub;

  @TempDir Path folder;

  record Ended(int code, String out, String err) {}

  @BeforeEach
  void start() throws IOException {
    for (String tool : List.of("bash", "jq", "curl")) {
      assumeTrue(onPath(tool) != null, tool + " is not installed");
    }
    hub = new StandInHub();
    Path key = Files.writeString(folder.resolve("key"), KEY + "\n");
    environment.put("HUB_URL", hub.url() + "/");
    environment.put("HUB_API_KEY_FILE", key.toString());
    environment.put("HUB_PATIENCE", "20");
  }

  @AfterEach
  void stop() {
    if (hub != null) {
      hub.close();
    }
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

  static String runIn(String state) {
    return "{\"id\":\""
        + ID
        + "\",\"job\":\"backup.drill\",\"state\":\""
        + state
        + "\",\"attempt\":1,\"headline\":\"its headline\",\"params\":{\"source\":\"main\"},"
        + "\"progress\":{\"done\":1536,\"total\":3072,\"unit\":\"bytes\","
        + "\"detail\":\"public.orders\"}}";
  }

  static Path onPath(String tool) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(entry -> Path.of(entry, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }
}
