package routes.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ./hub alert test} against a stand-in that answers as Alertmanager 0.28 did. */
class AlertVerbTest {

  private static final String FILLED_IN =
      "global: {}\\nreceivers:\\n- name: critical\\n  email_configs:\\n  - to: a@example.org\\n"
          + "  slack_configs:\\n  - channel: '#alerts'\\n- name: warning\\n  webhook_configs:\\n"
          + "  - url_file: x\\n- name: info\\n";

  private final List<String> posted = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private volatile int accepts = 200;
  private volatile String severity = "critical";

  @BeforeEach
  void start() throws IOException {
    for (String tool : List.of("jq", "curl")) {
      assumeTrue(Program.find(tool).isPresent(), tool + " is not installed");
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v2/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          int code = 200;
          String body = "{\"config\": {\"original\": \"" + FILLED_IN + "\"}}";
          if (exchange.getRequestMethod().equals("POST")) {
            posted.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            code = accepts;
            body = code == 200 ? "" : "\"bad alert\"";
          } else if (path.endsWith("/alerts")) {
            body =
                "[{\"labels\": {\"severity\": \"%1$s\"}, \"receivers\": [{\"name\": \"%1$s\"}]}]"
                    .formatted(severity);
          }
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  @Test
  void itTellsWhomATestAlertGoesTo() {
    Program.Said said = alert("test");

    assertThat(said.code()).as(said.text()).isZero();
    assertThat(said.text().lines())
        .startsWith(
            "a test alert (critical) goes to", "  critical   by email", "  critical   by slack");
    assertThat(posted)
        .singleElement()
        .asString()
        .contains("\"HubAlertTest\"", "\"critical\"", "\"source\":\"test of 20");
  }

  @Test
  void oneThatReachesNobodyFails() {
    severity = "info";

    Program.Said said = alert("test", "--severity=info");

    assertThat(said.code()).isEqualTo(1);
    assertThat(said.text()).contains("it reaches nobody: receiver info is not filled in");
  }

  @Test
  void oneThatIsSilencedOrRefusedFails() {
    severity = "warning"; // of another alert

    assertThat(alert("test").text()).contains("silenced");
    accepts = 400;
    Program.Said refused = alert("test");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.text()).contains("Alertmanager answered 400: bad alert");
  }

  @Test
  void wrongUsageAndNoAlertmanagerAreTold() {
    assertThat(alert().code()).isEqualTo(2);
    assertThat(alert("tset").text()).contains("none of: test");
    assertThat(alert("test", "--severity=worse").code()).isEqualTo(2);
    server.stop(0);
    Program.Said nobody = alert("test");
    assertThat(nobody.code()).isEqualTo(3);
    assertThat(nobody.text()).contains("no Alertmanager answers");
  }

  private Program.Said alert(String... arguments) {
    return Program.run(
        Path.of(""),
        Map.of("HUB_ALERTMANAGER", "http://127.0.0.1:" + server.getAddress().getPort() + "/"),
        Stream.concat(Stream.of("bash", "hub", "alert"), Stream.of(arguments)));
  }
}
