package routes.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import routes.Covers;
import routes.HubTest;
import routes.devservices.TestStores;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Files of red teams in a bucket, on a real S3 server, through routes of the shipped template. */
@Covers("drop.redteam")
class RedteamDropTest extends HubTest {

  private final String tag = UUID.randomUUID().toString();
  private final S3Client s3 = TestStores.get().s3Client();
  private String bucket;
  private String route;

  @BeforeEach
  void newBucket() {
    bucket = TestStores.get().newBucket("drop");
    route = "test.drop." + bucket;
  }

  @AfterEach
  void removeRoute() throws Exception {
    for (String id : List.of(route, route + ".2")) {
      camel.getRouteController().stopRoute(id);
      camel.removeRoute(id);
    }
  }

  private void watch() {
    DropRoutes.watch(camel, route, bucket, "in/", Duration.ofMillis(200));
  }

  private String pattern() {
    return "{\"pattern_id\":\""
        + tag
        + "\",\"name\":\"n\",\"category\":\"c\",\"severity\":\"low\"}\n";
  }

  private long patterns() {
    return jdbc.sql("SELECT count(*) FROM analytics.attack_patterns WHERE pattern_id = :id")
        .param("id", tag)
        .query(Long.class)
        .single();
  }

  @Test
  void theHubsOwnDropIsTaken() {
    String own = "in/attack-patterns/" + tag + ".jsonl";
    put(DropBucket.NAME, own, pattern());

    await()
        .atMost(PATIENCE)
        .until(
            () -> keys(DropBucket.NAME),
            keys ->
                keys.contains("in/done/attack-patterns/" + tag + ".jsonl") && !keys.contains(own));
    assertThat(patterns()).isEqualTo(1);
  }

  @Test
  void filesAreTakenAndMoved() {
    String good = pattern();
    put("in/attack-patterns/${sys.user.name}.jsonl", good);
    put("in/attack-patterns/a b+c%41&d=e#f?ä.jsonl", good);
    put("in/attack-patterns/half.jsonl", good + "{\"pattern_id\":1}\n");
    put("in/attack-patterns/broken.json", "[");
    put("in/attack-patterns/excel.csv", "pattern_id;name\n" + "a;b\n".repeat(3));
    put("in/attack-patterns/upper.csv", "PATTERN_ID,NAME,CATEGORY,SEVERITY\n");
    put("in/secrets/x.json", "[]");
    put("in/readme.txt", "x");
    put("other/attack-patterns/x.jsonl", good);

    watch();

    List<String> settled =
        List.of(
            "in/done/attack-patterns/${sys.user.name}.jsonl",
            "in/done/attack-patterns/${sys.user.name}.jsonl.outcome.json",
            "in/done/attack-patterns/a b+c%41&d=e#f?ä.jsonl",
            "in/done/attack-patterns/a b+c%41&d=e#f?ä.jsonl.outcome.json",
            "in/failed/attack-patterns/half.jsonl",
            "in/failed/attack-patterns/half.jsonl.outcome.json",
            "in/failed/attack-patterns/broken.json",
            "in/failed/attack-patterns/broken.json.outcome.json",
            "in/failed/attack-patterns/excel.csv",
            "in/failed/attack-patterns/excel.csv.outcome.json",
            "in/done/attack-patterns/upper.csv",
            "in/done/attack-patterns/upper.csv.outcome.json",
            "in/failed/secrets/x.json",
            "in/failed/secrets/x.json.outcome.json",
            "in/failed/readme.txt",
            "in/failed/readme.txt.outcome.json",
            "other/attack-patterns/x.jsonl");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(keys(bucket)).containsExactlyInAnyOrderElementsOf(settled));
    assertThat(read("in/done/attack-patterns/${sys.user.name}.jsonl")).isEqualTo(good);
    assertThat(read("in/failed/attack-patterns/half.jsonl.outcome.json"))
        .contains("\"line\":2")
        .contains("\"unchanged\":1");
    assertThat(read("in/failed/attack-patterns/excel.csv.outcome.json"))
        .isEqualTo(
            "{\"error\":\"line 1: has ';' between its columns: a comma must stand there, and in each"
                + " line below\"}");
    assertThat(patterns()).isEqualTo(1);
  }

  @Test
  void aFileThatIsDroppedAgainIsTakenAgain() {
    watch();
    String key = "in/attack-patterns/again.jsonl";
    List<String> moved =
        List.of(
            "in/done/attack-patterns/again.jsonl",
            "in/done/attack-patterns/again.jsonl.outcome.json");
    long first = Instant.now().getEpochSecond();
    for (int i = 0; i < 2; i++) {
      put(key, pattern());
      await().atMost(PATIENCE).until(() -> keys(bucket), keys -> keys.equals(moved));
      assertThat(read(moved.get(1))).contains(i == 0 ? "\"created\":1" : "\"unchanged\":1");
      // S3 tells the time of an upload in seconds.
      await().until(() -> Instant.now().getEpochSecond() > first + 1);
    }
  }

  @Test
  void moreFilesThanAPageOfTheListHolds() {
    for (int i = 0; i < 110; i++) {
      put("in/done/attack-patterns/" + i + ".jsonl", "x");
    }
    put("in/results/last.jsonl", "");
    watch();

    await().atMost(PATIENCE).until(() -> keys(bucket).contains("in/done/results/last.jsonl"));
  }

  @Test
  void aDatabaseThatIsAwayMovesNothingAndTheFileIsTakenLater() throws Exception {
    put("in/attack-patterns/a.jsonl", pattern());
    jdbc.sql("ALTER TABLE analytics.attack_patterns RENAME TO attack_patterns_away").update();
    NotifyBuilder failed = new NotifyBuilder(camel).fromRoute(route).whenFailed(2).create();
    try {
      watch();
      assertThat(failed.matches(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
          .isTrue();
      assertThat(keys(bucket)).containsExactly("in/attack-patterns/a.jsonl");
    } finally {
      jdbc.sql("ALTER TABLE analytics.attack_patterns_away RENAME TO attack_patterns").update();
    }

    await().atMost(PATIENCE).until(() -> keys(bucket).contains("in/done/attack-patterns/a.jsonl"));
    assertThat(patterns()).isEqualTo(1);
  }

  /** What was put in its place while its rows were written is not moved away unread. */
  @Test
  void aFileThatChangesWhileItIsTakenIsTakenOnceMore() throws Exception {
    String key = "in/attack-patterns/changing.jsonl";
    watchStopped();
    put(key, pattern().replace("\"low\"", "\"high\""));
    NotifyBuilder failed = new NotifyBuilder(camel).fromRoute(route).whenFailed(1).create();
    AdviceWith.adviceWith(
        camel,
        route,
        advice -> advice.weaveById(route + ".copy").before().process(new Overwrites(key)));
    camel.getRouteController().startRoute(route);

    assertThat(failed.matches(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
        .isTrue();
    await()
        .atMost(PATIENCE)
        .until(() -> keys(bucket).contains("in/done/attack-patterns/changing.jsonl"));
    assertThat(
            jdbc.sql("SELECT severity FROM analytics.attack_patterns WHERE pattern_id = :id")
                .param("id", tag)
                .query(String.class)
                .single())
        .isEqualTo("low");
  }

  /** To be advised; its supervisor starts it a moment after it is made. */
  private void watchStopped() throws Exception {
    watch();
    await()
        .atMost(PATIENCE)
        .until(() -> camel.getRouteController().getRouteStatus(route).isStarted());
    camel.getRouteController().stopRoute(route);
  }

  /** Somebody who uploads another file of the name, once. */
  private final class Overwrites implements org.apache.camel.Processor {
    private final String key;
    private boolean done;

    private Overwrites(String key) {
      this.key = key;
    }

    @Override
    public void process(Exchange exchange) {
      if (!done) {
        done = true;
        put(key, pattern());
      }
    }
  }

  /** Between the look and its turn another replica has settled it: it is left alone. */
  @Test
  void whatAnotherReplicaHasSettledIsLeftAlone() throws Exception {
    watchStopped();
    put("in/attack-patterns/once.jsonl", pattern());
    AdviceWith.adviceWith(
        camel,
        route,
        advice -> {
          advice.weaveById(route + ".delete").replace().to("mock:left." + bucket);
        });
    MockEndpoint left = camel.getEndpoint("mock:left." + bucket, MockEndpoint.class);
    left.expectedMessageCount(1);
    NotifyBuilder looked = new NotifyBuilder(camel).fromRoute(route).whenCompleted(4).create();
    camel.getRouteController().startRoute(route);

    assertThat(looked.matches(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
        .isTrue();
    left.assertIsSatisfied();
  }

  /** CVE-2026-95664: a key in a header would be evaluated by the steps that move the file. */
  @Test
  void noHeaderHoldsAKey() throws Exception {
    watchStopped();
    put("in/attack-patterns/${sys.user.name}.jsonl", pattern());
    AdviceWith.adviceWith(
        camel,
        route,
        advice -> {
          advice.weaveById(route + ".copy").before().to("mock:copy." + bucket);
        });
    MockEndpoint copied = camel.getEndpoint("mock:copy." + bucket, MockEndpoint.class);
    copied.expectedMinimumMessageCount(1);
    camel.getRouteController().startRoute(route);

    copied.setResultWaitTime(PATIENCE.toMillis());
    copied.assertIsSatisfied();
    Exchange exchange = copied.getExchanges().get(0);
    assertThat(exchange.getMessage().getHeaders().keySet())
        .noneMatch(name -> name.startsWith("Camel"));
  }

  private void put(String key, String text) {
    put(bucket, key, text);
  }

  private void put(String where, String key, String text) {
    s3.putObject(
        put -> put.bucket(where).key(key),
        RequestBody.fromBytes(text.getBytes(StandardCharsets.UTF_8)));
  }

  private String read(String key) {
    return s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String();
  }

  private List<String> keys(String where) {
    return s3.listObjectsV2(list -> list.bucket(where)).contents().stream()
        .map(S3Object::key)
        .toList();
  }
}
