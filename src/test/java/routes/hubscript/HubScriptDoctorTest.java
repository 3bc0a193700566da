package routes.hubscript;

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

  /** A Java that ends as the command line would when it asks a hub, else says what it is given. */
  @BeforeEach
  void java() throws IOException {
    Path checkout = Files.createDirectories(folder.resolve("checkout/target/cli"));
    Files.createFile(checkout.resolve("hub-cli.jar"));
    Files.createFile(checkout.resolveSibling("hub.jar"));
    copy(Path.of("hub"), folder.resolve("checkout"));
    copy(Path.of("scripts"), folder.resolve("checkout"));
    Path java =
        Files.writeString(
            Files.createDirectory(folder.resolve("bin")).resolve("java"),
            """
            #!/bin/sh
            [ "$1" != -version ] || { echo 'openjdk version "17.0.1"' >&2; exit; }
            case $* in *hub-cli.jar*) echo asked; echo 'hub: why' >&2; exit "$ASKED" ;; esac
            while [ "$1" != doctor ]; do shift; done
            echo "examined: $*"
            """);
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    environment.put("JAVA_HOME", folder.toString());
  }

  @ParameterizedTest(name = "asking ends with {0}")
  @CsvSource({"0, false", "1, false", "2, true", "3, true"})
  void aHubThatRunsIsAskedAndElseTheConfigurationOfAStartIsChecked(String code, boolean own)
      throws Exception {
    environment.put("ASKED", code);

    Ended ended = doctor();

    assertThat(ended.code()).isEqualTo(own ? 0 : Integer.parseInt(code));
    assertThat(ended.out()).isEqualTo(own ? "asked\nexamined: doctor\n" : "asked\n");
    assertThat(ended.err())
        .isEqualTo(own ? "hub: why\nhub: this is what ./hub start would use\n" : "hub: why\n");
  }

  @Test
  void withKeysOfAStartNobodyIsAsked() throws Exception {
    assertThat(doctor("--hub.id=other").out()).isEqualTo("examined: doctor --hub.id=other\n");
  }

  @Test
  void whileAHubIsStartingNoConfigurationIsLookedAt() throws Exception {
    environment.put("ASKED", "3");
    Path stores = Files.createDirectories(folder.resolve("checkout/.hub/dev"));
    try (FileChannel held =
        FileChannel.open(
            stores.resolve("devservices.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      held.lock();
      Ended starting = doctor();
      assertThat(starting.code()).isEqualTo(3);
      assertThat(starting.err()).contains("a hub is starting here; ask again once it prints its");
    }
    assertThat(doctor().out()).as("a lock that was let go").contains("examined: doctor\n");
  }

  private Ended doctor(String... keys) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("bash", folder.resolve("checkout/hub").toString(), "doctor"));
    command.addAll(List.of(keys));
    return start(command);
  }
}
