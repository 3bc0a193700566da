package routes.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;
import routes.Api;
import routes.Covers;
import routes.HubTest;
import routes.StandInTarget;
import routes.StandInTarget.Answer;
import routes.jobs.ledger.Run;

/** What is asked for most is made before it is asked for, by the model's own endpoint. */
@Covers("cache.warm")
class CacheWarmTest extends HubTest {

  private static final String MODEL = "/warmed/predict";

  @Autowired private StringRedisTemplate redis;
  @Autowired private HotInputTracker used;

  private final ModelVersion scope = new ModelVersion("warmed", UUID.randomUUID().toString());
  private Api service;

  @BeforeEach
  void key() {
    service = as("service");
  }

  @AfterEach
  void forget() {
    StandInTarget.answer(MODEL, Answer.of(404, ""));
    redis.delete(java.util.List.of(HotInputTracker.counts(scope), HotInputTracker.inputs(scope)));
  }

  private Api.Answer lookup(String version, String input) {
    return service.post(
        "/api/predictions/lookup",
        "{\"model\": \"warmed\", \"version\": \""
            + version
            + "\", \"load\": false, \"input\": "
            + input
            + "}");
  }

  private Run warm(Map<String, ?> more) {
    Map<String, Object> params = new java.util.HashMap<>(more);
    params.put("model", "warmed");
    params.putIfAbsent("version", scope.version());
    return ended(submit("cache.warm", params).id());
  }

  private long asked() {
    return StandInTarget.asked().stream().filter(MODEL::equals).count();
  }

  @Test
  void theMostUsedInputsOfTheVersionBeforeAreMadeForTheNext() {
    for (int i = 0; i < 3; i++) {
      lookup(scope.version(), "{\"text\": \"often\"}");
    }
    lookup(scope.version(), "{\"text\": \"once\"}");
    StandInTarget.answer(MODEL, Answer.of(200, "{\"score\": 0.5}"));
    long before = asked();
    String next = UUID.randomUUID().toString();

    Run run = warm(Map.of("version", next, "inputsOf", scope.version(), "most", 1));

    assertThat(run.state()).as(run.toString()).isEqualTo("succeeded");
    assertThat(asked() - before).isOne();
    assertThat(lookup(next, "{\"text\": \"often\"}").text("/value/score")).isEqualTo("0.5");
    assertThat(lookup(next, "{\"text\": \"once\"}").text("/result")).isEqualTo("miss");

    Run again = warm(Map.of("version", next, "inputsOf", scope.version(), "most", 2));

    assertThat(again.state()).isEqualTo("succeeded");
    assertThat(asked() - before).as("what is fresh is not made again").isEqualTo(2);
    redis.delete(
        java.util.List.of(
            HotInputTracker.counts(new ModelVersion("warmed", next)),
            HotInputTracker.inputs(new ModelVersion("warmed", next))));
  }

  /** Its normal form is written with all its digits, which no caller may send. */
  @Test
  void anInputWithALargeNumberIsMadeUnderItsOwnKey() {
    lookup(scope.version(), "{\"n\": 1e20}");
    StandInTarget.answer(MODEL, Answer.of(200, "7"));

    Run run = warm(Map.of("most", 1));

    assertThat(run.state()).as(run.toString()).isEqualTo("succeeded");
    assertThat(lookup(scope.version(), "{\"n\": 1e20}").text("/value")).isEqualTo("7");
  }

  @Test
  void aModelThatFailsOnAndOnEndsTheRun() {
    for (int i = 0; i < 7; i++) {
      lookup(scope.version(), "{\"secret text\": " + i + "}");
    }
    StandInTarget.answer(MODEL, new Answer(302, "", StandInTarget.url() + "/elsewhere", null));
    long before = asked();

    UUID id = submit("cache.warm", Map.of("model", "warmed", "version", scope.version())).id();

    String log =
        org.awaitility.Awaitility.await()
            .atMost(PATIENCE)
            .until(
                () -> admin().get("/api/runs/" + id + "/log").http().body(),
                text -> text.split("the model answers 302", -1).length > 5);
    assertThat(log).doesNotContain("secret text");
    assertThat(StandInTarget.asked()).doesNotContain("/elsewhere");
    assertThat(asked() - before).isEqualTo(5);
    admin().post("/api/runs/" + id + "/cancel", null);
    ended(id);
  }

  @Test
  void onlyAsManyInputsAreRememberedAsTheModelKeeps() {
    for (int i = 0; i < 40; i++) {
      lookup(scope.version(), Integer.toString(i));
    }
    used.write();

    assertThat(redis.opsForZSet().size(HotInputTracker.counts(scope))).isBetween(20L, 22L);
    assertThat(redis.opsForHash().size(HotInputTracker.inputs(scope)))
        .isEqualTo(redis.opsForZSet().size(HotInputTracker.counts(scope)));
    assertThat(redis.getExpire(HotInputTracker.inputs(scope))).isBetween(604_000L, 604_800L);
  }

  @Test
  void ofAModelWithoutALoaderNoInputIsKept() {
    ModelVersion fraud = new ModelVersion("fraud", scope.version());
    service.post(
        "/api/predictions/lookup",
        "{\"model\": \"fraud\", \"version\": \"" + fraud.version() + "\", \"input\": 1}");
    used.write();

    assertThat(redis.hasKey(HotInputTracker.inputs(fraud))).isFalse();
    assertThat(redis.hasKey(HotInputTracker.counts(fraud))).isFalse();
  }

  @Test
  void aPlanMakesNothing() {
    lookup(scope.version(), "1");
    long before = asked();

    Api.Answer plan =
        admin()
            .post(
                "/api/jobs/cache.warm/runs?dryRun=true",
                "{\"model\": \"warmed\", \"version\": \"" + scope.version() + "\"}");

    Run run = ended(UUID.fromString(plan.text("/id")));
    assertThat(run.state()).isEqualTo("succeeded");
    assertThat(run.toString()).contains("is missing or stale");
    assertThat(asked()).isEqualTo(before);
  }
}
