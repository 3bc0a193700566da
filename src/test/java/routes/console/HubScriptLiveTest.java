package routes.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.Api;
import routes.HubTest;

/** {@code ./hub} and a real hub understand each other; what each says is for their own tests. */
class HubScriptLiveTest extends HubTest {

  @TempDir Path folder;

  @Test
  void aRunIsFollowedByItsStreamToItsEnd() throws Exception {
    Process process = start("run", "test.wait", "name=c");
    UUID run =
        Awaitility.await()
            .atMost(PATIENCE)
            .until(
                () ->
                    jdbc.sql(
                            "SELECT id FROM hub.job_run WHERE job = 'test.wait' AND state = 'running'"
                                + " AND params ->> 'name' = 'c'")
                        .query(UUID.class)
                        .optional()
                        .orElse(null),
                id -> id != null);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> Files.readString(folder.resolve("err")).contains("test.wait  running"));
    jobs.release("c");

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(Files.readString(folder.resolve("out"))).isEqualTo("test.wait  said c\n");
    assertThat(Files.readString(folder.resolve("err")))
        .as("how it ended is said once")
        .doesNotContain("succeeded");
    assertThat(runs.get(run).state()).isEqualTo("succeeded");
  }

  @Test
  void whatLiesInRedisIsDroppedRevokedAndWarmed() throws Exception {
    String version = UUID.randomUUID().toString();
    String user = "user-" + version;
    Api service = as("service");
    assertThat(
            service
                .send(
                    service.request(
                        "PUT",
                        "/api/predictions",
                        "{\"model\": \"fraud\", \"version\": \"%s\", \"input\": 1, \"value\": 2}"
                            .formatted(version)))
                .status())
        .isEqualTo(200);
    assertThat(
            service
                .post("/api/sessions", "{\"session\": {\"user_id\": \"%s\"}}".formatted(user))
                .status())
        .isEqualTo(201);

    assertThat(said("cache", "drop", "fraud", version)).isEqualTo("1 predictions dropped\n");
    assertThat(said("cache", "drop", "fraud", version)).isEqualTo("0 predictions dropped\n");
    assertThat(said("sessions", "revoke", user)).isEqualTo("1 sessions ended\n");
    assertThat(said("cache", "warm", "warmed", version))
        .isEqualTo("cache.warm  0 of 0 predictions made, 0 were fresh, 0 failed\n");
  }

  private String said(String... arguments) throws Exception {
    Process process = start(arguments);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("err"))).isZero();
    return Files.readString(folder.resolve("out"));
  }

  private Process start(String... arguments) throws IOException {
    String[] command = new String[arguments.length + 2];
    command[0] = "bash";
    command[1] = Path.of("hub").toAbsolutePath().toString();
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "HUB_URL",
                "http://127.0.0.1:" + port,
                "HUB_API_KEY_FILE",
                STATE.resolve("api-key").toString()));
    return builder.start();
  }
}
