package routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.HubTest;
import routes.StandInTarget;
import routes.cli.CliScene.Ended;
import routes.jobs.ledger.Run;
import routes.messaging.deadletters.DeadLetters;
import routes.messaging.outbox.Outbox;

/** Every verb and a real hub understand each other. */
class VerbsTest extends HubTest {

  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  @TempDir Path folder;
  @Autowired private DeadLetters deadLetters;
  @Autowired private Outbox outbox;
  @Autowired private PlatformTransactionManager transactions;

  private Ended hub(String... arguments) {
    Map<String, String> environment =
        Map.of("HUB_URL", "http://127.0.0.1:" + port, "HUB_STATE_DIR", STATE.toString());
    return CliScene.run(environment, 0, arguments);
  }

  /** What is printed by a verb that must succeed. */
  private String said(String... arguments) {
    Ended ended = hub(arguments);
    assertThat(ended.code()).as(ended.err()).isZero();
    return ended.out();
  }

  private static String idIn(String text) {
    Matcher id = ID.matcher(text);
    assertThat(id.find()).as(text).isTrue();
    return id.group();
  }

  @Test
  void jobsAreListedShownAndExplained() {
    assertThat(said("jobs")).contains("JOB", "test.echo", "[text=…] [count=…]");
    assertThat(said("jobs", "test.wait"))
        .contains("test.wait: Waits to be released", "Usage: hub run test.wait [name=…]")
        .containsPattern("name +string +a +a, b, c, d, e, f +which gate");
    assertThat(said("run", "test.fail", "--help"))
        .contains("--no-wait", "Usage: hub run test.fail how=…")
        .containsPattern("how +string +required +- +the kind of failure");
    assertThat(said("jobs", "--json")).startsWith("{\"items\":[{");
    assertThat(hub("jobs", "no.such").code()).isEqualTo(2);
    assertThat(hub("run", "no.such", "--help").err()).contains("no.such");
  }

  @Test
  void aJobIsRunWithParametersShownListedAndRefusedByName() {
    String text = "said " + UUID.randomUUID();
    assertThat(said("run", "test.echo", "text=" + text)).startsWith("test.echo  ");
    String id = said("run", "test.echo", "--param", "text=" + text + "2", "--no-wait").strip();
    ended(UUID.fromString(id));

    assertThat(said("run", id)).contains("state", "succeeded", "params.text", text + "2");
    assertThat(said("runs", id)).isEqualTo(said("run", id));
    assertThat(said("run", id, "--json")).contains("\"run\":{", "\"log\":[");
    assertThat(said("run", id, "-f")).contains("test.echo  ");
    assertThat(said("runs", "--job=test.echo", "--state=succeeded", "--since=1d", "--kind=api"))
        .contains("ENDED (UTC)", id);
    assertThat(hub("runs", "--job=test.echo", "--kind=event").err()).isEqualTo("hub: no runs\n");
    assertThat(said("run", "test.echo", "text=" + text, "--dry-run", "--json"))
        .contains("\"dryRun\":true");
    Ended refused = hub("run", "test.echo", "count=many");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("params.count: must be a whole number");
    assertThat(hub("run", "test.wait", "name=z").err()).contains("there is no gate 'z'");
  }

  @Test
  void aRunIsFollowedByItsStreamToItsEnd() throws Exception {
    CompletableFuture<Ended> following =
        CompletableFuture.supplyAsync(() -> hub("run", "test.wait", "name=f"));
    Run run =
        org.awaitility.Awaitility.await()
            .atMost(PATIENCE)
            .until(
                () ->
                    runs
                        .list(
                            new routes.jobs.runs.Runs.Filter(
                                "test.wait", "running", null, null, 50))
                        .stream()
                        .filter(each -> each.params().path("name").asText().equals("f"))
                        .findFirst()
                        .orElse(null),
                found -> found != null);
    CompletableFuture<Ended> log =
        CompletableFuture.supplyAsync(() -> hub("run", run.id().toString(), "-f"));
    jobs.release("f");

    Ended ended = following.get(30, TimeUnit.SECONDS);
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).isEqualTo("test.wait  said f\n");
    assertThat(log.get(30, TimeUnit.SECONDS).out()).endsWith("test.wait  said f\n");
  }

  @Test
  void aRunThatFailsIsOneAndIsRetried() {
    Ended failed = hub("run", "test.letters", "text=" + UUID.randomUUID());
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err()).contains("test.letters failed: ", "./hub run ", "shows its log");
    String id = idIn(failed.err());

    String retried = said("retry", id);
    assertThat(retried).contains("test.letters is queued again");
    assertThat(ended(UUID.fromString(idIn(retried))).replayOf()).hasToString(id);
    assertThat(hub("retry", UUID.randomUUID().toString()).code()).isEqualTo(2);
  }

  @Test
  void runsAreCancelledOneByOneOrSelected() {
    String one = said("run", "test.wait", "name=d", "--no-wait").strip();
    in("running", UUID.fromString(one));

    assertThat(said("cancel", "--job=test.wait", "--state=running", "--kind=api", "--dry-run"))
        .containsPattern("0 queued and \\d+ running runs would be asked to stop");
    assertThat(said("cancel", one)).contains("asked test.wait to stop");
    assertThat(ended(UUID.fromString(one)).state()).isEqualTo("cancelled");
    assertThat(hub("cancel", one).code()).isEqualTo(2);
    assertThat(said("cancel", "--trigger=test.echo/daily"))
        .isEqualTo("0 queued and 0 running runs were asked to stop\n");
    assertThat(hub("cancel", "--job=no.such").code()).isEqualTo(2);
  }

  @Test
  void triggersAreListedPausedResumedAndFilled() {
    String one = "test.echo/daily";
    try {
      assertThat(said("triggers"))
          .containsPattern("test.echo/daily +0 0 2 \\* \\* [?] +Europe/Berlin +\\d{4}-")
          .contains("own.camel.yaml line");
      assertThat(said("pause", one)).isEqualTo(one + ": paused\n");
      assertThat(said("triggers")).containsPattern(one + " .* paused");
      assertThat(said("pause")).isEqualTo("all triggers: paused\n");
      assertThat(said("resume", one)).contains("but all triggers are paused");
      assertThat(said("pause", one)).contains("paused");
      assertThat(said("resume")).contains("all triggers: resumed, but these are paused", one);
      assertThat(said("resume", one)).isEqualTo(one + ": resumed\n");
      assertThat(said("resume")).doesNotContain(one);
    } finally {
      hub("resume");
      hub("resume", one);
    }
    String[] fill = {"backfill", one, "--from=2025-06-01T00:00:00Z", "--to=2025-06-02T12:00:00Z"};
    String dry = said(fill[0], fill[1], fill[2], fill[3], "--dry-run");
    assertThat(dry).isEqualTo(one + ": 2 runs would be queued\n");
    assertThat(hub("runs", "--trigger=" + one, "--kind=backfill").err()).contains("no runs");
    assertThat(said(fill)).contains("2 runs queued");
    assertThat(said("runs", "--trigger=" + one, "--kind=backfill")).contains("test.echo");
    assertThat(said(fill)).contains("0 runs queued");
    assertThat(hub("backfill", one, "--from=x", "--to=2025-06-02T12:00:00Z").code()).isEqualTo(2);
    assertThat(hub("pause", "no.such/one").code()).isEqualTo(2);
  }

  @Test
  void snapshotsAreMadeProvenReadHeldAndRemoved() throws Exception {
    assertThat(said("run", "backup.postgres", "source=small", "--queue"))
        .startsWith("backup.postgres  ");
    String snapshots = said("snapshots", "small", "--limit=5");
    assertThat(snapshots).contains("TAKEN (UTC)", "ALREADY STORED", "small");
    String id = snapshots.lines().skip(1).findFirst().orElseThrow().split(" {2,}")[2].strip();

    assertThat(said("verify", "small", id, "--queue")).startsWith("backup.verify  ");
    assertThat(said("drill", "small", id, "--dry-run", "--queue")).startsWith("backup.drill  ");
    assertThat(said("diff", "small", id)).contains("equal", id + " .. ");
    String table = said("table", "small", "public.accounts", id);
    // Other tests move money; each account is there once.
    assertThat(table).startsWith("\"id\",\"balance\"").containsOnlyOnce("\n\"1\",\"");
    assertThat(table.lines()).hasSize(2001);
    assertThat(said("table", "small", "public.accounts", "--sql")).contains("COPY");
    assertThat(hub("table", "small", "public.none").code()).isEqualTo(2);
    assertThat(said("hold", "small", id, "of-a-test", "reason=a test"))
        .isEqualTo("small/" + id + "  held: of-a-test\n");
    assertThat(said("snapshots", "small")).contains("held: of-a-test");
    assertThat(said("release", "small", id, "of-a-test")).contains("not held");
    assertThat(said("retention", "small", "--dry-run", "--queue"))
        .contains("retention.snapshots  ", id);
    assertThat(said("restore", "small", "spare", "restored_by_verb", "--dry-run", "--queue"))
        .startsWith("restore.postgres  ");
    assertThat(hub("restore", "small", "nowhere", "a", "--dry-run").err())
        .contains("params.target", "spare");
    assertThat(said("copy", "folder", "small", "--dry-run", "--queue")).startsWith("backup.copy  ");
    assertThat(said("sweep", "--queue")).startsWith("backup.sweep  ");
    Ended whole = hub("set-aside", "small", id, "reason=a test", "--dry-run", "--queue");
    assertThat(whole.code()).as("it can be read").isBetween(1, 2);
    assertThat(hub("diff", "small", "no-such").code()).isEqualTo(2);
    assertThat(hub("hold", "no-such", "latest", "a").code()).isEqualTo(2);
  }

  @Test
  void deadLettersAreListedShownEditedReplayedAndDiscarded() throws IOException {
    String one = letter();
    String two = letter();
    Path body = Files.writeString(folder.resolve("body"), "edited");

    assertThat(said("dead-letters", "list", "--port=test.replay", "--state=waiting"))
        .contains("DEAD LETTER", one, two, "IllegalStateException");
    assertThat(said("dead-letters", "show", one)).contains("\"letter\":{");
    assertThat(said("dead-letters", "edit", one, body.toString()))
        .isEqualTo(one + ": edited, 6 bytes\n");
    assertThat(said("dead-letters", "replay", one)).containsPattern(one + " +replayed");
    assertThat(hub("dead-letters", "replay", one).code()).as("again").isEqualTo(1);
    assertThat(said("dead-letters", "discard", two, "reason=a test"))
        .isEqualTo(two + ": discarded\n");
    letter();
    assertThat(said("dead-letters", "replay", "--port=test.replay", "--limit=1"))
        .contains("replayed");
    assertThat(hub("dead-letters", "replay", "--port=no.such").code()).isEqualTo(2);
    assertThat(hub("dead-letters", "list", "--since=x").err()).contains("since");
  }

  private String letter() {
    return deadLetters
        .record(
            new DeadLetters.Letter(
                UUID.randomUUID().toString(),
                "test.replay",
                new byte[] {'1'},
                "text/plain",
                Map.of()),
            new IllegalStateException("it was wrong"))
        .toString();
  }

  @Test
  void deliveriesAreListedShownAndRetried() {
    UUID event = UUID.randomUUID();
    new TransactionTemplate(transactions)
        .executeWithoutResult(
            status -> outbox.append(new Outbox.Draft(event, "t-still", "cli", "a.b", Map.of())));

    String listed = said("deliveries", "list", "--target=still", "--event=" + event);
    assertThat(listed).contains("DELIVERY", "still", "a.b", "waiting");
    String id = idIn(listed);
    assertThat(said("deliveries", "show", id)).containsPattern("target +still");
    assertThat(said("deliveries", "retry", id)).isEqualTo(id + ": waiting\n");
    assertThat(hub("deliveries", "list", "--state=odd").code()).isEqualTo(2);
    assertThat(hub("deliveries", "show", UUID.randomUUID().toString()).code()).isEqualTo(2);
  }

  @Test
  void whatLiesInRedisIsDroppedRevokedAndWarmed() {
    String version = UUID.randomUUID().toString();
    String user = "user-" + version;
    routes.Api service = as("service");
    service.send(
        service.request(
            "PUT",
            "/api/predictions",
            "{\"model\": \"fraud\", \"version\": \"%s\", \"input\": 1, \"value\": 2}"
                .formatted(version)));
    service.post("/api/sessions", "{\"session\": {\"user_id\": \"%s\"}}".formatted(user));

    assertThat(said("cache", "drop", "fraud", version)).isEqualTo("1 predictions dropped\n");
    assertThat(said("cache", "drop", "fraud", version)).isEqualTo("0 predictions dropped\n");
    assertThat(said("sessions", "list", user)).contains("HANDLE", user);
    assertThat(said("sessions", "revoke", user)).isEqualTo("1 sessions ended\n");
    assertThat(hub("sessions", "list", user).err()).isEqualTo("hub: no sessions\n");
    assertThat(said("cache", "warm", "warmed", version))
        .isEqualTo("cache.warm  0 of 0 predictions made, 0 were fresh, 0 failed\n");
    assertThat(hub("cache", "warm", "no-such", version).code()).isNotZero();
    assertThat(said("memory")).contains("PREFIX", "keys evicted");
    assertThat(said("probes")).contains("PROBE", "shop");
  }

  @Test
  void keysAreMadeKeptInAFileAndRevoked() throws IOException {
    String name = "cli-" + UUID.randomUUID();
    Path file = folder.resolve("new-key");

    Ended shown = hub("keys", "create", name, "--role=viewer", "--expires-in=1d");
    assertThat(shown.code()).as(shown.err()).isZero();
    assertThat(shown.err()).contains("shown only this once").doesNotContain(shown.out().strip());
    Ended kept = hub("keys", "create", name + "2", "--role=viewer", "--out=" + file);
    assertThat(kept.out()).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(kept.err()).doesNotContain(Files.readString(file).strip());

    Map<String, String> viewer =
        Map.of("HUB_URL", "http://127.0.0.1:" + port, "HUB_API_KEY_FILE", file.toString());
    assertThat(CliScene.run(viewer, 0, "jobs").code()).isZero();
    Ended forbidden = CliScene.run(viewer, 0, "keys", "list");
    assertThat(forbidden.code()).isEqualTo(2);
    assertThat(said("keys", "list")).containsPattern(name + " +viewer +live");
    assertThat(said("keys", "revoke", idIn(kept.err()))).isEqualTo(name + "2: revoked\n");
    assertThat(said("audit", "--limit=20")).contains("key.revoke");

    Path taken = folder.resolve("taken");
    assertThat(hub("keys", "create", name, "--role=viewer", "--out=" + taken).code()).isEqualTo(2);
    assertThat(taken).as("no key, no file").doesNotExist();
    assertThat(hub("keys", "create", name, "--role=king").code()).isEqualTo(2);
    assertThat(hub("keys", "create", "x", "--role=viewer", "--out=" + file).err())
        .contains("cannot create", "new-key");
  }

  @Test
  void theTraceOfARunIsShown() throws IOException {
    Run run = ended(submit("test.echo", Map.of("text", "traced " + UUID.randomUUID())).id());
    String path = StandInTarget.JAEGER + "/api/traces/" + run.traceId();
    try (InputStream recorded = getClass().getResourceAsStream("/jaeger/trace.json")) {
      String trace = new String(recorded.readAllBytes(), StandardCharsets.UTF_8);
      StandInTarget.answer(path, StandInTarget.Answer.of(200, trace));
      assertThat(said("trace", run.id().toString())).contains("BEGAN (UTC)", "job backup.postgres");
    } finally {
      StandInTarget.answer(path, StandInTarget.Answer.of(404, ""));
    }
    assertThat(hub("trace", UUID.randomUUID().toString()).code()).isEqualTo(2);
  }

  @Test
  void theHubIsExaminedAndToldByItsVersion() {
    Ended doctor = hub("doctor");

    assertThat(doctor.code()).as(doctor.out()).isBetween(0, 1);
    assertThat(doctor.out()).contains("configuration", " ok, ");
    assertThat(doctor.err()).contains("was asked: this is what it runs with");
    assertThat(said("version")).containsPattern("command line +\\S.*\nAPI of the hub +\\S+\n");
  }
}
