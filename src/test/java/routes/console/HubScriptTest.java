package routes.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code ./hub}: what scripts build on. Exit codes, what goes where, and where the key does not.
 */
class HubScriptTest {

  private static final String KEY = "c2VjcmV0LW9mLXRoZS10ZXN0";
  private static final String ID = "11111111-2222-3333-4444-555555555555";
  private static final String SUBMIT = "POST /api/jobs/backup.drill/runs";
  private static final String LOOK = "GET /api/runs/" + ID;
  private static final String STREAM = LOOK + "/events";

  private final Map<String, String> environment = new TreeMap<>();
  private StandInHub hub;

  @TempDir Path folder;

  private record Ended(int code, String out, String err) {}

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

  @Test
  void helpListsEveryVerb() throws Exception {
    Ended ended = run("help");

    assertThat(ended.code()).isZero();
    assertThat(ended.out())
        .contains("up", "test", "start", "doctor", "jobs", "run <job>", "runs <id>", "cancel <id>")
        .contains("snapshots", "restore", "verify", "drill", "triggers", "pause", "resume")
        .contains("retention <source>", "sweep", "hold <source>", "release <source>", "copy <copy>")
        .contains("bench backup", "chaos backup", "chaos retention", "diff <source>")
        .contains("table <source> <schema.table>", "[schemas=a,b] [tables=a.b,c.d]")
        .contains("exit codes");
  }

  @ParameterizedTest(name = "./hub {0}")
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "jobs extra",
        "jobs --unknown",
        "run",
        "run backup.drill source",
        "run backup.drill =x",
        "restore main dev",
        "restore main dev copy latest more",
        "drill",
        "verify",
        "diff main",
        "table main",
        "table main public.a --csv --sql",
        "runs --limit",
        "runs a b",
        "cancel",
        "pause not-a-trigger-id",
        "retention",
        "sweep main",
        "hold main latest",
        "hold main latest audit by=me",
        "release main latest audit reason=x",
        "chaos",
        "chaos no-such",
        "chaos ../x",
      })
  void wrongUsageIsTwoAndAsksNobody(String arguments) throws Exception {
    Ended ended = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).isNotEmpty();
    assertThat(hub.asked()).isEmpty();
  }

  @ParameterizedTest(name = "a run that {0} is {1}")
  @CsvSource({"succeeded, 0", "failed, 1", "cancelled, 1", "skipped, 1"})
  void aRunsEndIsTheExitCode(String state, int code) throws Exception {
    hub.on(SUBMIT, 202, runIn("queued"))
        .on(LOOK, 200, runIn("running"))
        .on(LOOK, 200, runIn(state));

    Ended ended = run("drill", "main");

    assertThat(ended.code()).isEqualTo(code);
    assertThat(code == 0 ? ended.out() : ended.err()).contains("its headline");
    assertThat(ended.err()).contains("running  1.5 KiB (50 %)  public.orders");
    assertThat(hub.asked().get(0).body()).isEqualTo("{\"source\":\"main\"}");
    assertThat(hub.asked()).allMatch(asked -> ("Bearer " + KEY).equals(asked.authorization()));
  }

  @Test
  void aTableIsWrittenAsItComesAndAPartOfItFails() throws Exception {
    String path = "GET /api/snapshots/main/latest/tables/public.a%20b?format=sql";
    hub.on(path, 200, "COPY\n")
        .on(path, StandInHub.CUT, "")
        .on(path, 404, "{\"detail\":\"there is no such table\"}");

    Ended whole = run("table", "main", "public.a b", "--sql");
    Ended part = run("table", "main", "public.a b", "--sql");
    Ended none = run("table", "main", "public.a b", "--sql");

    assertThat(whole.code()).isZero();
    assertThat(whole.out()).isEqualTo("COPY\n");
    assertThat(part.code()).isEqualTo(1);
    assertThat(part.err()).contains("is not the whole");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("there is no such table");
  }

  @Test
  void aHubThatRestartsDoesNotTurnAGreenRunRed() throws Exception {
    hub.on(SUBMIT, StandInHub.CUT, "")
        .on(SUBMIT, 503, "")
        .on(SUBMIT, 202, runIn("queued"))
        .on(LOOK, 200, runIn("running"))
        .on(LOOK, StandInHub.CUT, "")
        .on(LOOK, 503, "{\"detail\":\"the database does not answer\"}")
        .on(LOOK, 200, runIn("succeeded"));

    Ended ended = run("drill", "main");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(hub.asked().stream().filter(asked -> asked.what().equals(SUBMIT)))
        .hasSize(3)
        .extracting(StandInHub.Asked::idempotencyKey)
        .as("a repeat finds the first one's run")
        .doesNotContainNull()
        .containsOnly(hub.asked().get(0).idempotencyKey());
    assertThat(hub.asked().stream().filter(asked -> asked.what().equals(LOOK)))
        .extracting(StandInHub.Asked::idempotencyKey)
        .containsOnlyNulls();
  }

  @Test
  void aRunIsFollowedByItsStreamWithoutPolling() throws Exception {
    hub.on(SUBMIT, 202, runIn("queued"))
        .on(STREAM, 200, stream(10, 11, 12, 55, 56))
        .on(LOOK, 200, runIn("succeeded"));

    Ended ended = run("drill", "main");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(hub.asked())
        .extracting(StandInHub.Asked::what)
        .containsExactly(SUBMIT, STREAM, LOOK);
    assertThat(hub.asked()).allMatch(asked -> ("Bearer " + KEY).equals(asked.authorization()));
    // The state, then one line for each tenth that was passed.
    assertThat(ended.err().lines().filter(line -> line.contains("running"))).hasSize(3);
    assertThat(ended.err()).contains("(50 %)", "10 KiB (10 %)", "55 KiB (55 %)");
    assertThat(ended.err()).doesNotContain("\r").doesNotContain("####");
  }

  @Test
  void aStreamThatBreaksIsPolledAndTakenUpAgain() throws Exception {
    hub.on(SUBMIT, 202, runIn("queued"))
        .on(STREAM, 200, stream(10))
        .on(STREAM, StandInHub.CUT, "")
        .on(LOOK, 200, runIn("running"))
        .on(LOOK, StandInHub.CUT, "")
        .on(LOOK, 200, runIn("succeeded"));

    Ended ended = run("drill", "main");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(hub.asked().stream().filter(asked -> asked.what().equals(STREAM))).hasSize(2);
  }

  @Test
  void aTerminalShowsABar() throws Exception {
    assumeTrue(onPath("script") != null, "script, which makes terminals, is not installed");
    hub.on(SUBMIT, 202, runIn("queued"))
        .on(STREAM, 200, stream(25, 75))
        .on(LOOK, 200, runIn("succeeded"));

    Ended ended =
        start(
            List.of(
                "script",
                "--quiet",
                "--return",
                "--command",
                "stty cols 120; bash " + Path.of("hub").toAbsolutePath() + " drill main",
                "/dev/null"));

    assertThat(ended.code()).as(ended.out()).isZero();
    assertThat(ended.out())
        .contains("[##########----------] 50 %  1.5 KiB of 3 KiB  public.orders")
        .contains("[#####---------------] 25 %  25 KiB of 100 KiB  ")
        .contains("[###############-----] 75 %  75 KiB of 100 KiB  ")
        .containsPattern("iB/s  ETA \\d\\d:\\d\\d  public.orders")
        .endsWith("backup.drill  its headline\r\n");
  }

  /** A stream that tells how far the run is, in percent of 100 KiB. */
  private static String stream(int... percents) {
    StringBuilder text = new StringBuilder("event: state\ndata: " + runIn("running") + "\n\n:\n\n");
    for (int percent : percents) {
      text.append("event: progress\ndata: {\"done\":")
          .append(percent * 1024)
          .append(",\"total\":102400,\"unit\":\"bytes\",\"detail\":\"public.orders\"}\n\n");
    }
    return text.toString();
  }

  @Test
  void aHubThatStaysAwayIsThree() throws Exception {
    environment.put("HUB_PATIENCE", "0");
    hub.on(SUBMIT, 202, runIn("queued")).on(LOOK, 503, "{\"detail\":\"no database\"}");

    Ended away = run("drill", "main");
    environment.put("HUB_URL", "http://127.0.0.1:1");
    Ended dead = run("jobs");

    assertThat(away.code()).isEqualTo(3);
    assertThat(away.err()).contains("no database");
    assertThat(dead.code()).isEqualTo(3);
    assertThat(dead.err()).contains("no hub answers at http://127.0.0.1:1");
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({"400, 2", "401, 2", "403, 2", "404, 2", "409, 2", "413, 2", "500, 3", "503, 3"})
  void whatTheHubRefusesIsTwoAndItsOwnFailureThree(int status, int code) throws Exception {
    environment.put("HUB_PATIENCE", "0");
    String problem = "{\"status\":" + status + ",\"detail\":\"params.source: is 'x'\"}";
    hub.on(SUBMIT, status, problem).on("GET /api/jobs", status, problem);

    for (Ended ended : List.of(run("drill", "x"), run("jobs"))) {
      assertThat(ended.code()).isEqualTo(code);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.err()).contains("params.source: is 'x'");
    }
  }

  @Test
  void whatIsNoHubIsThree() throws Exception {
    hub.on("GET /api/jobs", 200, "<html>").on("GET /api/triggers", 200, "{\"other\":1}");

    assertThat(run("jobs").code()).isEqualTo(3);
    assertThat(run("triggers").code()).isEqualTo(3);
  }

  @Test
  void withoutWaitingTheIdIsAllThatIsPrinted() throws Exception {
    hub.on("POST /api/jobs/restore.postgres/runs?dryRun=true&overlap=queue", 202, runIn("queued"));

    Ended ended =
        run(
            "restore",
            "main",
            "dev",
            "copy of it",
            "hub=true",
            "--no-wait",
            "--dry-run",
            "--queue");

    assertThat(ended).isEqualTo(new Ended(0, ID + "\n", ""));
    assertThat(hub.asked().get(0).body())
        .isEqualTo(
            "{\"hub\":\"true\",\"source\":\"main\",\"target\":\"dev\",\"database\":\"copy of it\"}");
  }

  @Test
  void listsAreTablesAndJsonIsAsItCame() throws Exception {
    String snapshots =
        "{\"items\":[{\"source\":\"main\",\"id\":\"s1\",\"takenAt\":\"2026-11-01T02:00:00.123Z\","
            + "\"rows\":12,\"plainBytes\":6291456,\"storedBytes\":1572864,\"ratio\":4.0,"
            + "\"dedup\":0.97,\"drilledAt\":\"2026-11-01T03:30:00Z\","
            + "\"drillDetail\":\"verified \\u001b[2J12 rows equal\","
            + "\"holds\":{\"audit\":{},\"over\":{\"until\":\"2026-01-01T00:00:00Z\"}}}]}";
    hub.on("GET /api/snapshots?source=main&limit=5", 200, snapshots);

    Ended table = run("snapshots", "main", "--limit", "5");
    Ended json = run("snapshots", "main", "--limit=5", "--json");

    assertThat(table.out().lines())
        .hasSize(2)
        .element(1)
        .asString()
        .contains("2026-11-01 02:00:00  main    s1        12    6 MiB  1.5 MiB  4x")
        .containsPattern("97 % +2026-11-01 03:30:00")
        .as("a terminal does not obey what a message holds")
        .endsWith("verified  [2J12 rows equal; held: audit");
    assertThat(json.out()).isEqualTo(snapshots + "\n");
  }

  @Test
  void aDiffTellsWhatCameWentAndChanged() throws Exception {
    hub.on(
        "GET /api/snapshots/main/2026/diff/latest",
        200,
        """
        {"before":"s1","after":"s2","note":"they are encrypted differently",
         "diff":{"comparable":true,"equal":3,"alike":0,
          "before":{"rows":10,"plainBytes":2048,"storedBytes":700,"unsharedBytes":0},
          "after":{"rows":12,"plainBytes":3072,"storedBytes":900,"unsharedBytes":200},
          "changes":[{"kind":"table","name":"public.orders","what":"changed","contentEqual":false,
            "before":{"rows":10,"plainBytes":2048,"storedBytes":700,"unsharedBytes":0},
            "after":{"rows":12,"plainBytes":3072,"storedBytes":900,"unsharedBytes":200}}]}}
        """);

    Ended ended = run("diff", "main", "2026");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out())
        .containsPattern("changed +table public.orders +10 > 12 +2 KiB > 3 KiB +200 B")
        .containsPattern("s1 .. s2 +3 equal, 0 of the same size, 1 not")
        .contains("they are encrypted differently");
  }

  @Test
  void retentionShowsEverySnapshotWithItsReasons() throws Exception {
    hub.on("POST /api/jobs/retention.snapshots/runs", 202, runIn("queued"))
        .on(
            LOOK,
            200,
            "{\"id\":\""
                + ID
                + "\",\"job\":\"retention.snapshots\",\"state\":\"succeeded\","
                + "\"attempt\":1,\"headline\":\"1 removed, 1 stay\",\"summary\":{\"items\":["
                + "{\"action\":\"keep\",\"target\":\"s2\",\"reason\":\"last 1 of 3\"},"
                + "{\"action\":\"removed\",\"target\":\"s1\",\"reason\":\"no place\"}]}}");

    Ended ended = run("retention", "main", "plan=0123456789abcdef");

    assertThat(ended.out())
        .isEqualTo(
            "retention.snapshots  1 removed, 1 stay\n"
                + "  keep     s2  last 1 of 3\n"
                + "  removed  s1  no place\n");
    assertThat(hub.asked().get(0).body())
        .isEqualTo("{\"plan\":\"0123456789abcdef\",\"source\":\"main\"}");
  }

  @Test
  void aHoldIsPlacedAndReleased() throws Exception {
    String path = "/api/snapshots/main/s1/holds/audit";
    hub.on(
            "POST " + path,
            200,
            "{\"source\":\"main\",\"snapshot\":\"s1\",\"holds\":{\"audit\":{}}}")
        .on("DELETE " + path, 200, "{\"source\":\"main\",\"snapshot\":\"s1\",\"holds\":{}}");

    assertThat(run("hold", "main", "s1", "audit", "reason=say \"why\""))
        .isEqualTo(new Ended(0, "main/s1  held: audit\n", ""));
    assertThat(run("release", "main", "s1", "audit"))
        .isEqualTo(new Ended(0, "main/s1  not held\n", ""));
    assertThat(hub.asked().get(0).body()).isEqualTo("{\"reason\":\"say \\\"why\\\"\"}");
  }

  @Test
  void aRunIsShownWithItsLog() throws Exception {
    hub.on(LOOK, 200, runIn("failed"))
        .on(
            LOOK + "/log?after=0&limit=500",
            200,
            "{\"items\":[{\"seq\":7,\"at\":\"2026-11-01T02:00:00Z\",\"level\":\"INFO\","
                + "\"message\":\"begins\"}],\"ended\":true}");

    assertThat(run("runs", ID).out())
        .contains("state", "failed", "2026-11-01 02:00:00  INFO  begins");
    assertThat(run("runs", ID, "--json").out()).contains("\"run\":", "\"log\":", "\"begins\"");
  }

  @Test
  void pausedTriggersAreShownAsSuch() throws Exception {
    String one = "{\"id\":\"a/b\",\"cron\":\"0 0 2 * * ?\",\"next\":\"2026-11-02T02:00:00Z\"}";
    hub.on("GET /api/triggers", 200, "{\"on\":true,\"items\":[" + one + "]}")
        .on("GET /api/triggers", 200, "{\"on\":false,\"items\":[" + one + "]}");

    assertThat(run("triggers").out()).contains("2026-11-02 02:00:00").doesNotContain("paused");
    assertThat(run("triggers").out()).contains("paused").doesNotContain("2026-11-02 02:00:00");
  }

  @Test
  void triggersArePausedOneByOneOrAll() throws Exception {
    hub.on("POST /api/triggers/backup.postgres/main-nightly/pause", 200, "{}")
        .on("POST /api/triggers/resume", 204, "");

    assertThat(run("pause", "backup.postgres/main-nightly"))
        .isEqualTo(new Ended(0, "backup.postgres/main-nightly: paused\n", ""));
    assertThat(run("resume")).isEqualTo(new Ended(0, "all triggers: resumed\n", ""));
  }

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

  private static String runIn(String state) {
    return "{\"id\":\""
        + ID
        + "\",\"job\":\"backup.drill\",\"state\":\""
        + state
        + "\",\"attempt\":1,\"headline\":\"its headline\",\"params\":{\"source\":\"main\"},"
        + "\"progress\":{\"done\":1536,\"total\":3072,\"unit\":\"bytes\","
        + "\"detail\":\"public.orders\"}}";
  }

  private Ended run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", Path.of("hub").toAbsolutePath() + ""));
    command.addAll(Arrays.asList(arguments));
    return start(command);
  }

  private Ended start(List<String> command) throws IOException, InterruptedException {
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

  private static Path onPath(String tool) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(entry -> Path.of(entry, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }
}
