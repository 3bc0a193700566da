package routes.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The Alertmanager of {@code ./hub real}: without a receiver it says so, with one it delivers. */
@Tag("real")
class AlertmanagerRealTest {

  private final RealServers servers = new RealServers();

  @Test
  void aReceiverThatIsFilledInGetsTheTestAlert() throws Exception {
    servers.assumeRunning("alertmanager");
    Path secrets = servers.file("alertmanager");
    try (var filled = Files.list(secrets)) {
      assumeTrue(filled.findAny().isEmpty(), secrets + " has receivers of yours");
    }
    List<String> received = new CopyOnWriteArrayList<>();
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          received.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    receiver.start();
    Path url = secrets.resolve("webhook-url");
    try {
      assertThat(status()).contains("sends nowhere, because " + secrets);
      Files.writeString(url, "http://127.0.0.1:" + receiver.getAddress().getPort() + "/");

      servers.hub("real", "up");

      assertThat(status()).endsWith("ok, tells by webhook");
      assertThat(servers.hub("alert", "test")).contains("critical   by webhook");
      Awaitility.await("Alertmanager waits 15 s for more of the same")
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> assertThat(received).anyMatch(body -> body.contains("HubAlertTest")));
    } finally {
      Files.deleteIfExists(url);
      servers.hub("real", "up");
      receiver.stop(0);
    }
    assertThat(status()).contains("sends nowhere");
  }

  private String status() throws Exception {
    return servers
        .hub(false, "real", "status")
        .lines()
        .filter(line -> line.startsWith("alertmanager "))
        .findFirst()
        .orElseThrow();
  }
}
