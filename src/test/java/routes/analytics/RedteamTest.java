package routes.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import routes.Api;
import routes.Covers;
import routes.HubTest;

/** Files of red teams, as a service of the platform sends them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Covers("redteam.ingest")
class RedteamTest extends HubTest {

  private final String tag = UUID.randomUUID().toString();
  @Autowired private MeterRegistry meters;

  private Api service;

  @BeforeAll
  void key() {
    service = as("service");
  }

  private Api.Answer send(String kind, String mediaType, String body) {
    return service.post("/api/redteam/" + kind, body, "Content-Type", mediaType);
  }

  private double outcome(String route, String outcome) {
    return meters
        .get("hub.route.exchanges")
        .tags("route_id", route, "outcome", outcome)
        .counter()
        .count();
  }

  private static void counts(
      Api.Answer answer, int created, int updated, int unchanged, int refused) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.json().path("created").asInt()).as(answer.toString()).isEqualTo(created);
    assertThat(answer.json().path("updated").asInt()).isEqualTo(updated);
    assertThat(answer.json().path("unchanged").asInt()).isEqualTo(unchanged);
    assertThat(answer.json().path("refused")).hasSize(refused);
  }

  private String vulnerability(String id, String severity, String status) {
    return """
        {"vulnerability_id":"%s","model_name":"%s","model_version":"1","title":"t",\
        "severity":"%s","status":"%s","cvss":9.8,"discovered_at":"2026-01-31T02:00:00+01:00"}"""
        .formatted(id, tag, severity, status);
  }

  private long events(String key) {
    return jdbc.sql(
            "SELECT count(*) FROM hub.outbox WHERE channel = 'redteam' AND key = :key"
                + " AND envelope ->> 'severity' = 'critical'")
        .param("key", key)
        .query(Long.class)
        .single();
  }

  @Test
  void aCriticalFindingIsToldOnceHoweverOftenItComes() {
    String high = vulnerability("V-1", "high", "open");
    String critical = vulnerability("V-1", "critical", "open");
    counts(send("vulnerabilities", "application/json", high), 1, 0, 0, 0);
    assertThat(events(tag)).isZero();

    Api.Answer raised = send("vulnerabilities", "application/json", critical);
    counts(raised, 0, 1, 0, 0);
    assertThat(raised.json().path("critical").asInt()).isEqualTo(1);
    counts(send("vulnerabilities", "application/x-ndjson", critical), 0, 0, 1, 0);
    counts(
        send("vulnerabilities", "application/json", vulnerability("V-1", "critical", "fixed")),
        0,
        1,
        0,
        0);
    counts(send("vulnerabilities", "application/json", "[" + critical + "]"), 0, 1, 0, 0);

    assertThat(events(tag)).isEqualTo(1);
  }

  @Test
  void aFileMayHoldNothing() {
    counts(send("results", "application/x-ndjson", ""), 0, 0, 0, 0);

    Api.Answer noJson = send("results", "application/json", "");
    assertThat(noJson.status()).isEqualTo(400);
    assertThat(noJson.text("/field")).isEqualTo("body");
    Api.Answer noType = service.post("/api/redteam/results", null);
    assertThat(noType.status()).isEqualTo(415);
    assertThat(noType.text("/field")).isEqualTo("Content-Type");
  }

  @Test
  void goodRowsGoInAndTheOthersAreToldByLineAndKept() {
    String csv =
        """
        campaign,result_id,model_name,model_version,pattern_id,outcome,severity,score,executed_at,details
        %1$s,1,m,1,p,blocked,low,0.1,2026-01-31T02:00:00Z,
        %1$s,2,m,1,p,exploded,low,0.1,2026-01-31T02:00:00Z,
        %1$s,3,m,1,p,succeeded,critical,1,2026-01-31T02:00:00Z,"{""prompt"":""x""}"
        %1$s,4,m,1,p,blocked,low,2,2026-01-31T02:00:00Z,
        %1$s,5,m,1,p,blocked,low,0.1,yesterday,
        """
            .formatted(tag);

    double failed = outcome("redteam.ingest", "failed");
    double succeeded = outcome("redteam.ingest", "succeeded");

    Api.Answer answer = send("results", "text/csv; charset=utf-8", csv);

    counts(answer, 2, 0, 0, 3);
    assertThat(outcome("redteam.ingest", "failed")).as("one file, once").isEqualTo(failed + 1);
    assertThat(outcome("redteam.ingest", "succeeded")).isEqualTo(succeeded);
    assertThat(answer.json().at("/refused/0/line").asInt()).isEqualTo(3);
    assertThat(answer.text("/refused/0/error")).startsWith("/outcome breaks enum");
    assertThat(answer.text("/refused/1/error")).startsWith("/score breaks maximum");
    assertThat(answer.text("/refused/2/error")).startsWith("/executed_at breaks format");
    assertThat(answer.json().path("critical").asInt()).isEqualTo(1);
    assertThat(letters(tag)).isEqualTo(3);

    counts(send("results", "text/csv", csv), 0, 0, 2, 3);
    assertThat(letters(tag)).as("each once").isEqualTo(3);
    assertThat(
            jdbc.sql(
                    "SELECT details ->> 'prompt' FROM analytics.red_team_results"
                        + " WHERE campaign = :tag AND result_id = '3'")
                .param("tag", tag)
                .query(String.class)
                .single())
        .isEqualTo("x");
  }

  @Test
  void aFileWithAnotherSeparatorIsRefusedOnceAndNothingOfItIsKept() {
    String csv = "\"campaign\";\"result_id\"\n" + ("\"" + tag + "-semi\";\"1\"\n").repeat(3);

    Api.Answer answer = send("results", "text/csv", csv);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.mediaType()).isEqualTo("application/problem+json");
    assertThat(answer.text("/field")).isEqualTo("line 1");
    assertThat(answer.text("/detail")).contains("has ';' between its columns");
    assertThat(letters(tag + "-semi")).isZero();
  }

  @Test
  void aRowThatWasRefusedIsMendedAndReplayed() throws Exception {
    String own = tag + "-mended";
    String csv =
        """
        campaign,result_id,model_name,model_version,pattern_id,outcome,severity,score,executed_at,details
        %1$s,1,m,1,p,exploded,low,0.1,2026-01-31T02:00:00Z,
        """
            .formatted(own);
    counts(send("results", "text/csv", csv), 0, 0, 0, 1);
    UUID id =
        jdbc.sql(
                "SELECT id FROM hub.dead_letter WHERE port = 'redteam.ingest'"
                    + " AND position(convert_to(:text, 'UTF8') IN body) > 0")
            .param("text", own)
            .query(UUID.class)
            .single();
    String path = "/api/dead-letters/" + id;
    Api operator = as("operator");
    String row = operator.get(path).text("/content/body");
    ObjectMapper json = new ObjectMapper();
    String mended = json.writeValueAsString(Map.of("body", row.replace("exploded", "blocked")));

    assertThat(operator.post(path + "/replay", null).json().path("replayed").asBoolean())
        .as("it is as wrong as before")
        .isFalse();
    assertThat(operator.post(path + "/edit", mended).status()).isEqualTo(200);
    assertThat(operator.post(path + "/replay", null).json().path("replayed").asBoolean()).isTrue();
    assertThat(
            jdbc.sql("SELECT outcome FROM analytics.red_team_results WHERE campaign = :tag")
                .param("tag", own)
                .query(String.class)
                .single())
        .isEqualTo("blocked");
  }

  /**
   * As question marks the two would have one key, and the second would take the first one's place.
   */
  @Test
  void halvesOfCharactersAreTwoDeadLettersAndNoFinding() {
    for (String type : new String[] {"application/json", "application/x-ndjson"}) {
      String own = UUID.randomUUID().toString();
      String list =
          java.util.stream.Stream.of(own + "\\ud800", own + "\\ud801", own)
              .map(id -> vulnerability(id, "critical", "open"))
              .collect(
                  java.util.stream.Collectors.joining(
                      type.endsWith("/json") ? "," : "\n",
                      type.endsWith("/json") ? "[" : "",
                      type.endsWith("/json") ? "]" : ""));

      Api.Answer answer = send("vulnerabilities", type, list);

      counts(answer, 1, 0, 0, 2);
      assertThat(answer.text("/refused/0/error")).startsWith("vulnerability_id: holds half");
      assertThat(letters(own)).as(type).isEqualTo(2);
    }
  }

  @Test
  void aRowThatNoTableHoldsIsRefusedAloneWhateverTheFile() {
    String result =
        """
        {"campaign":"%s","result_id":"%s","model_name":"m","model_version":"1","pattern_id":"p",\
        "outcome":"blocked","severity":"low","score":%s,"executed_at":"2026-01-31T02:00:00Z","details":%s}""";
    String numbers = "{\"x\":[1e308" + ",1e308".repeat(4_000) + "]}";
    List<String> rows =
        List.of(
            result.formatted(tag, "n1", "0.1", "{\"x\":1e131071}"),
            result.formatted(tag, "n2", "1e-131071", "{}"),
            result.formatted(tag, "n3", "0.1", "{\"x\":\"\\u0000\"}"),
            result.formatted(tag, "n4", "0.1", numbers),
            result.formatted(tag, "n5", "0.1", "{\"x\":1e99999999999}"),
            result.formatted(tag, "good", "1e-3", "{\"x\":1e10}"));

    Api.Answer json = send("results", "application/json", "[" + String.join(",", rows) + "]");
    counts(json, 1, 0, 0, 5);
    assertThat(json.text("/refused/0/error")).contains("details.x", "1.8e308");
    assertThat(json.text("/refused/1/error")).contains("score", "4.9e-324");
    assertThat(json.text("/refused/2/error")).contains("NUL");
    assertThat(json.text("/refused/3/error")).contains("more than 1048576 bytes");
    assertThat(json.text("/refused/4/error")).contains("exponent");
    assertThat(letters(tag + "\",\"result_id\":\"n5")).as("as JSON and as lines, one").isOne();
    counts(send("results", "application/x-ndjson", String.join("\n", rows)), 0, 0, 1, 5);
    String csv =
        """
        campaign,result_id,model_name,model_version,pattern_id,outcome,severity,score,executed_at,details
        %1$s,c1,m,1,p,blocked,low,1e400,2026-01-31T02:00:00Z,
        %1$s,c2,m,1,p,blocked,low,0.1,2026-01-31T02:00:00Z,"{""x"":""\\ud800""}"
        %1$s,c3,m,1,p,blocked,low,0.1,2026-01-31T02:00:00Z,"{""x"":1e131071}"
        %1$s,c\0,m,1,p,blocked,low,0.1,2026-01-31T02:00:00Z,
        %1$s,c4,m,1,p,blocked,low,0.1,2026-01-31T02:00:00Z,
        """
            .formatted(tag);
    Api.Answer answer = send("results", "text/csv", csv);
    counts(answer, 1, 0, 0, 4);
    assertThat(answer.text("/refused/0/error")).contains("score", "1.8e308");
    assertThat(answer.text("/refused/1/error")).contains("details.x", "surrogate");
    assertThat(answer.text("/refused/2/error")).contains("details.x", "1.8e308");
    assertThat(answer.text("/refused/3/error")).contains("NUL");
  }

  private long letters(String text) {
    return jdbc.sql(
            "SELECT count(*) FROM hub.dead_letter WHERE port = 'redteam.ingest'"
                + " AND position(convert_to(:text, 'UTF8') IN body) > 0")
        .param("text", text)
        .query(Long.class)
        .single();
  }

  /** An adopted table may have rules that no schema of ours knows. */
  @Test
  void aRowThatBreaksARuleOfItsTableIsRefusedAlone() {
    String own = tag + "-rule";
    jdbc.sql(
            "ALTER TABLE analytics.vulnerabilities ADD CONSTRAINT own_rule"
                + " CHECK (vulnerability_id <> 'V-odd') NOT VALID")
        .update();
    try {
      String rows =
          vulnerability("V-a", "critical", "open")
              + "\n"
              + vulnerability("V-odd", "critical", "open")
              + "\n"
              + vulnerability("V-z", "critical", "open");
      Api.Answer answer = send("vulnerabilities", "application/x-ndjson", rows.replace(tag, own));

      counts(answer, 2, 0, 0, 1);
      assertThat(answer.json().at("/refused/0/line").asInt()).isEqualTo(2);
      assertThat(answer.text("/refused/0/error")).isEqualTo("breaks a rule of its table");
      assertThat(answer.json().path("critical").asInt()).isEqualTo(2);
      assertThat(events(own)).isEqualTo(2);
      assertThat(letters(own)).isEqualTo(1);
    } finally {
      jdbc.sql("ALTER TABLE analytics.vulnerabilities DROP CONSTRAINT own_rule").update();
    }
  }

  /** camel-sql would take its statement, and its parameters, from headers. */
  @Test
  void headersOfAMessageAreNoStatements() {
    String own = tag + "-header";
    var done =
        camel
            .createFluentProducerTemplate()
            .to("direct:redteam.ingest")
            .withHeader("CamelSqlQuery", "DELETE FROM analytics.vulnerabilities")
            .withHeader("CamelSqlParameters", List.of("x"))
            .withHeader("kind", "vulnerabilities")
            .withBody(
                vulnerability("V-1", "low", "open")
                    .replace(tag, own)
                    .getBytes(StandardCharsets.UTF_8))
            .send();

    assertThat(done.getException()).isNull();
    assertThat(done.getMessage().getBody(Redteam.Outcome.class).created()).isEqualTo(1);
  }

  @Test
  void whatIsNoFileOfThatKindIsRefusedWhole() {
    assertThat(send("secrets", "application/json", "[]").text("/field")).isEqualTo("kind");
    assertThat(send("results", "application/xml", "<a/>").status()).isEqualTo(415);
    assertThat(send("results", "application/json", "[").status()).isEqualTo(400);
    assertThat(service.get("/api/jobs").status()).isEqualTo(403);
    String many = ("{\"campaign\":\"" + tag + "\"}\n").repeat(Redteam.MOST_REFUSED + 1);
    long before = letters("campaign");
    Api.Answer answer = send("results", "application/x-ndjson", many);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/detail")).contains("more than 1000 rows are wrong");
    assertThat(letters("campaign")).isEqualTo(before);
  }

  /** Said beforehand, it is refused beforehand: a client that sends on may not see the answer. */
  @Test
  void aFileThatIsTooLargeIsRefusedBeforeItIsSent() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      String head =
          "POST /api/redteam/results HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer %s\r\n"
              + "Content-Type: text/csv\r\nContent-Length: 16777217\r\n\r\nx";
      socket
          .getOutputStream()
          .write(head.formatted(key("service")).getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void whatStandsInARowIsNeverRunAsSql() {
    String odd = "x'; DROP TABLE analytics.attack_patterns; --" + tag;
    String row =
        "{\"pattern_id\":\"%s\",\"name\":\"${sys.user.name}\",\"category\":\"c\",\"severity\":\"low\"}"
            .formatted(odd);
    counts(send("attack-patterns", "application/json", row), 1, 0, 0, 0);
    String extra =
        row.replace("\"category\"", "\"CamelSqlQuery\":\"DELETE FROM hub.outbox\",\"category\"");
    counts(send("attack-patterns", "application/json", extra), 0, 0, 0, 1);
    assertThat(
            jdbc.sql("SELECT name FROM analytics.attack_patterns WHERE pattern_id = :id")
                .param("id", odd)
                .query(String.class)
                .single())
        .isEqualTo("${sys.user.name}");
  }
}
