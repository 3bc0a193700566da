package routes.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The command line beside a stand-in for the hub, whose answers are known beforehand. */
abstract class CliScene {

  static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  static final String KEY = "c2VjcmV0LW9mLXRoZS10ZXN0";
  static final String ID = "11111111-2222-3333-4444-555555555555";
  static final String SUBMIT = "POST /api/jobs/backup.drill/runs";
  static final String LOOK = "GET /api/runs/" + ID;
  static final String STREAM = LOOK + "/events?after=0";

  final Map<String, String> environment = new TreeMap<>();
  int columns;
  StandInHub hub;

  @TempDir Path folder;

  record Ended(int code, String out, String err) {}

  @BeforeEach
  void start() throws IOException {
    hub = new StandInHub();
    Path key = Files.writeString(folder.resolve("key"), KEY + "\n");
    environment.put("HUB_URL", hub.url() + "/");
    environment.put("HUB_API_KEY_FILE", key.toString());
    environment.put("HUB_PATIENCE", "20");
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  Ended run(String... arguments) {
    return run(environment, columns, arguments);
  }

  static Ended run(Map<String, String> environment, int columns, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    int code = new Cli(environment, out, err, clock, columns).run(arguments);
    return new Ended(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
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
}
