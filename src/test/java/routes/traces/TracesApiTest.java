package routes.traces;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import routes.Api;
import routes.HubTest;
import routes.StandInTarget;
import routes.StandInTarget.Answer;

/** Jaeger's answers in the hub's words; and what is said when Jaeger says nothing. */
class TracesApiTest extends HubTest {

  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final String LIST = StandInTarget.JAEGER + "/api/traces";
  private static final String ONE = LIST + "/" + ID;

  /** Recorded from Jaeger 2.13; version 1 answers in the same form. */
  private static final String ANSWER = recorded("trace");

  @AfterEach
  void forget() {
    StandInTarget.answer(LIST, Answer.of(404, ""));
    StandInTarget.answer(ONE, Answer.of(404, recorded("not-found")));
  }

  private static String recorded(String name) {
    try (InputStream file = TracesApiTest.class.getResourceAsStream("/jaeger/" + name + ".json")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void tracesAreListedAsAskedFor() {
    StandInTarget.answer(LIST, Answer.of(200, ANSWER));

    JsonNode found =
        as("viewer")
            .get(
                "/api/traces?operation=job%20backup.postgres&tags=hub.run.state%3Dfailed"
                    + "&from=2026-01-01T00:00:00Z&to=2026-01-01T03:00:00Z&limit=7")
            .json()
            .path("items");

    assertThat(found).hasSize(1);
    assertThat(found.at("/0/id").asText()).isEqualTo(ID);
    assertThat(found.at("/0/service").asText()).isEqualTo("ml-security-hub");
    assertThat(found.at("/0/operation").asText()).isEqualTo("job backup.postgres");
    assertThat(found.at("/0/startedAt").asText()).isEqualTo("2026-11-22T20:54:36Z");
    assertThat(found.at("/0/micros").asLong()).isEqualTo(2500);
    assertThat(found.at("/0/spans").asInt()).isEqualTo(2);
    assertThat(found.at("/0/failed").asInt()).isOne();
    assertThat(found.at("/0/href").asText()).isEqualTo("/api/traces/" + ID);
    String asked = StandInTarget.asked().stream().reduce((one, next) -> next).orElseThrow();
    assertThat(URLDecoder.decode(asked, StandardCharsets.UTF_8))
        .isEqualTo(
            LIST
                + "?service=ml-security-hub&operation=job backup.postgres&start=1767225600000000"
                + "&end=1767236400000000&limit=7&tags={\"hub.run.state\":\"failed\"}");
  }

  @Test
  void aTraceIsShownSpanBySpan() {
    StandInTarget.answer(ONE, Answer.of(200, ANSWER));

    JsonNode trace = as("viewer").get("/api/traces/" + ID).json();

    assertThat(trace.path("id").asText()).isEqualTo(ID);
    assertThat(trace.at("/spans/0/operation").asText()).isEqualTo("job backup.postgres");
    assertThat(trace.at("/spans/0").has("parent")).isFalse();
    assertThat(trace.at("/spans/1/parent").asText()).isEqualTo("00000000000000a1");
    assertThat(trace.at("/spans/0/failed").asBoolean()).isTrue();
    assertThat(trace.at("/spans/1/failed").asBoolean()).isFalse();
    assertThat(trace.at("/spans/1/tags/http.response.status_code").asText()).isEqualTo("500");
  }

  @Test
  void noneOfThatIdIs404() {
    StandInTarget.answer(ONE, Answer.of(404, recorded("not-found")));

    assertProblem(as("viewer").get("/api/traces/" + ID), 404, ID);
    StandInTarget.answer(LIST, Answer.of(200, recorded("none")));
    assertThat(as("viewer").get("/api/traces?service=nobody").json().path("items")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          limit     | limit=0
          limit     | limit=201
          from      | from=2026-01-01T03:00:00Z&to=2026-01-01T02:00:00Z
          from      | from=2025-01-01T03:00:00Z&to=2026-01-01T02:00:00Z
          from      | from=yesterday
          from      | from=1969-12-31T23:59:59Z&to=1970-01-01T00:00:01Z
          to        | to=-1000-01-01T00:00:00Z
          to        | to=1969-12-31T23:59:59Z
          limit     | limit=many
          service   | service=a%26b
          service   | service=..%2F..%2F%3F
          operation | operation=a%0Ab
          tags      | tags=a
          tags      | tags=a%3D1%2C%2Cb%3D2
          tags      | tags=a%22%3D1
          start     | start=1
          """)
  void aWrongParameterIsNamed(String field, String query) {
    Api.Answer answer = as("viewer").get("/api/traces?" + query);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.text("/field")).isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcdef0", "x"})
  void anIdIs32HexDigits(String id) {
    int before = StandInTarget.asked().size();

    assertProblem(as("viewer").get("/api/traces/" + id), 400, "32 digits");

    assertThat(StandInTarget.asked()).hasSize(before);
  }

  @Test
  void aJaegerThatIsDownIsTold() {
    StandInTarget.answer(ONE, Answer.of(500, "oh"));
    assertProblem(as("viewer").get("/api/traces/" + ID), 503, "Jaeger answers 500");

    StandInTarget.answer(ONE, Answer.of(200, "<html>"));
    assertProblem(as("viewer").get("/api/traces/" + ID), 503, "is not Jaeger");

    StandInTarget.answer(ONE, Answer.of(200, "x".repeat(65 * 1024)));
    assertProblem(as("viewer").get("/api/traces/" + ID), 503, "hub.jaeger.most");
  }

  @Test
  void aRedirectIsNotFollowed() {
    int before = StandInTarget.asked().size();
    StandInTarget.answer(ONE, new Answer(302, "", StandInTarget.url() + "/elsewhere", null));

    assertProblem(as("viewer").get("/api/traces/" + ID), 503, "Jaeger answers 302");

    assertThat(StandInTarget.asked()).hasSize(before + 1).doesNotContain("/elsewhere");
  }

  @Test
  void aJaegerThatHangsHoldsNobodyUp() {
    CountDownLatch never = new CountDownLatch(1);
    StandInTarget.answer(ONE, new Answer(200, ANSWER, null, never));
    try {
      assertProblem(as("viewer").get("/api/traces/" + ID), 503, "no answer within 500 ms");
    } finally {
      never.countDown();
    }
  }

  private static void assertProblem(Api.Answer answer, int status, String words) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.mediaType()).isEqualTo("application/problem+json");
    assertThat(answer.text("/detail")).contains(words);
  }
}
