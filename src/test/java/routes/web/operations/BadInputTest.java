package routes.web.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import routes.Api;
import routes.HubTest;

/** The caller's mistakes: status, media type and the name of the field. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest extends HubTest {

  private Api api;

  @BeforeAll
  void key() {
    api = as("admin");
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /api/nothing                        | 404 |
          POST   | /api/nothing                        | 404 |
          DELETE | /api/nothing                        | 404 |
          GET    | /nothing                            | 404 |
          GET    | /api                                | 404 |
          GET    | /api/jobs/                          | 404 |
          GET    | /api/openapi.json/more              | 404 |
          GET    | /error                              | 404 |
          GET    | /api/jobs/no.such                   | 404 | job
          GET    | /api/triggers/no.such/nightly       | 404 | trigger
          GET    | /api/runs/00000000-0000-4000-8000-000000000000     | 404 | run
          GET    | /api/runs/00000000-0000-4000-8000-000000000000/log | 404 | run
          POST   | /api/runs/00000000-0000-4000-8000-000000000000/cancel | 404 | run
          POST   | /api/runs/00000000-0000-4000-8000-000000000000/retry  | 404 | run
          DELETE | /api/keys/00000000-0000-4000-8000-000000000000 | 404 | key
          POST   | /api/triggers/no.such/nightly/pause | 404 | trigger
          POST   | /api/jobs                           | 405 |
          DELETE | /api/jobs/test.echo                 | 405 |
          PUT    | /api/keys                           | 405 |
          POST   | /health                             | 405 |
          PATCH  | /api/runs                           | 405 |
          GET    | /api/runs/1                         | 400 | id
          GET    | /api/runs/1-1-1-1-1                 | 400 | id
          GET    | /api/runs/%27%20OR%20%271           | 400 | id
          GET    | /api/runs?%6Cimit=0                 | 400 | limit
          DELETE | /api/keys/1                         | 400 | id
          GET    | /api/runs?limit=0                   | 400 | limit
          GET    | /api/runs?limit=501                 | 400 | limit
          GET    | /api/runs?limit=ten                 | 400 | limit
          GET    | /api/runs?limit=99999999999999999999 | 400 | limit
          GET    | /api/runs?limit=                    | 400 | limit
          GET    | /api/runs?limit=1&limit=2           | 400 | limit
          GET    | /api/runs?state=asleep              | 400 | state
          GET    | /api/runs?after=1                   | 400 | after
          GET    | /api/runs?after=00000000-0000-4000-8000-000000000000 | 400 | after
          GET    | /api/runs?job=%00                   | 400 | job
          GET    | /api/runs?job=%ED%A0%80             | 400 | job
          GET    | /api/runs?job=a%C1%81               | 400 | job
          GET    | /api/runs?job=%E4                   | 400 | job
          GET    | /api/runs?%FF=1                     | 400 | query
          GET    | /api/runs?colour=red                | 400 | colour
          GET    | /api/jobs?limit=1                   | 400 | limit
          GET    | /api/audit?after=x                  | 400 | after
          GET    | /health?verbose=true                | 400 | verbose
          POST   | /api/jobs/test.echo/runs?dryRun=maybe | 400 | dryRun
          POST   | /api/jobs/test.fail/runs?dryRun=true  | 400 | params.how
          POST   | /api/jobs/test.wait/runs?dryRun=true  | 400 | dryRun
          POST   | /api/jobs/test.echo/runs?overlap=allow | 400 | overlap
          """)
  void requests(String method, String path, int status, String field) {
    problem(api.send(api.request(method, path, null)), status, field);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"text": "a"               | 400 | body | line 1
          {"text": }                 | 400 | body | line 1, column
          {text: 1}                  | 400 | body | line 1
          {"text": 'a'}              | 400 | body | line 1
          {"text": NaN}              | 400 | body | line 1
          {"a": 1} {"b": 2}          | 400 | body | more than one
          {"text": "a", "text": "b"} | 400 | text | twice
          {"x": {"y": 1, "y": 2}}    | 400 | y    | twice
          []                         | 400 | body | object
          ["text"]                   | 400 | body | object
          "text"                     | 400 | body | object
          1                          | 400 | body | object
          null                       | 400 | body | object
          {"colour": "red"}          | 400 | params.colour | it takes text, count
          {"count": "many"}          | 400 | params.count | whole number
          {"count": 1.5}             | 400 | params.count | whole number
          {"count": 1e999}           | 400 | count | 1.8e308
          {"count": 1e-999}          | 400 | count | 4.9e-324
          {"count": 1e300}           | 400 | params.count | whole number
          {"text": "\\ud800"}        | 400 | text | surrogate
          {"\\ud800": 1}             | 400 | body | surrogate
          {"count": 99999999999999999999} | 400 | params.count | whole number
          {"count": true}            | 400 | params.count | whole number
          {"text": 1}                | 400 | params.text | string
          {"text": {"a": 1}}         | 400 | params.text | string
          {"text": "\\u0000"}        | 400 | params.text | NUL
          """)
  void bodies(String body, int status, String field, String detail) {
    Api.Answer answer = api.post("/api/jobs/test.echo/runs", body);

    problem(answer, status, field);
    assertThat(answer.text("/detail")).contains(detail);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/jobs/%ED%A0%80", "/api/jobs/a%FFb", "/api/triggers/a/%E4", "/api/jobs/%00"})
  void aPathIsUtf8(String path) {
    assertThat(api.get(path).status()).isEqualTo(400);
  }

  @Test
  void aBodyIsUtf8AndNothingElse() {
    byte[] wide = "{\"text\": \"a\"}".getBytes(StandardCharsets.UTF_16);
    byte[] half = {'{', '"', 't', '"', ':', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', '}'};
    for (byte[] body : List.of(wide, half)) {
      Api.Answer answer =
          api.send(
              api.request("POST", "/api/jobs/test.echo/runs", "")
                  .method("POST", BodyPublishers.ofByteArray(body)));
      problem(answer, 400, "body");
      assertThat(answer.text("/detail")).contains("UTF-8");
    }
  }

  @Test
  void whereMalformedJsonIs() {
    assertThat(api.post("/api/jobs/test.echo/runs", "{\n  \"text\": oops\n}").text("/detail"))
        .isEqualTo("body: is not JSON, see line 2, column 11");
  }

  @Test
  void nestingAndNumbersAreBounded() {
    problem(
        api.post("/api/jobs/test.echo/runs", "{\"text\":".repeat(40) + "1" + "}".repeat(40)),
        400,
        "body");
    problem(
        api.post("/api/jobs/test.echo/runs", "{\"count\": " + "9".repeat(200) + "}"), 400, "body");
    problem(
        api.post("/api/jobs/test.echo/runs", "{\"" + "n".repeat(2_000) + "\": 1}"), 400, "body");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text/plain
          application/xml
          application/x-www-form-urlencoded
          multipart/form-data; boundary=x
          application/json; charset=ISO-8859-1
          application/json; charset=no-such
          application/problem+json
          nonsense
          """)
  void mediaTypes(String type) {
    problem(
        api.post("/api/jobs/test.echo/runs", "{\"text\": \"a\"}", "Content-Type", type),
        415,
        "Content-Type");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"application/json", "application/json;charset=utf-8", "Application/JSON"})
  void jsonIsTaken(String type) {
    assertThat(
            api.post(
                    "/api/jobs/test.echo/runs?overlap=queue",
                    "{\"text\": \"typed\"}",
                    "Content-Type",
                    type)
                .status())
        .isEqualTo(202);
  }

  @Test
  void anEmptyBodyIsNoParameters() {
    Api.Answer answer = api.post("/api/jobs/test.echo/runs?overlap=queue", null);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.text("/params/text")).isEqualTo("nothing");
  }

  @Test
  void aBodyThatNobodyReadsIsRefused() {
    problem(
        api.post("/api/runs/00000000-0000-4000-8000-000000000000/cancel", "{\"why\": \"x\"}"),
        400,
        "body");
    problem(api.send(api.request("GET", "/api/jobs", "{\"a\": 1}")), 400, "body");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                                      | name
          {"name": 1, "role": "viewer"}                           | name
          {"name": "", "role": "viewer"}                          | name
          {"name": "a b", "role": "viewer"}                       | name
          {"name": "bad"}                                         | role
          {"name": "bad", "role": "root"}                         | role
          {"name": "bad", "role": ["admin"]}                      | role
          {"name": "bad", "role": "viewer", "expiresIn": "soon"}  | expiresIn
          {"name": "bad", "role": "viewer", "expiresIn": "-1d"}   | expiresIn
          {"name": "bad", "role": "viewer", "expiresIn": "1s"}    | expiresIn
          {"name": "bad", "role": "viewer", "expiresIn": "99999999999d"} | expiresIn
          {"name": "bad", "role": "viewer", "expiresIn": 5}       | expiresIn
          {"name": "bad", "role": "viewer", "sha256": "x"}        | sha256
          """)
  void keys(String body, String field) {
    problem(api.post("/api/keys", body), 400, field);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                                                  | from
          {"from": "yesterday", "to": "2026-01-01T00:00:00Z"}                 | from
          {"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}      | from
          {"from": "2026-01-02T00:00:00Z"}                                    | to
          {"from": "2026-01-02T00:00:00Z", "to": "2999-01-01T00:00:00Z"}      | to
          {"from": 1, "to": "2026-01-01T00:00:00Z"}                           | from
          {"since": "2026-01-01T00:00:00Z"}                                   | since
          """)
  void backfills(String body, String field) {
    problem(api.post("/api/triggers/test.echo/daily/backfill", body), 400, field);
  }

  @ParameterizedTest(name = "#{index}")
  @ValueSource(strings = {"with space", "tab\there", ""})
  void idempotencyKeys(String key) {
    problem(
        api.post("/api/jobs/test.echo/runs", "{}", "Idempotency-Key", key), 400, "Idempotency-Key");
  }

  @Test
  void anIdempotencyKeyIsBoundedAndOnlyTakenWhereItCounts() {
    problem(
        api.post("/api/jobs/test.echo/runs", "{}", "Idempotency-Key", "k".repeat(201)),
        400,
        "Idempotency-Key");
    problem(api.post("/api/keys", "{}", "Idempotency-Key", "k"), 400, "Idempotency-Key");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/api/%2e%2e/etc",
    "/api/jobs;x=1",
    "/api//jobs",
    "/api/jobs/a%2Fb",
    "/api/%5cx",
    "/api/a%3Bb"
  })
  void oddPathsAreRefused(String path) {
    Api.Answer answer = api.get(path);

    assertThat(answer.status()).as(answer.toString()).isIn(400, 404);
    assertThat(answer.mediaType()).isEqualTo("application/problem+json");
  }

  private static void problem(Api.Answer answer, int status, String field) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.mediaType()).isEqualTo("application/problem+json");
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    assertThat(answer.text("/title")).isNotBlank();
    assertThat(answer.text("/detail")).isNotBlank().doesNotContain("Exception");
    assertThat(answer.text("/traceId")).matches("[0-9a-f]{32}");
    assertThat(answer.text("/field")).isEqualTo(field);
  }
}
