package routes.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What scripts build on: exit codes for wrong usage, refusals, and a hub that is none. */
class HubScriptUsageTest extends HubScript {

  @Test
  void helpListsEveryVerb() throws Exception {
    Ended ended = run("help");

    assertThat(ended.code()).isZero();
    assertThat(ended.out())
        .contains("up", "test", "start", "doctor", "jobs", "run <job>", "runs <id>", "cancel <id>")
        .contains("snapshots", "restore", "verify", "drill", "triggers", "pause", "resume")
        .contains("retention <source>", "sweep", "hold <source>", "release <source>", "copy <copy>")
        .contains("up --real", "real install", "real up | down", "real status", "real demo")
        .contains("sbom", "bench backup", "chaos backup", "chaos retention", "diff <source>")
        .contains("cache drop <model>", "cache warm <model> <version>", "sessions revoke <user>")
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
        "cancel --dry-run",
        "cancel an-id --state=queued",
        "cancel an-id --dry-run",
        "pause not-a-trigger-id",
        "retention",
        "sweep main",
        "hold main latest",
        "hold main latest audit by=me",
        "release main latest audit reason=x",
        "cache",
        "cache fraud",
        "cache drop",
        "cache drop fraud 7 8",
        "cache drop fraud --dry-run",
        "cache warm fraud",
        "sessions revoke",
        "sessions revoke somebody else",
        "sessions list somebody",
        "chaos",
        "chaos no-such",
        "chaos ../x",
        "real",
        "real nonsense",
        "real up extra",
        "real install nonsense",
        "real status --unknown",
      })
  void wrongUsageIsTwoAndAsksNobody(String arguments) throws Exception {
    Ended ended = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).isNotEmpty();
    assertThat(hub.asked()).isEmpty();
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
}
