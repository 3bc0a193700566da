package routes.jobs.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.Api;
import routes.HubTest;
import routes.jobs.ledger.Run;

/** Jobs, runs and triggers over HTTP, and what the audit trail keeps of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunsApiTest extends HubTest {

  private Api operator;
  private String actor;

  @BeforeAll
  void key() {
    Api.Answer key =
        admin()
            .post(
                "/api/keys",
                "{\"name\": \"ops-" + UUID.randomUUID() + "\", \"role\": \"operator\"}");
    operator = new Api(port, key.text("/key"));
    actor = key.text("/name");
  }

  @Test
  void aRunIsAskedForAndFollowedToItsEnd() {
    Api.Answer asked =
        operator.post("/api/jobs/test.echo/runs", "{\"text\": \"over http\", \"count\": 3}");

    assertThat(asked.status()).isEqualTo(202);
    String id = asked.text("/id");
    assertThat(asked.header("Location")).isEqualTo("/api/runs/" + id);
    assertThat(asked.text("/requestedBy")).isEqualTo(actor);
    assertThat(asked.text("/triggerKind")).isEqualTo("api");
    ended(UUID.fromString(id));

    JsonNode run = operator.get(asked.header("Location")).json();
    assertThat(run.path("state").asText()).isEqualTo("succeeded");
    assertThat(run.at("/summary/text").asText()).isEqualTo("over http");
    assertThat(run.has("error")).isFalse();

    JsonNode log = operator.get("/api/runs/" + id + "/log?limit=2").json();
    assertThat(log.path("items")).hasSize(2);
    assertThat(log.path("ended").asBoolean()).isFalse();
    JsonNode rest =
        operator.get("/api/runs/" + id + "/log?after=" + log.path("next").asText()).json();
    assertThat(rest.path("items").findValuesAsText("message"))
        .containsExactly("succeeded: said over http");
    assertThat(rest.path("ended").asBoolean()).isTrue();
    assertThat(audited("run.submit", id).at("/detail/params/text").asText()).isEqualTo("over http");
  }

  @Test
  void aDryRunTellsItsPlan() {
    Api.Answer asked =
        operator.post("/api/jobs/test.echo/runs?dryRun=true", "{\"text\": \"planned\"}");

    Run run = ended(UUID.fromString(asked.text("/id")));
    assertThat(run.dryRun()).isTrue();
    assertThat(run.summary().at("/items/0/target").asText()).isEqualTo("planned");
  }

  @Test
  void aRepeatWithTheSameKeyIsTheSameRun() {
    String key = UUID.randomUUID().toString();
    Api.Answer first =
        operator.post(
            "/api/jobs/test.echo/runs", "{\"text\": \"" + key + "\"}", "Idempotency-Key", key);
    Api.Answer repeat =
        operator.post(
            "/api/jobs/test.echo/runs", "{\"text\": \"" + key + "\"}", "Idempotency-Key", key);
    Api.Answer misuse =
        operator.post("/api/jobs/test.echo/runs", "{\"text\": \"x\"}", "Idempotency-Key", key);

    assertThat(first.status()).isEqualTo(202);
    assertThat(repeat.status()).isEqualTo(202);
    assertThat(repeat.text("/id")).isEqualTo(first.text("/id"));
    assertThat(misuse.status()).isEqualTo(400);
    assertThat(misuse.text("/field")).isEqualTo("Idempotency-Key");
    assertThat(trail("run.submit", first.text("/id"))).as("one act, one line").hasSize(1);
  }

  @Test
  void aSecondRunOfTheSameTargetConflicts() {
    UUID first =
        UUID.fromString(operator.post("/api/jobs/test.wait/runs", "{\"name\": \"e\"}").text("/id"));

    Api.Answer refused = operator.post("/api/jobs/test.wait/runs", "{\"name\": \"e\"}");
    Api.Answer queued =
        operator.post("/api/jobs/test.wait/runs?overlap=queue", "{\"name\": \"e\"}");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.mediaType()).isEqualTo("application/problem+json");
    assertThat(refused.text("/run")).isEqualTo(first.toString());
    assertThat(queued.status()).isEqualTo(202);
    operator.post("/api/runs/" + queued.text("/id") + "/cancel", null);
    in("running", first);
    jobs.release("e");
    assertThat(ended(first).state()).isEqualTo("succeeded");
    assertThat(ended(UUID.fromString(queued.text("/id"))).state()).isEqualTo("cancelled");
  }

  @Test
  void cancelAndRetry() {
    String id = operator.post("/api/jobs/test.wait/runs", "{\"name\": \"f\"}").text("/id");
    in("running", UUID.fromString(id));

    Api.Answer cancel = operator.post("/api/runs/" + id + "/cancel", null);
    assertThat(cancel.status()).isEqualTo(202);
    assertThat(cancel.text("/cancelAskedBy")).isEqualTo(actor);
    assertThat(ended(UUID.fromString(id)).headline()).isEqualTo("cancelled by " + actor);
    assertThat(operator.post("/api/runs/" + id + "/cancel", null).status()).isEqualTo(409);

    Api.Answer retry = operator.post("/api/runs/" + id + "/retry", null);
    assertThat(retry.status()).isEqualTo(202);
    assertThat(retry.text("/replayOf")).isEqualTo(id);
    in("running", UUID.fromString(retry.text("/id")));
    jobs.release("f");
    ended(UUID.fromString(retry.text("/id")));

    assertThat(audited("run.cancel", id).path("actor").asText()).isEqualTo(actor);
    assertThat(audited("run.retry", retry.text("/id")).at("/detail/replayOf").asText())
        .isEqualTo(id);
  }

  @Test
  void runsAreCancelledTogether() {
    String job = "none." + UUID.randomUUID().toString().substring(0, 8);
    String trigger = job + "/nightly";
    for (int run = 0; run < 300; run++) {
      queue(job, trigger, run < 298 ? "backfill" : "schedule", run);
    }
    String backfill = "{\"trigger\": \"" + trigger + "\", \"kind\": \"backfill\"}";

    JsonNode counted = operator.post("/api/runs/cancel?dryRun=true", backfill).json();
    assertThat(counted.path("dryRun").asBoolean()).isTrue();
    assertThat(counted.path("queued").asInt()).isEqualTo(298);
    assertThat(unasked(job)).as("a dry run asks nobody").isEqualTo(300);

    JsonNode asked = operator.post("/api/runs/cancel", backfill).json();
    assertThat(asked.path("queued").asInt()).isEqualTo(298);
    assertThat(asked.path("running").asInt()).isZero();
    assertThat(unasked(job)).isEqualTo(2);
    assertThat(operator.post("/api/runs/cancel", backfill).json().path("queued").asInt())
        .as("asked before")
        .isZero();
    assertThat(audited("runs.cancel", trigger).at("/detail/kind").asText()).isEqualTo("backfill");
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                operator
                    .get("/api/runs?state=cancelled&limit=500&job=" + job)
                    .json()
                    .path("items")
                    .size(),
            cancelled -> cancelled == 298);

    String rest = "{\"job\": \"" + job + "\", \"state\": \"queued\"}";
    assertThat(operator.post("/api/runs/cancel", rest).json().path("queued").asInt()).isEqualTo(2);
  }

  @ParameterizedTest(name = "{0} names {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                | trigger
          {"trigger": null}                 | trigger
          {"trigger": ""}                   | trigger
          {"job": 7}                        | job
          {"job": "a\\u0000b"}              | job
          {"kind": "all"}                   | kind
          {"kind": null}                    | kind
          {"kind": "backfill", "state": "failed"} | state
          {"kind": "backfill", "since": "x"} | since
          """)
  void aCancelOfManySaysWhatItCannotRead(String body, String field) {
    Api.Answer refused = operator.post("/api/runs/cancel", body);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("/field")).isEqualTo(field);
  }

  @Test
  void namesThatNothingHasAreRefused() {
    for (String query :
        List.of("job=no.such", "trigger=no.such/one", "job=test.echo&trigger=x/y")) {
      Api.Answer listed = operator.get("/api/runs?" + query);
      assertThat(listed.status()).as(query).isEqualTo(404);
    }
    Api.Answer cancelled = operator.post("/api/runs/cancel", "{\"job\": \"no.such\"}");
    assertThat(cancelled.status()).isEqualTo(404);
    assertThat(cancelled.text("/field")).isEqualTo("job");
  }

  private void queue(String job, String trigger, String kind, int minutesAgo) {
    jdbc.sql(
            """
            INSERT INTO hub.job_run (id, job, trigger_kind, trigger_id, fire_time, state, requested_by,
                                     timeout_ms)
            VALUES (:id, :job, :kind, :trigger, now() - make_interval(mins => :ago), 'queued', 'test',
                    1000)""")
        .param("id", UUID.randomUUID())
        .param("job", job)
        .param("kind", kind)
        .param("trigger", trigger)
        .param("ago", minutesAgo)
        .update();
  }

  private long unasked(String job) {
    return jdbc.sql("SELECT count(*) FROM hub.job_run WHERE job = :job AND cancel_asked_at IS NULL")
        .param("job", job)
        .query(Long.class)
        .single();
  }

  @Test
  void pagesShowEveryRunOnce() {
    List<String> asked = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      asked.add(
          0,
          operator.post("/api/jobs/test.slow/runs?overlap=queue", "{\"name\": \"p\"}").text("/id"));
    }
    List<String> seen = new ArrayList<>();
    String next = "";
    int pages = 0;
    do {
      JsonNode page = operator.get("/api/runs?job=test.slow&limit=3" + next).json();
      assertThat(page.path("items").size()).isBetween(1, 3);
      page.path("items").forEach(run -> seen.add(run.path("id").asText()));
      next = page.has("next") ? "&after=" + page.path("next").asText() : null;
      pages++;
    } while (next != null);

    assertThat(seen).doesNotHaveDuplicates().containsSubsequence(asked);
    assertThat(pages).isGreaterThanOrEqualTo(3);
    asked.forEach(id -> operator.post("/api/runs/" + id + "/cancel", null));
    asked.forEach(id -> ended(UUID.fromString(id)));
  }

  @Test
  void filters() {
    JsonNode failed = operator.get("/api/runs?state=failed&limit=500").json();
    failed.path("items").forEach(run -> assertThat(run.path("state").asText()).isEqualTo("failed"));
    assertThat(operator.get("/api/runs?job=no.such").json().path("items")).isEmpty();
    assertThat(operator.get("/api/runs?trigger=no.such/x").json().path("items")).isEmpty();
  }

  @Test
  void jobsTellWhatTheyTake() {
    JsonNode job = operator.get("/api/jobs/test.wait").json();

    assertThat(job.at("/parameters/0/name").asText()).isEqualTo("name");
    assertThat(job.at("/parameters/0/choices")).hasSize(6);
    assertThat(job.at("/parameters/0/default").asText()).isEqualTo("a");
    assertThat(job.path("triggers")).hasSize(6);
    assertThat(operator.get("/api/jobs").json().path("items").findValuesAsText("id"))
        .contains("test.echo", "test.wait");
  }

  @Test
  void aTriggerIsPausedResumedAndBackfilled() {
    String trigger = "/api/triggers/test.wait/nightly-a";
    assertThat(operator.post(trigger + "/pause", null).text("/pausedBy")).isEqualTo(actor);
    assertThat(operator.get(trigger).json().has("next")).isFalse();
    assertThat(
            operator
                .post(
                    trigger + "/backfill",
                    "{\"from\": \"2026-01-01T00:00:00Z\", \"to\": \"2026-01-02T00:00:00Z\"}")
                .status())
        .isEqualTo(409);
    assertThat(operator.post(trigger + "/resume", null).json().has("pausedBy")).isFalse();

    Api.Answer filled =
        operator.post(
            "/api/triggers/test.echo/daily/backfill",
            "{\"from\": \"2026-01-01T00:00:00Z\", \"to\": \"2026-01-03T00:00:00Z\"}");
    assertThat(filled.status()).isEqualTo(202);
    assertThat(filled.json().path("runs").asInt()).isEqualTo(2);
    JsonNode runs = operator.get(filled.header("Location")).json().path("items");
    assertThat(runs) // other tests fill other times
        .filteredOn(run -> run.path("fireTime").asText().startsWith("2026-01-0"))
        .hasSize(2);
    runs.forEach(run -> ended(UUID.fromString(run.path("id").asText())));
    assertThat(audited("trigger.pause", "test.wait/nightly-a").path("actor").asText())
        .isEqualTo(actor);
    assertThat(audited("trigger.backfill", "test.echo/daily").at("/detail/runs").asInt())
        .isEqualTo(2);
  }

  @Test
  void theSwitchOfAllTriggers() {
    assertThat(admin().post("/api/triggers/pause", null).json().path("on").asBoolean()).isFalse();
    assertThat(operator.get("/api/triggers").json().path("on").asBoolean()).isFalse();
    assertThat(admin().post("/api/triggers/resume", null).json().path("on").asBoolean()).isTrue();
    assertThat(trail("triggers.pause", "all")).isNotEmpty();
  }

  private JsonNode audited(String action, String target) {
    List<JsonNode> lines = trail(action, target);
    assertThat(lines).as(action + " of " + target).isNotEmpty();
    assertThat(lines.get(0).path("traceId").asText()).matches("[0-9a-f]{32}");
    return lines.get(0);
  }

  private List<JsonNode> trail(String action, String target) {
    List<JsonNode> lines = new ArrayList<>();
    admin()
        .get("/api/audit?limit=500")
        .json()
        .path("items")
        .forEach(
            line -> {
              if (line.path("action").asText().equals(action)
                  && line.path("target").asText().equals(target)) {
                lines.add(line);
              }
            });
    return lines;
  }

  @Test
  void runsAreListedByWhatStartedThemAndSinceWhen() {
    String text = UUID.randomUUID().toString();
    Api.Answer first = operator.post("/api/jobs/test.echo/runs", "{\"text\": \"" + text + "\"}");
    Run run = ended(UUID.fromString(first.text("/id")));
    String all = "/api/runs?job=test.echo&limit=500";

    assertThat(ids(all + "&kind=api&since=" + run.queuedAt())).contains(run.id().toString());
    assertThat(ids(all + "&kind=backfill&since=" + run.queuedAt()))
        .doesNotContain(run.id().toString());
    assertThat(ids(all + "&since=" + run.queuedAt().plusMillis(1)))
        .doesNotContain(run.id().toString());
    assertThat(operator.get("/api/runs?kind=magic").status()).isEqualTo(400);
    assertThat(operator.get("/api/runs?since=yesterday").text("/detail")).contains("since");
  }

  private List<String> ids(String path) {
    return operator.get(path).json().path("items").findValuesAsText("id");
  }
}
