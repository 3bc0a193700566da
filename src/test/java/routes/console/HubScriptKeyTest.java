package routes.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code ./hub} keeps its key to itself. */
class HubScriptKeyTest extends HubScript {

  @Test
  void theKeyIsInNobodysArgumentsOrEnvironment() throws Exception {
    Path seen = Files.createFile(folder.resolve("seen"));
    Path tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool : List.of("curl", "jq")) {
      Path standIn = tools.resolve(tool);
      Files.writeString(
          standIn,
          "#!/bin/sh\n{ printf '%s\\n' \"$0\" \"$@\"; env; } >>'"
              + seen
              + "'\nexec '"
              + onPath(tool)
              + "' \"$@\"\n");
      Files.setPosixFilePermissions(standIn, PosixFilePermissions.fromString("rwx------"));
    }
    environment.put("PATH", tools + ":" + System.getenv("PATH"));
    hub.on(SUBMIT, 202, runIn("queued")).on(LOOK, 200, runIn("succeeded"));

    assertThat(run("drill", "main").code()).isZero();

    assertThat(hub.asked()).allMatch(asked -> ("Bearer " + KEY).equals(asked.authorization()));
    assertThat(seen).content().contains("curl", "jq", "PATH=").doesNotContain(KEY);
  }

  @Test
  void aKeyFileThatIsNoneIsTwo() throws Exception {
    environment.put("HUB_API_KEY_FILE", folder.resolve("none").toString());
    Ended missing = run("jobs");
    Path odd = Files.writeString(folder.resolve("odd"), "a\"\nurl = \"http://elsewhere\n");
    environment.put("HUB_API_KEY_FILE", odd.toString());
    Ended wrong = run("jobs");

    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("cannot read the API key");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(hub.asked()).isEmpty();
  }
}
