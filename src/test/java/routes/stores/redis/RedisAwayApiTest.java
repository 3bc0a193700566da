package routes.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import routes.Api;
import routes.devservices.HubServer;
import routes.devservices.OwnRedis;
import routes.devservices.TestStores;

/**
 * What services see of a hub whose Redis stands still or is killed: an answer, soon, from each of
 * many requests at once, and all as before when Redis is back. The times are printed; the README
 * has them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisAwayApiTest {

  /** Far above the 250 ms that are promised, far below what anything that hangs takes. */
  private static final Duration SOON = Duration.ofSeconds(3);

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CALLERS = 32;
  private static final int ROUNDS = 10;
  private static final String QUESTION =
      "{\"model\": \"fraud\", \"version\": \"1\", \"input\": {\"amount\": 7}%s}";

  private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
  private OwnRedis redis;
  private HubServer hub;
  private Api service;
  private String session;

  private record Timed(Api.Answer answer, long millis) {}

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    redis = OwnRedis.start(home.resolve("store"));
    TestStores stores = TestStores.get();
    Map<String, String> settings =
        new HashMap<>(stores.properties(stores.newDatabase("redis_away")));
    settings.put(
        "spring.data.redis.url", "redis://:" + redis.password() + "@127.0.0.1:" + redis.port());
    settings.put("hub.cache.models.fraud.ttl", "1h");
    hub = HubServer.start(home.resolve("hub"), settings, "-Xmx256m", "-XX:TieredStopAtLevel=1");
    service =
        new Api(
            hub.port(),
            hub.api()
                .post("/api/keys", "{\"name\": \"service\", \"role\": \"service\"}")
                .text("/key"));
    fill();
    // What is measured is the hub, not its JVM's first steps.
    await().atMost(PATIENCE).until(() -> slowest(askAll(this::lookup)) < 250);
    await().atMost(PATIENCE).until(() -> slowest(askAll(this::session)) < 250);
  }

  @AfterAll
  void end() {
    callers.shutdownNow();
    hub.close();
    redis.close();
  }

  private void fill() {
    // On a busy machine Redis may need longer than the hub waits: then nothing was stored.
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Api.Answer put =
                  service.send(
                      service.request(
                          "PUT", "/api/predictions", QUESTION.formatted(", \"value\": 0.5")));
              assertThat(put.json().path("stored").asInt()).as(put.toString()).isEqualTo(1);
            });
    Api.Answer made =
        service.post("/api/sessions", "{\"session\": {\"user_id\": \"u-1\", \"cart\": []}}");
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    session = made.text("/id");
  }

  private Api.Answer lookup() {
    return service.post("/api/predictions/lookup", QUESTION.formatted(""));
  }

  private Api.Answer session() {
    return service.get("/api/sessions", "X-Session-Id", session);
  }

  /** By many at once. */
  private List<Timed> askAll(Supplier<Api.Answer> request) throws Exception {
    List<Future<Timed>> all = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      all.add(
          callers.submit(
              () -> {
                long began = System.nanoTime();
                Api.Answer answer = request.get();
                return new Timed(answer, Duration.ofNanos(System.nanoTime() - began).toMillis());
              }));
    }
    List<Timed> answers = new ArrayList<>();
    for (Future<Timed> each : all) {
      answers.add(each.get());
    }
    return answers;
  }

  private static long slowest(List<Timed> answers) {
    return answers.stream().mapToLong(Timed::millis).max().orElseThrow();
  }

  private void assertAnswersAll(String how) throws Exception {
    List<Timed> lookups = new ArrayList<>();
    List<Timed> sessions = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      lookups.addAll(askAll(this::lookup));
      sessions.addAll(askAll(this::session));
    }
    System.out.printf(
        "Redis %s: of %d look-ups the slowest took %d ms, of as many sessions %d ms%n",
        how, lookups.size(), slowest(lookups), slowest(sessions));
    assertThat(lookups)
        .allSatisfy(
            one -> {
              assertThat(one.answer().status()).as(one.toString()).isEqualTo(200);
              assertThat(one.answer().text("/result")).isEqualTo("miss");
              assertThat(one.answer().json().path("away").asBoolean()).isTrue();
              assertThat(one.millis()).isLessThan(SOON.toMillis());
            });
    assertThat(sessions)
        .allSatisfy(
            one -> {
              assertThat(one.answer().status()).as(one.toString()).isEqualTo(503);
              assertThat(one.answer().header("Retry-After")).isEqualTo("5");
              assertThat(one.millis()).isLessThan(SOON.toMillis());
            });
    assertThat(hub.api().get("/api/jobs").status()).as("the hub itself").isEqualTo(200);
    Api.Answer dropped =
        service.post("/api/predictions/invalidate", "{\"model\": \"fraud\", \"version\": \"1\"}");
    assertThat(dropped.status()).as("nobody is told that it was done").isEqualTo(503);
  }

  private void awaitWell() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(lookup().text("/result")).isEqualTo("hit");
              assertThat(session().status()).isEqualTo(200);
            });
  }

  @Test
  void oneThatStandsStillHangsNobody() throws Exception {
    awaitWell();
    redis.pause();
    try {
      assertAnswersAll("stands still");
    } finally {
      redis.resume();
    }
    awaitWell();
  }

  @Test
  void oneThatWasKilledHangsNobody() throws Exception {
    awaitWell();
    redis.kill();
    try {
      assertAnswersAll("killed");
    } finally {
      redis.start();
    }
    // It kept nothing: the cache is filled anew, without a restart of the hub.
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(AssertionError.class::isInstance)
        .until(
            () -> {
              fill();
              return true;
            });
    awaitWell();
  }
}
