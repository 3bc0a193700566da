package routes.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import routes.Covers;
import routes.HubTest;
import routes.StandInTarget;
import routes.StandInTarget.Answer;
import routes.jobs.ledger.Run;
import routes.probes.ProbeProperties.Probe;

/**
 * What is asked whether it is well: each change is a row, an event and a metric; all else is not.
 */
@Covers("probes.run")
class ProbesTest extends HubTest {

  private static final String PATH = "/shop/health";
  private static final Answer WELL = Answer.of(200, "{\"status\": \"ok\"}");

  @Autowired private ProbeStates states;
  @Autowired private ProbeMetrics metrics;
  @Autowired private ProbeScheduler clockwork;
  @Autowired private MeterRegistry meters;
  @Autowired private ObjectMapper json;

  @BeforeEach
  void afresh() {
    // The clockwork's first look, which nobody told what to find.
    await().atMost(PATIENCE).until(() -> !states.history("shop", 1).isEmpty());
    StandInTarget.answer(PATH, WELL);
    look();
    jdbc.sql("DELETE FROM hub.outbox WHERE channel = 'probes'").update();
  }

  private Run look() {
    return ended(submit("probes.run", Map.of("probe", "shop")).id());
  }

  @Test
  void aChangeIsARowAnEventAndAMetricAndIsToldOnce() throws Exception {
    assertThat(look().headline()).isEqualTo("1 probe, all up");
    int before = states.history("shop", 200).size();
    assertThat(events()).as("nothing changed").isEmpty();

    StandInTarget.answer(PATH, Answer.of(503, "secret@example.org"));
    Run run = look();
    look();

    assertThat(run.state())
        .as("that something is down is not a failure of the run")
        .isEqualTo("succeeded");
    assertThat(run.headline()).isEqualTo("1 probe, down: shop");
    assertThat(states.history("shop", 200)).hasSize(before + 1);
    assertThat(events()).hasSize(1);
    JsonNode event = json.readTree(events().get(0));
    assertThat(event.path("type").asText()).isEqualTo("probe.changed");
    assertThat(event.path("subject").asText()).isEqualTo("shop");
    assertThat(event.path("severity").asText()).isEqualTo("error");
    assertThat(event.path("traceparent").asText()).contains(run.traceId());
    assertThat(event.at("/data/state").asText()).isEqualTo("down");
    assertThat(event.at("/data/before").asText()).isEqualTo("up");
    assertThat(event.at("/data/lastedSeconds").isNumber()).isTrue();
    assertThat(event.at("/data/why").asText()).isEqualTo("answered 503, not 200");
    metrics.refresh();
    assertThat(meters.get("hub.probe.up").tag("probe", "shop").gauge().value()).isZero();

    JsonNode shown = as("viewer").get("/api/probes?history=2").json().at("/items/0");
    assertThat(shown.path("name").asText()).isEqualTo("shop");
    assertThat(shown.path("url").asText())
        .as("without what may be a key")
        .isEqualTo(StandInTarget.url() + PATH);
    assertThat(shown.at("/now/state").asText()).isEqualTo("down");
    assertThat(shown.at("/now").has("until")).isFalse();
    assertThat(shown.path("history")).hasSize(2);
    assertThat(shown.at("/history/1/until").asText()).isEqualTo(shown.at("/now/since").asText());
    assertThat(shown.toString()).doesNotContain("secret@example.org", "hidden");

    StandInTarget.answer(PATH, WELL);
    look();
    metrics.refresh();
    assertThat(meters.get("hub.probe.up").tag("probe", "shop").gauge().value()).isEqualTo(1);
    assertThat(events()).hasSize(2);
  }

  private List<String> events() {
    return jdbc.sql("SELECT envelope::text FROM hub.outbox WHERE channel = 'probes' ORDER BY seq")
        .query(String.class)
        .list();
  }

  @Test
  void aTargetThatHangsOrSendsElsewhereIsDown() {
    CountDownLatch never = new CountDownLatch(1);
    StandInTarget.answer(PATH, new Answer(200, "", null, never));
    try {
      look();
      assertThat(why()).isEqualTo("no answer within 500 ms");
    } finally {
      never.countDown();
    }
    StandInTarget.answer("/elsewhere", WELL);
    StandInTarget.answer(PATH, new Answer(302, "", StandInTarget.url() + "/elsewhere", null));
    look();
    assertThat(why()).isEqualTo("answered 302, not 200");
    assertThat(StandInTarget.asked()).doesNotContain("/elsewhere");

    StandInTarget.answer(PATH, Answer.of(200, " ".repeat(65_536) + WELL.body()));
    look();
    assertThat(why()).as("only so much is read").isEqualTo("its body is not as expected");
  }

  private String why() {
    return states.history("shop", 1).get(0).why();
  }

  @Test
  void oneReplicaLooksWhenItIsDue() {
    assertThat(states.claim("shop", Duration.ofDays(1))).as("just looked at").isFalse();
    int before = StandInTarget.asked().size();
    clockwork.lookWhenDue("shop");
    assertThat(StandInTarget.asked()).hasSize(before);

    jdbc.sql("UPDATE hub.probe_state SET looked_at = now() - interval '25 h' WHERE until IS NULL")
        .update();
    assertThat(states.claim("shop", Duration.ofDays(1))).as("the first to ask").isTrue();
    assertThat(states.claim("shop", Duration.ofDays(1))).as("the second").isFalse();

    jdbc.sql("UPDATE hub.probe_state SET looked_at = now() - interval '25 h' WHERE until IS NULL")
        .update();
    clockwork.lookWhenDue("shop");
    assertThat(StandInTarget.asked()).hasSize(before + 1);
  }

  @Test
  void aPatternThatWouldTakeForEverIsGivenUp() {
    Probe probe = probe("http://shop/", 200, "(.*a){25}b", "30s", "5s");

    assertThat(
            new Expectation("shop", probe)
                .unmet(200, "a".repeat(60).getBytes(StandardCharsets.US_ASCII)))
        .hasValueSatisfying(
            why -> assertThat(why).startsWith("hub.probes.shop.body takes too long"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          shop | url     | file:/etc/passwd   | 200 | ok  | 30s | 5s
          shop | url     | http://u:p@shop/   | 200 | ok  | 30s | 5s
          shop | url     | -                  | 200 | ok  | 30s | 5s
          shop | status  | http://shop/       | 99  | ok  | 30s | 5s
          shop | body    | http://shop/       | 200 | (   | 30s | 5s
          shop | every   | http://shop/       | 200 | ok  | 4s  | 1s
          shop | timeout | http://shop/       | 200 | ok  | 10s | 11s
          shop | timeout | http://shop/       | 200 | ok  | 10s | 99ms
          """)
  void aWrongKeyStopsTheHubAndIsNamed(
      String name, String key, String url, int status, String body, String every, String timeout) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ProbeProperties(Map.of(name, probe(url, status, body, every, timeout))))
        .withMessageContaining("hub.probes.shop." + key)
        .withMessageNotContaining("u:p");
  }

  private static Probe probe(String url, int status, String body, String every, String timeout) {
    return new Probe(
        url == null ? null : URI.create(url), status, body, seconds(every), seconds(timeout));
  }

  private static Duration seconds(String text) {
    return text.endsWith("ms")
        ? Duration.ofMillis(Long.parseLong(text.replace("ms", "")))
        : Duration.ofSeconds(Long.parseLong(text.replace("s", "")));
  }
}
