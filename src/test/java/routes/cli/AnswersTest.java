package routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What verbs print: tables for people, JSON and rows as they came. */
class AnswersTest extends CliScene {

  @Test
  void aTableIsWrittenAsItComesAndAPartOfItFails() {
    String path = "GET /api/snapshots/main/latest/tables/public.a%20b?format=sql";
    hub.on(path, 200, "COPY\n")
        .on(path, StandInHub.PART, "COPY\n")
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
  void deadLettersAreListedAndReplayed() {
    hub.on(
            "GET /api/dead-letters?port=p&state=waiting",
            200,
            "{\"items\":[{\"id\":\"d1\",\"createdAt\":\"2026-11-01T02:00:00Z\",\"port\":\"p\","
                + "\"state\":\"waiting\",\"failures\":2,\"error\":\"java.io.IOException\"}]}")
        .on(
            "POST /api/dead-letters/replay",
            200,
            "{\"replayed\":1,\"failed\":1,\"items\":[{\"id\":\"d1\",\"replayed\":true},"
                + "{\"id\":\"d2\",\"replayed\":false,\"why\":\"no\"}]}")
        .on("POST /api/dead-letters/d1/discard", 200, "{\"letter\":{\"id\":\"d1\"}}");

    Ended listed = run("dead-letters", "list", "--port=p", "--state=waiting");
    Ended replayed = run("dead-letters", "replay", "d1", "d2");
    Ended discarded = run("dead-letters", "discard", "d1", "reason=a test");
    Ended wrong = run("dead-letters", "forget", "d1");

    assertThat(listed.out()).contains("2026-11-01 02:00:00  d1").contains("java.io.IOException");
    assertThat(replayed.code()).isEqualTo(1);
    assertThat(replayed.out()).containsPattern("d1 +replayed").containsPattern("d2 +no");
    assertThat(discarded.out()).isEqualTo("d1: discarded\n");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(hub.asked())
        .extracting(StandInHub.Asked::body)
        .contains("{\"ids\":[\"d1\",\"d2\"]}", "{\"reason\":\"a test\"}");
  }

  @Test
  void whatIsDroppedAndRevokedIsCounted() {
    hub.on("POST /api/predictions/invalidate", 200, "{\"dropped\":12}")
        .on("POST /api/sessions/revoke", 200, "{\"ended\":2}");

    Ended version = run("cache", "drop", "fraud", "7");
    Ended model = run("cache", "drop", "fraud", "--json");
    Ended revoked = run("sessions", "revoke", "o'call \"1\"");

    assertThat(version.code()).as(version.err()).isZero();
    assertThat(version.out()).isEqualTo("12 predictions dropped\n");
    assertThat(model.out()).isEqualTo("{\"dropped\":12}\n");
    assertThat(revoked.out()).isEqualTo("2 sessions ended\n");
    assertThat(hub.asked())
        .extracting(StandInHub.Asked::body)
        .containsExactly(
            "{\"model\":\"fraud\",\"version\":\"7\"}",
            "{\"model\":\"fraud\"}",
            "{\"user\":\"o'call \\\"1\\\"\"}");
  }

  @Test
  void listsAreTablesAndJsonIsAsItCame() {
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
  void aDiffTellsWhatCameWentAndChanged() {
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
        .containsPattern("s1 .. s2 +3 equal, 0 of the same size, 1 changed");
    assertThat(ended.err()).contains("they are encrypted differently");
  }

  @Test
  void theTraceOfARunIsATree() {
    hub.on("GET /api/runs/r1", 200, "{\"id\":\"r1\",\"traceId\":\"abc\"}")
        .on("GET /api/runs/r2", 200, "{\"id\":\"r2\"}")
        .on(
            "GET /api/traces/abc",
            200,
            """
            {"id":"abc","spans":[
              {"id":"a","service":"hub","operation":"job x","startedAt":"2026-01-31T02:00:00Z",
               "micros":2500,"failed":true},
              {"id":"b","parent":"a","service":"hub","operation":"S3.PutObject",
               "startedAt":"2026-01-31T02:00:00.000500Z","micros":2000,"failed":false}]}
            """);

    assertThat(run("trace", "r1").out())
        .containsPattern("2026-01-31 02:00:00 +2.5 +job x +hub +FAILED")
        .containsPattern("2026-01-31 02:00:00 +2 +  S3.PutObject +hub");
    assertThat(run("trace", "r2").code()).isEqualTo(2);
  }

  @Test
  void probesAreListed() {
    hub.on(
        "GET /api/probes?history=1",
        200,
        """
        {"items":[{"name":"shop","url":"http://shop/health","history":[],"now":{"state":"down",
          "since":"2026-01-31T02:00:00Z","lookedAt":"2026-01-31T02:05:00Z","tookMs":12,"why":"answered 503, not 200"}},
          {"name":"new","url":"http://new/health","history":[]}]}
        """);

    assertThat(run("probes").out())
        .containsPattern("shop +down +2026-01-31 02:00:00 +2026-01-31 02:05:00 +12 +answered 503")
        .containsPattern("new +- +- +- +- +http://new/health");
  }

  @Test
  void whatLiesInRedisIsListed() {
    hub.on(
        "GET /api/redis/memory",
        200,
        """
        {"usedBytes":1073741824,"maxBytes":2147483648,"limited":true,"share":0.5,"policy":"volatile-ttl",
         "evicted":3,"keys":12,"prefixes":[{"prefix":"session","keys":10,"bytes":2048,"forever":1}],
         "biggest":[{"key":"session:#0a1b2c3d","bytes":1024,"expires":false}],
         "slow":[{"command":"KEYS","millis":12.5,"at":"2026-01-31T02:00:00Z"}],
         "refused":["SLOWLOG: NOPERM"]}
        """);

    assertThat(run("memory").out())
        .containsPattern("session +10 +2 KiB +1")
        .containsPattern("session:#0a1b2c3d +1 KiB +false")
        .containsPattern("KEYS +12.5 +2026-01-31 02:00:00")
        .contains("1 GiB of 2 GiB, 50 %; volatile-ttl; 3 keys evicted")
        .contains("refused: SLOWLOG: NOPERM");
  }

  @Test
  void aHoldIsPlacedAndReleased() {
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
  void aRunIsShownWithItsLog() {
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
  void pausedTriggersAreShownAsSuch() {
    String one = "{\"id\":\"a/b\",\"cron\":\"0 0 2 * * ?\",\"next\":\"2026-11-02T02:00:00Z\"}";
    hub.on("GET /api/triggers", 200, "{\"on\":true,\"items\":[" + one + "]}")
        .on("GET /api/triggers", 200, "{\"on\":false,\"items\":[" + one + "]}");

    assertThat(run("triggers").out()).contains("2026-11-02 02:00:00").doesNotContain("paused");
    assertThat(run("triggers").out()).contains("paused").doesNotContain("2026-11-02 02:00:00");
  }

  @Test
  void brokenTriggersSayWhyAndWhere() {
    hub.on(
        "GET /api/triggers",
        200,
        """
        {"on": true, "items": [
          {"id": "a/broken", "state": "broken", "cron": "x", "file": "own.camel.yaml", "line": 3,
           "reason": "cron is 'x'", "stale": false},
          {"id": "odd.camel.yaml", "state": "broken", "file": "odd.camel.yaml", "line": 1,
           "reason": "no YAML", "stale": false},
          {"id": "a/ended", "state": "ended", "cron": "0 0 2 1 1 ? 2020", "zone": "UTC", "stale": false}]}""");

    assertThat(run("triggers").out())
        .containsPattern("a/broken +x +- +broken +- +own.camel.yaml line 3: cron is 'x'")
        .containsPattern("odd.camel.yaml +- +- +broken +- +odd.camel.yaml line 1: no YAML")
        .containsPattern("a/ended +0 0 2 1 1 [?] 2020 +UTC +ended");
  }

  @Test
  void whatStillPausesATriggerIsSaid() {
    String one = "backup.postgres/main-nightly";
    String paused = "{\"id\":\"a/b\",\"pausedAt\":\"2026-11-01T02:00:00Z\"}";
    hub.on("POST /api/triggers/" + one + "/pause", 200, "{}")
        .on("POST /api/triggers/" + one + "/resume", 200, "{}")
        .on("GET /api/triggers", 200, "{\"on\":false,\"items\":[]}")
        .on("GET /api/triggers", 200, "{\"on\":true,\"items\":[]}")
        .on("POST /api/triggers/resume", 200, "{\"on\":true,\"items\":[{\"id\":\"c/d\"}]}")
        .on("POST /api/triggers/resume", 200, "{\"on\":true,\"items\":[" + paused + "]}");

    assertThat(run("pause", one)).isEqualTo(new Ended(0, one + ": paused\n", ""));
    assertThat(run("resume", one).out())
        .contains("all triggers are paused; ./hub resume resumes them")
        .doesNotContain("resumed\n");
    assertThat(run("resume", one)).isEqualTo(new Ended(0, one + ": resumed\n", ""));
    assertThat(run("resume")).isEqualTo(new Ended(0, "all triggers: resumed\n", ""));
    assertThat(run("resume").out())
        .isEqualTo("all triggers: resumed, but these are paused one by one: a/b\n");
  }

  @Test
  void runsAreSelectedByAgeAndKind() {
    hub.on(
            "GET /api/runs?job=x&kind=api&since=2026-11-30T10%3A00%3A00Z",
            200, "{\"items\":[{\"id\":\"r1\",\"triggerKind\":\"api\"}]}")
        .on(
            "GET /api/runs?job=x&since=2026-11-30T00%3A00%3A00Z&limit=1",
            200, "{\"next\":\"r0\",\"items\":[{\"id\":\"r0\",\"triggerKind\":\"schedule\"}]}");

    assertThat(run("runs", "--job=x", "--since=2h", "--kind=api").out()).contains("r1");
    assertThat(run("runs", "--job=x", "--since=2026-11-30", "--limit=1").out()).contains("r0");
  }

  @Test
  void aListOfNothingSaysSo() {
    hub.on("GET /api/runs", 200, "{\"items\":[]}").on("GET /api/keys", 200, "{\"items\":[]}");

    assertThat(run("runs")).isEqualTo(new Ended(0, "", "hub: no runs\n"));
    assertThat(run("keys", "list")).isEqualTo(new Ended(0, "", "hub: no keys\n"));
    assertThat(run("runs", "--json").out()).isEqualTo("{\"items\":[]}\n");
  }
}
