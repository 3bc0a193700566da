package routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that is asked for is followed to its end, whatever breaks meanwhile. */
class FollowTest extends CliScene {

  @ParameterizedTest(name = "a run that {0} is {1}")
  @CsvSource({"succeeded, 0", "failed, 1", "cancelled, 1", "skipped, 1"})
  void aRunsEndIsTheExitCode(String state, int code) {
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
  void withoutWaitingTheIdIsAllThatIsPrinted() {
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
  void aCacheIsWarmedByItsJob() {
    hub.on("POST /api/jobs/cache.warm/runs?dryRun=true", 202, runIn("queued"));

    Ended ended = run("cache", "warm", "support", "8", "7", "most=500", "--no-wait", "--dry-run");

    assertThat(ended).isEqualTo(new Ended(0, ID + "\n", ""));
    assertThat(hub.asked().get(0).body())
        .isEqualTo("{\"most\":\"500\",\"model\":\"support\",\"version\":\"8\",\"inputsOf\":\"7\"}");
  }

  @Test
  void aHubThatRestartsDoesNotTurnAGreenRunRed() {
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
  void aRunIsFollowedByItsStreamWithoutPolling() {
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
  void aStreamThatBreaksIsPolledAndTakenUpAgain() {
    hub.on(SUBMIT, 202, runIn("queued"))
        .on(STREAM, 200, stream(10))
        .on(STREAM, StandInHub.CUT, "")
        .on(LOOK, 200, runIn("running"))
        .on(LOOK, StandInHub.CUT, "")
        .on(LOOK, 200, runIn("succeeded"));

    Ended ended = run("drill", "main");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(hub.asked().stream().filter(asked -> asked.what().equals(STREAM)))
        .hasSizeGreaterThan(1);
  }

  @Test
  void aTerminalShowsABar() {
    columns = 120;
    hub.on(SUBMIT, 202, runIn("queued"))
        .on(STREAM, 200, stream(25, 75))
        .on(LOOK, 200, runIn("succeeded"));

    Ended ended = run("drill", "main");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err())
        .contains("[##########----------] 50 %  1.5 KiB of 3 KiB  public.orders")
        .contains("[#####---------------] 25 %  25 KiB of 100 KiB  ")
        .contains("[###############-----] 75 %  75 KiB of 100 KiB  ")
        .containsPattern("iB/s  ETA \\d\\d:\\d\\d  public.orders")
        .endsWith("\r\u001b[K");
    assertThat(ended.out()).isEqualTo("backup.drill  its headline\n");
    assertThat(ended.err().split("\r\u001b\\[K")).allMatch(line -> line.length() < columns);
  }

  @Test
  void retentionShowsEverySnapshotWithItsReasons() {
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
  void aRestoreIntoADatabaseThatExistsNamesNoNewOne() {
    hub.on("POST /api/jobs/restore.postgres/runs", 202, runIn("queued"));

    Ended ended =
        run("restore", "main", "dev", "s1", "--into=the shop", "--force", "--globals", "--no-wait");

    assertThat(ended).isEqualTo(new Ended(0, ID + "\n", ""));
    assertThat(hub.asked().get(0).body())
        .isEqualTo(
            "{\"source\":\"main\",\"target\":\"dev\",\"into\":\"the shop\","
                + "\"snapshot\":\"s1\",\"force\":\"true\",\"globals\":\"true\"}");
    assertThat(run("restore", "main", "dev").code()).isEqualTo(2);
  }
}
