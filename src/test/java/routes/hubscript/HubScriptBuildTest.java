package routes.hubscript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    copy(Path.of("hub"), checkout);
    copy(Path.of("scripts"), checkout);
    copy(Path.of("pom.xml"), checkout);
    Files.createDirectories(checkout.resolve("src/main/java/routes/cli"));
    environment.put("PATH", tools + ":" + System.getenv("PATH"));
    environment.put("HUB_URL", "http://127.0.0.1:1");
    tool("mvn", "echo \"$@\" >>'" + asked + "'");
  }

  @Test
  void testLeavesTheSlowOnesOutUnlessAllAreAskedFor() throws Exception {
    assertThat(hub("test", "-Dtest=SomeTest").code()).isZero();
    assertThat(hub("test", "--all", "-Dtest=SomeTest").code()).isZero();
    assertThat(hub("test").code()).isZero();

    assertThat(Files.readAllLines(asked))
        .filteredOn(line -> line.contains(" verify"))
        .containsExactly(
            "-B -ntp -Dstyle.color=never verify -Dtest=SomeTest",
            "-B -ntp -Dstyle.color=never verify -DexcludedGroups= -Dtest=SomeTest",
            "-B -ntp -Dstyle.color=never verify");
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<excludedGroups>slow</excludedGroups>");
  }

  @Test
  void whatDidNotChangeIsBuiltOnce() throws Exception {
    buildsAndRuns();

    assertThat(hub("doctor", "--x=y").out()).isEqualTo("build 1\n");
    assertThat(hub("doctor", "--x=y").out()).isEqualTo("build 1\n");
    changeASource();
    assertThat(hub("doctor", "--x=y").out()).isEqualTo("build 2\n");
    assertThat(hub("up").out()).isEqualTo("build 3\n");
    assertThat(hub("up").out()).isEqualTo("build 3\n");
    Files.delete(checkout.resolve("src/new"));
    assertThat(hub("up").out()).isEqualTo("build 4\n");
  }

  /** Maven takes nothing away: a route file that is gone would go on being loaded. */
  @ParameterizedTest
  @ValueSource(strings = {"doctor --x=y", "up", "test"})
  void whatASourceMadeThatIsGoneIsBuiltInNoMore(String verb) throws Exception {
    buildsAndRuns();
    Path made = checkout.resolve(verb.equals("test") ? "target" : "target/app").resolve("classes");
    changeASource();
    assertThat(hub(verb.split(" ")).code()).isZero();
    Files.createDirectories(made.resolve("camel"));
    Path stale = Files.createFile(made.resolve("camel/gone.camel.yaml"));
    Files.writeString(checkout.resolve("src/new"), "changed, and nothing is gone");
    assertThat(hub(verb.split(" ")).code()).isZero();
    assertThat(stale).exists();

    Files.delete(checkout.resolve("src/new"));
    assertThat(hub(verb.split(" ")).code()).isZero();

    assertThat(stale).doesNotExist();
  }

  @Test
  void aBuildThatFailsIsTriedAgain() throws Exception {
    buildsAndRuns();
    assertThat(hub("doctor", "--x=y").out()).isEqualTo("build 1\n");
    changeASource();
    Files.createFile(checkout.resolve("fails"));
    assertThat(hub("doctor", "--x=y").code()).isNotZero();
    assertThat(hub("up").code()).isNotZero();
    Files.delete(checkout.resolve("fails"));

    assertThat(hub("doctor", "--x=y").out()).isEqualTo("build 2\n");
    assertThat(hub("up").out()).isEqualTo("build 3\n");
  }

  /** Each has what it began with to its end, whatever is built meanwhile. */
  @ParameterizedTest
  @ValueSource(strings = {"start", "up", "chaos retention"})
  void whatRunsIsNeverReplaced(String verb) throws Exception {
    buildsAndRuns();
    Files.createDirectories(checkout.resolve("src/test/java/routes/chaos"));
    Files.createFile(checkout.resolve("src/test/java/routes/chaos/RetentionChaos.java"));
    Process running = process(verb.split(" "));
    try (BufferedReader says = running.inputReader()) {
      assertThat(says.readLine()).isEqualTo("build 1");
      changeASource();

      assertThat(hub("doctor", "--x=y").out()).isEqualTo("build 2\n");
      changeASource();
      assertThat(hub("up").out()).isEqualTo("build 3\n");
      assertThat(hub("test").code()).isZero();

      running.outputWriter().append("again\n").flush();
      assertThat(says.readLine()).isEqualTo("build 1");
    } finally {
      running.destroy();
    }
    assertThat(running.waitFor(10, TimeUnit.SECONDS)).isTrue();
    hub("doctor", "--x=y");
    try (Stream<Path> copies = Files.list(checkout.resolve("target/run"))) {
      assertThat(copies).as("what ended is cleared away").hasSize(1);
    }
  }

  @Test
  void theCommandLineIsBuiltWhenItsSourcesChangedAndWithTheHub() throws Exception {
    buildsAndRuns();

    Ended first = hub("jobs");
    assertThat(first.out()).isEqualTo("build 1\n");
    assertThat(first.err()).isEqualTo("hub: builds the command line\n");
    assertThat(hub("jobs")).isEqualTo(new Ended(0, "build 1\n", ""));
    Files.writeString(checkout.resolve("src/main/java/routes/cli/Cli.java"), "changed");
    assertThat(hub("jobs").out()).isEqualTo("build 2\n");
    assertThat(hub("up").out()).isEqualTo("build 3\n");
    Files.writeString(checkout.resolve("src/main/java/routes/cli/Cli.java"), "changed again");
    assertThat(hub("up").out()).isEqualTo("build 4\n");
    assertThat(hub("jobs")).as("built with the hub").isEqualTo(new Ended(0, "build 4\n", ""));
  }

  @Test
  void buildsThatAreAskedForTogetherAreOne() throws Exception {
    buildsAndRuns();
    List<Process> together = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      together.add(process("doctor", "--x=y"));
    }
    for (Process each : together) {
      each.outputWriter().close();
      assertThat(each.inputReader().lines()).containsExactly("build 1");
    }
    assertThat(Files.readAllLines(asked)).hasSize(1);
  }

  private void changeASource() throws IOException {
    Files.writeString(checkout.resolve("src/new"), "" + System.nanoTime());
  }

  /**
   * Maven writes which build it was into all that it makes, over what lies there; Java says what it
   * runs from, again for each line it reads.
   */
  private void buildsAndRuns() throws IOException {
    tool(
        "mvn",
        """
        case $* in
          *-Dhub.target=*) to=${*##*-Dhub.target=}; to=${to%%%% *} ;;
          *) to=target ;;
        esac
        [ ! -f fails ] || exit 1
        mkdir target/building || exit 1
        echo "$@" >>'%s'
        mkdir -p $to/classes $to/test-classes
        said="build $(wc -l <'%s')"
        echo "$said" >$to/classes/build
        case $* in *outputFile*) file=${*##*outputFile=}; echo "$PWD/pom.xml" >${file%%%% *} ;; esac
        case $* in *package*) echo "$said" >$to/hub.jar ;; esac
        case $* in *jar:jar@cli*) mkdir -p $to/cli/lib; echo "$said" | tee $to/cli/lib/some.jar >$to/cli/hub-cli.jar ;; esac
        rmdir target/building
        """
            .formatted(asked, asked));
    String java =
        """
        [ "$1" != -version ] || { echo 'openjdk version "17.0.1"' >&2; exit; }
        for file; do
          case $file in
            *hub.jar | *hub-cli.jar) says=$file ;;
            *test-classes*) says=${file#*:}; says=${says%%:*}/build ;;
          esac
        done
        cat "$says"
        while read -r line; do cat "$says"; done
        """;
    environment.put("JAVA_HOME", folder.toString());
    Files.createDirectory(folder.resolve("bin"));
    tool("../bin/java", java);
    tool("../bin/javac", "exit 1");
  }

  private Ended hub(String... arguments) throws Exception {
    return start(command(arguments));
  }

  private Process process(String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command(arguments)).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private List<String> command(String... arguments) {
    return Stream.concat(
            Stream.of("bash", checkout.resolve("hub").toString()), Stream.of(arguments))
        .toList();
  }

  private void tool(String name, String script) throws IOException {
    Path file = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
