package routes.platform.http;

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
import org.springframework.beans.factory.annotation.Value;
import org.springframework.util.unit.DataSize;
import routes.Api;
import routes.HubTest;
import routes.platform.error.HttpException;
import routes.platform.security.ApiProperties;

/** Clients that send a body a byte at a time, for as long as they like. */
class SlowBodiesTest extends HubTest {

  @Value("${server.tomcat.threads.max}")
  private int threads;

  @Test
  void manyWithoutAKeyDoNotSilenceTheHub() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
    try {
      for (int i = 0; i < threads + 40; i++) {
        sockets.add(begin("", 1_000_000));
      }
      // Tomcat's time-out is for one byte: each comes well before it.
      drip.scheduleAtFixedRate(() -> sockets.forEach(SlowBodiesTest::drip), 0, 1, TimeUnit.SECONDS);

      HttpResponse<String> health =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                      .timeout(PATIENCE)
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(health.statusCode()).isEqualTo(200);
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
        sockets.add(begin(key, 60_000)); // hub.api.bodies does not count it
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

      assertThat(admin().get("/health").status()).isEqualTo(200);
    } finally {
      drip.shutdownNow();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    await().atMost(PATIENCE).until(() -> admin().get("/api/jobs").status() == 200);
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

  private Socket begin(String header, int length) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket
        .getOutputStream()
        .write(
            ("POST /api/jobs/test.echo/runs HTTP/1.1\r\nHost: hub\r\n"
                    + "Content-Type: application/json\r\nContent-Length: "
                    + length
                    + "\r\n"
                    + header
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
