package routes.hubscript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When {@code .ci/run} fails, with a {@code ./hub} that answers as it is told to. */
class CiRunTest extends HubScript {

  private static final String ALL_THERE = "[{\"server\": \"jaeger\", \"status\": \"not running\"}]";

  private Path checkout;

  @BeforeEach
  void checkout() throws IOException {
    checkout = Files.createDirectories(folder.resolve("checkout/.ci")).getParent();
    Files.copy(Path.of(".ci/run"), checkout.resolve(".ci/run"));
    Files.createDirectory(checkout.resolve("scripts"));
    Files.copy(
        Path.of("scripts/network-errors.txt"), checkout.resolve("scripts/network-errors.txt"));
    Path hub =
        Files.writeString(
            checkout.resolve("hub"),
            """
            #!/bin/sh
            echo "$*" >>asked
            case "$*" in
              sbom) echo "$SBOM"; [ -z "$SBOM" ] ;;
              'real install') exit "$INSTALL" ;;
              'real status --json') echo "$STATUS"; exit 1 ;;
              'up --real') exec sleep 5 ;;
              'test --all') echo 'Tests run: 7, Failures: 0, Errors: 0, Skipped: 3'; exit "$TESTS" ;;
              'test -Dgroups=real') echo "Tests run: 5, Failures: 0, Errors: 0, Skipped: $SKIPPED" ;;
            esac
            """);
    Files.setPosixFilePermissions(hub, PosixFilePermissions.fromString("rwx------"));
    environment.put("INSTALL", "0");
    environment.put("SBOM", "");
    environment.put("STATUS", ALL_THERE);
    environment.put("TESTS", "0");
    environment.put("SKIPPED", "0");
  }

  @Test
  void allTestsRunAndWhatTheySaidLastIsSaidAtTheEnd() throws Exception {
    Ended ended = ciRun();

    assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
    assertThat(ended.out())
        .endsWith(
            """
            ./hub test --all: exit code 0, Tests run: 7, Failures: 0, Errors: 0, Skipped: 3
            ./hub test -Dgroups=real: exit code 0, Tests run: 5, Failures: 0, Errors: 0, Skipped: 0
            """);
  }

  @Test
  void testsThatFailAreTheEnd() throws Exception {
    environment.put("TESTS", "1");

    assertThat(ciRun().code()).isEqualTo(1);
    assertThat(Files.readAllLines(checkout.resolve("asked"))).containsExactly("test --all");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "transfer failed: Connection refused, 0, registry does not answer",
    "the plugin found an invalid licence, 1, Maven names no network error"
  })
  void withoutAnSbomOnlyASilentRegistryIsExcused(String said, int code, String reason)
      throws Exception {
    environment.put("SBOM", said);

    Ended ended = ciRun();

    assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(code);
    assertThat(ended.out()).contains(said, reason);
  }

  @ParameterizedTest(name = "install ends with {0}, {1}, {2} are skipped: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3 | ''                                                            | 0 | 0 | registries do not answer
          1 | ''                                                            | 0 | 1 | ''
          0 | not installed: go install x: cannot find x                    | 0 | 1 | could not be had although
          0 | not installed: the Go registry does not answer (i/o timeout)  | 2 | 0 | ''
          0 | not running                                                   | 1 | 1 | were skipped although
          0 | ok, a tool                                                    | 0 | 0 | ''
          """)
  void theRealTestsAreSkippedForSilentRegistriesOnly(
      String install, String jaeger, String skipped, int code, String said) throws Exception {
    environment.put("INSTALL", install);
    environment.put("STATUS", "[{\"server\": \"jaeger\", \"status\": \"" + jaeger + "\"}]");
    environment.put("SKIPPED", skipped);

    Ended ended = ciRun();

    assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(code);
    assertThat(ended.out()).contains(said);
  }

  private Ended ciRun() throws Exception {
    return start(List.of("bash", checkout.resolve(".ci/run").toString()));
  }
}
