package routes.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What {@code ./hub} asks of Maven, in a checkout of its own whose Maven notes what it is asked.
 */
class HubScriptBuildTest extends HubScript {

  private Path checkout;
  private Path tools;
  private Path asked;

  @BeforeEach
  void checkout() throws IOException {
    checkout = Files.createDirectory(folder.resolve("checkout"));
    tools = Files.createDirectory(folder.resolve("tools"));
    asked = folder.resolve("asked");
    copy(Path.of("hub"));
    copy(Path.of("scripts"));
    copy(Path.of("pom.xml"));
    Files.createDirectories(checkout.resolve("src"));
    environment.put("PATH", tools + ":" + System.getenv("PATH"));
    tool("mvn", "echo \"$@\" >>'" + asked + "'");
  }

  @Test
  void testLeavesTheSlowOnesOutUnlessAllAreAskedFor() throws Exception {
    assertThat(hub("test", "-Dtest=SomeTest").code()).isZero();
    assertThat(hub("test", "--all", "-Dtest=SomeTest").code()).isZero();
    assertThat(hub("test").code()).isZero();

    assertThat(Files.readAllLines(asked))
        .containsExactly(
            "-B -ntp verify -Dtest=SomeTest",
            "-B -ntp verify -DexcludedGroups= -Dtest=SomeTest",
            "-B -ntp verify");
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<excludedGroups>slow</excludedGroups>");
  }

  private Ended hub(String... arguments) throws Exception {
    return start(
        Stream.concat(Stream.of("bash", checkout.resolve("hub").toString()), Stream.of(arguments))
            .toList());
  }

  private void tool(String name, String script) throws IOException {
    Path file = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private void copy(Path from) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, checkout.resolve(each.toString()));
      }
    }
  }
}
