package routes.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.util.unit.DataSize;
import routes.Api;
import routes.HubTest;
import routes.kernel.errors.HttpException;
import routes.web.bodies.BodyBudget;
import routes.web.security.ApiProperties;

/** Clients that send a body a byte at a time, for as long as they like. */
class SlowBodiesTest extends HubTest {

  private static final String RUN = "POST /api/jobs/test.echo/runs";

  @Value("${server.tomcat.threads.max}")
  private int threads;

  @Test
  void manyWithoutAKeyDoNotSilenceTheHub() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
    try {
      for (int i = 0; i < threads + 40; i++) {
        sockets.add(begin(RUN, "", 1_000_000));
      }
      // Tomcat's time-out is for one byte: each comes well before it.
      drip.scheduleAtFixedRate(() -> sockets.forEach(SlowBodiesTest::drip), 0, 1, TimeUnit.SECONDS);

      assertThat(health()).isEqualTo(200);
      for (Socket socket : sockets) {
        assertThat(answer(socket)).isIn("HTTP/1.1 401", "HTTP/1.1 503");
      }
    } finally {
      drip.shutdownNow();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** They may send, and take their time: each holds a thread, and health has some of its own. */
  @Test
  void manyWithAKeyDoNotSilenceHealth() throws Exception {
    String key = "Authorization: Bearer " + key("operator") + "\r\n";
    List<Socket> sockets = new ArrayList<>();
    ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
    try {
      for (int i = 0; i < threads + 40; i++) {
        sockets.add(begin(RUN, key, 60_000)); // hub.api.bodies does not count it
      }
      drip.scheduleAtFixedRate(() -> sockets.forEach(SlowBodiesTest::drip), 0, 1, TimeUnit.SECONDS);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                Api.Answer busy = admin().get("/api/jobs");
                assertThat(busy.status()).isEqualTo(503);
                assertThat(busy.header("Retry-After")).isNotNull();
                assertThat(busy.text("/detail"))
                    .isEqualTo("as many requests are at work as the hub takes at a time");
              });

      assertThat(health()).isEqualTo(200);
    } finally {
      drip.shutdownNow();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    await().atMost(PATIENCE).until(() -> admin().get("/api/jobs").status() == 200);
  }

  /** Nobody needs a key for health: what comes with the question must not be waited for. */
  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 60000\r\n", "Transfer-Encoding: chunked\r\n"})
  void bodiesSentToHealthDoNotSilenceIt(String length) throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < threads + 40; i++) {
        sockets.add(begin("GET /health", length));
      }
      for (Socket socket : sockets) {
        assertThat(answer(socket)).isEqualTo("HTTP/1.1 400");
      }
      assertThat(health()).isEqualTo(200);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void aBodyThatComesTooSlowlyIsGivenUp() {
    BodyBudget budget =
        new BodyBudget(
            new ApiProperties(false, DataSize.ofMegabytes(16), Duration.ofSeconds(1), 64),
            new SimpleMeterRegistry());

    assertThatThrownBy(() -> budget.share(1 << 20).read(1 << 20, new Endless()))
        .isInstanceOfSatisfying(HttpException.class, e -> assertThat(e.status()).isEqualTo(408));
  }

  /** Nothing new, however often it is asked. */
  private static final class Endless extends InputStream {
    @Override
    public int read() {
      return 'x';
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      return 0;
    }
  }

  /** As a probe asks, which gives up after a second. */
  private int health() throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                .timeout(Duration.ofSeconds(1))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private Socket begin(String operation, String header, int length) throws IOException {
    return begin(operation, header + "Content-Length: " + length + "\r\n");
  }

  private Socket begin(String operation, String headers) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket
        .getOutputStream()
        .write(
            (operation
                    + " HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\n"
                    + headers
                    + "\r\n{")
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static void drip(Socket socket) {
    try {
      socket.getOutputStream().write(' ');
    } catch (IOException e) {
      // The hub has hung up, which is what it should do.
    }
  }

  private static String answer(Socket socket) throws IOException {
    byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 401".length());
    return new String(start, StandardCharsets.US_ASCII);
  }
}
