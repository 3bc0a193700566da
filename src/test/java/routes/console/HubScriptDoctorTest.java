package routes.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom {@code ./hub doctor} asks: the hub that runs, or the configuration of a start. */
class HubScriptDoctorTest extends HubScript {

  private static final String ASK = "GET /api/doctor";

  /** A Java that tells what it is started with; the jar is there already. */
  @BeforeEach
  void java() throws IOException {
    Path checkout = Files.createDirectories(folder.resolve("checkout/target"));
    Files.createFile(checkout.resolve("hub.jar"));
    for (String each : new String[] {"hub", "scripts"}) {
      Files.createSymbolicLink(checkout.getParent().resolve(each), Path.of(each).toAbsolutePath());
    }
    Path java =
        Files.writeString(
            Files.createDirectory(folder.resolve("bin")).resolve("java"),
            """
            #!/bin/sh
            [ "$1" != -version ] || { echo 'openjdk version "17.0.1"' >&2; exit; }
            while [ "$1" != doctor ]; do shift; done
            echo "examined: $*"
            """);
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    environment.put("JAVA_HOME", folder.toString());
  }

  @ParameterizedTest(name = "{0} failed: exit code {1}")
  @CsvSource({"0, 0", "2, 1"})
  void aHubThatRunsIsAsked(int failed, int code) throws Exception {
    hub.on(
        ASK,
        200,
        "{\"lines\": [\"ok    java  17\", \"FAIL  x  y\\u001b\"], \"summary\": \"1 ok\", \"failed\": "
            + failed
            + "}");

    Ended ended = doctor();

    assertThat(ended.code()).as(ended.err()).isEqualTo(code);
    assertThat(ended.out()).isEqualTo("ok    java  17\nFAIL  x  y \n1 ok\n");
    assertThat(ended.err()).contains("this is what it runs with");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "401, refuses the key: who are you",
    "403, refuses the key: who are you",
    "404, is no hub"
  })
  void whereItIsNotToldTheConfigurationOfAStartIsLookedAt(int status, String why) throws Exception {
    hub.on(ASK, status, "{\"status\":" + status + ",\"detail\":\"who are you\"}");

    Ended ended = doctor();

    assertThat(ended.code()).isZero();
    assertThat(ended.out()).isEqualTo("examined: doctor\n");
    assertThat(ended.err()).contains(why, "this is what ./hub start would use");
  }

  @Test
  void withoutAHubOrAKeyAndWithKeysOfAStartItIsTheConfiguration() throws Exception {
    Ended keys = doctor("--hub.id=other");
    environment.put("HUB_URL", "http://127.0.0.1:1");
    Ended nobody = doctor();
    environment.put("HUB_API_KEY_FILE", "nowhere");
    Ended noKey = doctor();

    assertThat(keys.out()).isEqualTo("examined: doctor --hub.id=other\n");
    assertThat(nobody.out()).isEqualTo("examined: doctor\n");
    assertThat(nobody.err()).contains("no hub answers at http://127.0.0.1:1");
    assertThat(noKey.out()).isEqualTo("examined: doctor\n");
    assertThat(noKey.err()).contains("cannot read the API key in");
    assertThat(hub.asked()).isEmpty();
  }

  @Test
  void whileAHubIsStartingNoConfigurationIsLookedAt() throws Exception {
    environment.put("HUB_URL", "http://127.0.0.1:1");
    Path stores = Files.createDirectories(folder.resolve("checkout/.hub/dev"));
    try (FileChannel held =
        FileChannel.open(
            stores.resolve("devservices.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      held.lock();
      Ended starting = doctor();
      assertThat(starting.code()).isEqualTo(3);
      assertThat(starting.out()).isEmpty();
      assertThat(starting.err()).contains("a hub is starting here; ask again once it prints its");
    }
    assertThat(doctor().out()).as("a lock that was let go").isEqualTo("examined: doctor\n");
  }

  private Ended doctor(String... keys) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("bash", folder.resolve("checkout/hub").toString(), "doctor"));
    command.addAll(List.of(keys));
    return start(command);
  }
}
