package routes.hubscript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code ./hub real} without any registry or server: what it says of those that are missing, and
 * whom it leaves alone.
 */
class HubScriptRealTest extends HubScript {

  private static final Path TABLE = Path.of("scripts/real/servers.txt");

  /** The rest of a {@code go} that builds: an empty program. */
  private static final String BUILDS =
      "case \"$*\" in *install*) mkdir -p \"$GOBIN\"; for last; do :; done; last=${last%%@*}; "
          + "printf '#!/bin/sh\\n' >\"$GOBIN/${last##*/}\"; chmod 700 \"$GOBIN\"/*;; esac";

  private Path tools;

  @BeforeEach
  void home() throws IOException {
    tools = Files.createDirectory(folder.resolve("tools"));
    environment.put("PATH", tools + ":" + System.getenv("PATH"));
    environment.put("HUB_REAL_HOME", folder.resolve("home").toString());
    environment.put("HUB_REAL_CACHE", folder.resolve("cache").toString());
    environment.put("HUB_REAL_PATIENCE", "1");
  }

  @Test
  void everyServerHasOnePinnedVersionAndNoAddress() throws IOException {
    List<String> servers =
        Files.readAllLines(TABLE).stream().filter(line -> !line.startsWith("#")).toList();

    assertThat(servers)
        .hasSize(14)
        .allMatch(
            line -> line.matches("[a-z-]+ +(machine|deb|go|source|pip) +v?[0-9][^ *<>~^]* +\\S.*"),
            "name, way, version, what");
    assertThat(String.join("\n", servers)).doesNotContain("latest").doesNotContain("://");
  }

  @Test
  void statusSaysWhatIsMissingAndHowToGetIt() throws Exception {
    Ended table = run("real", "status");
    Ended json = run("real", "status", "--json");

    assertThat(table.code()).isEqualTo(1);
    assertThat(table.out().lines()).hasSize(15);
    assertThat(table.out())
        .containsPattern("minio +v\\S+ +- +- +not installed: ./hub real install");
    assertThat(json.out())
        .contains("\"server\": \"jaeger\"", "\"pid\": null", "\"status\": \"not installed");
  }

  @Test
  void aRegistryThatSaysNothingIsNamedSoonAndTheRestGoesOn() throws Exception {
    tool("go", "exec sleep 50");
    tool("apt-get", "echo 'E: there is no such package' >&2; exit 100");

    Ended ended = run("real", "install", "versitygw", "node-exporter");
    Ended status = run("real", "status");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err())
        .contains("versitygw  CANNOT BE HAD: the Go registry does not answer (nothing within 1 s)")
        .contains("node-exporter  CANNOT BE HAD: the Debian registry: E: there is no such package");
    assertThat(status.out())
        .contains("not installed: the Go registry does not answer (nothing within 1 s)")
        .contains("not installed: the Debian registry: E: there is no such package");
  }

  @Test
  void everyGoProgramIsAskedForInItsVersion() throws Exception {
    Path asked = folder.resolve("asked");
    tool("go", "echo \"$@\" >>'" + asked + "'; " + BUILDS);
    List<String[]> programs =
        Files.readAllLines(TABLE).stream()
            .filter(line -> line.matches("[a-z]+ +go .*"))
            .map(line -> line.split(" +"))
            .toList();

    for (String[] program : programs) {
      Ended ended = run("real", "install", program[0]);

      assertThat(ended.err()).contains(program[0] + "  " + program[2]);
    }
    assertThat(programs).hasSizeGreaterThan(3);
    assertThat(Files.readAllLines(asked))
        .containsAll(programs.stream().map(p -> "-C / install " + p[3] + "@" + p[2]).toList())
        .contains("-C / list -m github.com/minio/minio@" + version("minio"))
        .contains("-C / list -m github.com/versity/versitygw@" + version("versitygw"))
        .noneMatch(line -> line.matches(".*@.*@.*"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          refused     | dial tcp 127.0.0.1:1: connect: connection refused    | 3 | does not answer (connection refused)
          no name     | dial tcp: lookup x on 1.1.1.1:53: no such host       | 3 | does not answer (no such host)
          no way      | dial tcp 10.0.0.1:443: i/o timeout                   | 3 | does not answer (i/o timeout)
          handshake   | net/http: TLS handshake timeout                      | 3 | does not answer (TLS handshake timeout)
          deadline    | Get x: context deadline exceeded                     | 3 | does not answer (context deadline exceeded)
          not allowed | reading x: 403 Forbidden                             | 1 | reading x: 403 Forbidden
          unknown     | tls: failed to verify certificate: x509: unknown     | 1 | x509: unknown
          """)
  void aRegistryThatIsAwayIsToldFromOneThatRefuses(
      String name, String said, int code, String reason) throws Exception {
    postgresAndRedisAreThere();
    tool(
        "go",
        "case $* in *env*) echo http://127.0.0.1:1,direct ;; *) echo '"
            + said
            + "' >&2; exit 1; esac");

    Ended ended = run("real", "install", "minio", "mc", "versitygw");

    assertThat(ended.err()).contains(reason, "without minio mc versitygw the hub cannot run");
    assertThat(ended.code()).isEqualTo(code);
  }

  @Test
  void aBuildThatFailsIsNoSilentRegistry() throws Exception {
    postgresAndRedisAreThere();
    tool("go", "case $* in *install*) echo 'dial tcp: connection refused' >&2; exit 1; esac");

    Ended ended = run("real", "install", "minio", "mc", "versitygw");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("connection refused").doesNotContain("does not answer");
  }

  @Test
  void anyOneS3IsEnoughAndStaysTheOneThatWasBegunWith() throws Exception {
    postgresAndRedisAreThere();
    tool("go", "case $* in *install*minio*) exit 1; esac; " + BUILDS);

    Ended ended = run("real", "install", "minio", "mc", "versitygw");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("minio  CANNOT BE HAD");
    assertThat(s3Server()).isEqualTo("versitygw");
    tool("go", BUILDS);
    assertThat(run("real", "install", "minio", "mc").code()).isZero();
    assertThat(s3Server()).as("a folder that was not begun").isEqualTo("minio");
    Files.createDirectories(folder.resolve("home"));
    Files.writeString(folder.resolve("home/s3"), "versitygw\n");
    assertThat(s3Server()).as("one that was").isEqualTo("versitygw");
  }

  private String s3Server() throws Exception {
    Ended ended =
        start(
            List.of(
                "bash",
                "-c",
                "cd '%s'; source scripts/real/common.sh; s3_server"
                    .formatted(Path.of("").toAbsolutePath())));
    assertThat(ended.err()).isEmpty();
    return ended.out();
  }

  private void postgresAndRedisAreThere() throws IOException {
    tool("postgres", "echo 'postgres (PostgreSQL) 99.1'");
    for (String name : List.of("initdb", "pg_dump", "psql")) {
      tool(name, "exit 1");
    }
    tool("redis-server", "echo 'Redis server v=7.0.15 sha=0'");
  }

  private static String version(String server) throws IOException {
    return Files.readAllLines(TABLE).stream()
        .filter(line -> line.startsWith(server + " "))
        .map(line -> line.split(" +")[2])
        .findFirst()
        .orElseThrow();
  }

  @Test
  void nothingIsBegunWhenTheTimeIsOver() throws Exception {
    environment.put("HUB_REAL_LIMIT", "0");
    tool("go", "exec sleep 50");

    Ended ended = run("real", "install", "versitygw");

    assertThat(ended.err()).contains("CANNOT BE HAD", "the time for all of it was over");
  }

  @Test
  void whatIsThereIsNotBuiltAgain() throws Exception {
    Path asked = folder.resolve("asked");
    tool("go", "echo \"$@\" >>'" + asked + "'; " + BUILDS);

    Files.createDirectories(
        folder.resolve("cache/versitygw-" + version("versitygw") + "/bin/left-behind"));
    Ended first = run("real", "install", "versitygw");
    int builds = Files.readAllLines(asked).size();
    Ended second = run("real", "install", "versitygw");

    assertThat(first.err()).containsPattern("versitygw  v\\S+, \\d+ s");
    assertThat(second.err()).containsPattern("versitygw  there: v\\S+");
    assertThat(builds).isEqualTo(2);
    assertThat(Files.readAllLines(asked)).as("nobody is asked").hasSize(builds);
    assertThat(run("real", "status").out()).containsPattern("versitygw .* not running");
  }

  @Test
  void downEndsWhatWasStartedAndNoOtherThatHasItsPid() throws Exception {
    Process ours = new ProcessBuilder("setsid", "sleep", "50").start();
    Process notLeading = new ProcessBuilder("sleep", "50").start();
    Process other = new ProcessBuilder("setsid", "sleep", "50").start();
    try {
      note("redis", ours, began(ours));
      note("hub", notLeading, began(notLeading));
      note("minio", other, began(other) + 1);

      Ended ended = run("real", "down");

      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ours.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(notLeading.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(other.isAlive()).isTrue();
    } finally {
      ours.destroyForcibly();
      notLeading.destroyForcibly();
      other.destroyForcibly();
    }
  }

  private void tool(String name, String script) throws IOException {
    Path file = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private void note(String server, Process process, long began) throws IOException {
    Path run = Files.createDirectories(folder.resolve("home/run"));
    Files.writeString(run.resolve(server + ".pid"), process.pid() + " " + began + "\n");
  }

  /** Ticks after the machine's start: what comes 20th after the name in parentheses. */
  private static long began(Process process) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(") ") + 2).split(" ")[19]);
  }
}
