package routes.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.Api;
import routes.HubTest;

/** What the cache does not take, and how it says so: the field is named, nothing is stored. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PredictionsBadInputTest extends HubTest {

  private String key;
  private Api service;

  @BeforeAll
  void key() {
    key = key("service");
    service = new Api(port, key);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          model      | {"version":"1","input":1}
          model      | {"model":null,"version":"1","input":1}
          model      | {"model":7,"version":"1","input":1}
          model      | {"model":"","version":"1","input":1}
          model      | {"model":"unheard-of","version":"1","input":1}
          model      | {"model":"fraud\\u0000","version":"1","input":1}
          model      | {"model":"fraud\\ud800","version":"1","input":1}
          version    | {"model":"fraud","input":1}
          version    | {"model":"fraud","version":1,"input":1}
          version    | {"model":"fraud","version":"1\\n","input":1}
          version    | {"model":"fraud","version":["1"],"input":1}
          input      | {"model":"fraud","version":"1"}
          inputs     | {"model":"fraud","version":"1","inputs":[1]}
          input      | {"model":"fraud","version":"1","input":9007199254740992}
          input      | {"model":"fraud","version":"1","input":-9223372036854775808}
          input.a[1] | {"model":"fraud","version":"1","input":{"a":[1,123456789012345678901234567890]}}
          input.b    | {"model":"fraud","version":"1","input":{"b":1e999}}
          input.b    | {"model":"fraud","version":"1","input":{"b":1e-999}}
          input[0]   | {"model":"fraud","version":"1","input":["\\udc00 lone"]}
          body       | {"model":"fraud","version":"1","input":{"\\ud800":1}}
          a          | {"model":"fraud","version":"1","input":{"a":1,"a":2}}
          body       | {"model":"fraud","version":"1","input":NaN}
          body       | {"model":"fraud","version":"1","input":Infinity}
          body       | {"model":"fraud","version":"1","input":01}
          body       | {"model":"fraud","version":"1","input":1} trailing
          body       | [1]
          body       | "text"
          body       | not json
          load       | {"model":"fraud","version":"1","input":1,"load":"yes"}
          load       | {"model":"fraud","version":"1","input":1,"load":null}
          wait       | {"model":"fraud","version":"1","input":1,"wait":"11s"}
          wait       | {"model":"fraud","version":"1","input":1,"wait":"-1s"}
          wait       | {"model":"fraud","version":"1","input":1,"wait":"soon"}
          wait       | {"model":"fraud","version":"1","input":1,"wait":5}
          ttl        | {"model":"fraud","version":"1","input":1,"ttl":5}
          """)
  void aLookupNamesWhatIsWrong(String field, String body) {
    assertRefused(service.post("/api/predictions/lookup", body), field);
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          PUT  |               | value                | {"model":"fraud","version":"1","input":1}
          PUT  |               | value.x              | {"model":"fraud","version":"1","input":1,"value":{"x":"\\ud800"}}
          PUT  |               | token                | {"model":"fraud","version":"1","input":1,"value":1,"token":7}
          PUT  | /batch        | predictions          | {"model":"fraud","version":"1"}
          PUT  | /batch        | predictions          | {"model":"fraud","version":"1","predictions":[]}
          PUT  | /batch        | predictions[0]       | {"model":"fraud","version":"1","predictions":[1]}
          PUT  | /batch        | predictions[0]       | {"model":"fraud","version":"1","predictions":[{"input":1}]}
          PUT  | /batch        | predictions[0]       | {"model":"fraud","version":"1","predictions":[null]}
          PUT  | /batch        | predictions[0].value.a[1] | {"model":"fraud","version":"1","predictions":[{"input":1,"value":{"a":[1,1e999]}}]}
          PUT  | /batch        | predictions[1].input | {"model":"fraud","version":"1","predictions":[{"input":1,"value":1},{"input":1e999,"value":1}]}
          POST | /lookup/batch | inputs               | {"model":"fraud","version":"1","inputs":{"a":1}}
          POST | /lookup/batch | inputs[1].a          | {"model":"fraud","version":"1","inputs":[1,{"a":9007199254740993}]}
          POST | /delete       | input                | {"model":"fraud","version":"1"}
          POST | /invalidate   | model                | {}
          POST | /invalidate   | x                    | {"model":"*","x":1}
          POST | /invalidate   | version              | {"model":"fraud","version":null}
          """)
  void theOtherOperationsDoSoToo(String method, String path, String field, String body) {
    Api.Answer answer =
        service.send(
            service.request(method, "/api/predictions" + (path == null ? "" : path), body));

    assertRefused(answer, field);
  }

  @Test
  void aBatchHasAThousandItemsAtMost() {
    assertRefused(
        service.post(
            "/api/predictions/lookup/batch",
            "{\"model\":\"fraud\",\"version\":\"1\",\"inputs\":[0" + ",0".repeat(1000) + "]}"),
        "inputs");
  }

  @ParameterizedTest
  @CsvSource({"PUT,''", "PUT,/batch", "POST,/lookup", "POST,/lookup/batch", "POST,/delete"})
  void tenMebibytesAreTooMuch(String method, String path) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      String head =
          "%s /api/predictions%s HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer %s\r\n"
              + "Content-Type: application/json\r\nContent-Length: 10485760\r\n\r\n{";
      // Said beforehand, it is refused beforehand: nobody sends ten mebibytes to hear that.
      socket
          .getOutputStream()
          .write(head.formatted(method, path, key).getBytes(StandardCharsets.US_ASCII));

      StringBuilder answer = new StringBuilder();
      while (answer.indexOf("}") < 0) {
        answer.append((char) socket.getInputStream().read());
      }

      assertThat(answer)
          .startsWith("HTTP/1.1 413")
          .contains("application/problem+json")
          .contains("\"field\":\"body\"");
    }
  }

  @ParameterizedTest
  @CsvSource({"value,1048575", "input,1048575"})
  void aMebibyteAndAByteIsTooMuchForOne(String field, int characters) {
    String other = field.equals("value") ? "input" : "value";
    Api.Answer answer =
        service.send(
            service.request(
                "PUT",
                "/api/predictions",
                "{\"model\":\"fraud\",\"version\":\"1\",\""
                    + other
                    + "\":1,\""
                    + field
                    + "\":\""
                    + "x".repeat(characters)
                    + "\"}"));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.text("/field")).isEqualTo(field);
  }

  @Test
  void deepNestingIsRefused() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertRefused(
        service.post(
            "/api/predictions/lookup",
            "{\"model\":\"fraud\",\"version\":\"1\",\"input\":" + deep + "}"),
        "body");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    HttpRequest.Builder request = service.request("POST", "/api/predictions/lookup", "{}");
    request.POST(
        HttpRequest.BodyPublishers.ofByteArray(
            new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'}));

    assertRefused(service.send(request), "body");
  }

  @Test
  void anInputIsNotTakenFromTheUrl() {
    assertRefused(service.post("/api/predictions/lookup?input=1", "{}"), "input");
  }

  private static void assertRefused(Api.Answer answer, String field) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.mediaType()).isEqualTo("application/problem+json");
    assertThat(answer.text("/field")).as(answer.toString()).isEqualTo(field);
    assertThat(answer.text("/detail")).startsWith(field + ": ");
  }
}
