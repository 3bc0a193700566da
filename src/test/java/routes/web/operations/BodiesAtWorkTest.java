package routes.web.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;
import routes.Api;
import routes.HubTest;
import routes.web.bodies.BodyBudget;
import routes.web.security.ApiProperties;

/** Large bodies over HTTP: refused while others fill the budget, given back however they end. */
class BodiesAtWorkTest extends HubTest {

  private static final String PATH = "/api/predictions";
  private static final int LARGE = 200_000;

  @Autowired private BodyBudget budget;
  @Autowired private StringRedisTemplate redis;
  @Autowired private ApiProperties properties;

  private String key;
  private Api service;

  @BeforeEach
  void nothingIsAtWork() {
    key = key("service");
    service = new Api(port, key);
    awaitNothingHeld();
  }

  @AfterEach
  void nothingIsLeft() {
    awaitNothingHeld();
  }

  private void awaitNothingHeld() {
    Awaitility.await("given back").atMost(PATIENCE).until(() -> budget.held() == 0);
  }

  private BodyBudget.Share everything() {
    BodyBudget.Share all = budget.share(RawBody.MOST_BYTES);
    all.reserve(properties.bodies().toBytes());
    return all;
  }

  private static String prediction(int length) {
    return prediction(UUID.randomUUID().toString(), length);
  }

  private static String prediction(String version, int length) {
    return "{\"model\": \"fraud\", \"version\": \"%s\", \"value\": 1, \"input\": \"%s\"}"
        .formatted(version, "x".repeat(length));
  }

  private Api.Answer put(String body) {
    return service.send(service.request("PUT", PATH, body));
  }

  private static void assertRefused(Api.Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("5");
    assertThat(answer.mediaType()).isEqualTo("application/problem+json");
    assertThat(answer.text("/detail")).contains("large bodies").contains("ask again");
  }

  @Test
  void whatDoesNotFitIsToldToComeAgain() {
    try (BodyBudget.Share all = everything()) {
      assertRefused(put(prediction(LARGE)));
      // The answer arrives, although the client goes on sending for a while.
      assertRefused(service.send(service.request("PUT", PATH + "/batch", prediction(4 << 20))));
      byte[] bytes = prediction(LARGE).getBytes(StandardCharsets.UTF_8);
      assertRefused(
          service.send(
              service
                  .request("PUT", PATH, "")
                  .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))));
      assertThat(put(prediction(100)).status()).as("a small one always fits").isEqualTo(200);
      assertThat(budget.held()).isEqualTo(properties.bodies().toBytes());
      all.close();
      assertThat(put(prediction(LARGE)).status()).isEqualTo(200);
    }
  }

  @Test
  void itIsToldBeforeAnythingOfItIsRead() throws IOException {
    try (BodyBudget.Share all = everything();
        Socket socket = send("PUT", PATH, LARGE, "")) {
      assertThat(all).isNotNull();
      byte[] answer = socket.getInputStream().readNBytes(12);
      assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 503");
    }
  }

  @Test
  void aSuccessAMistakeAndAFailureGiveBack() throws Exception {
    assertThat(put(prediction(LARGE)).status()).isEqualTo(200);
    awaitNothingHeld();

    assertThat(put(prediction(LARGE) + "x").status()).isEqualTo(400);
    awaitNothingHeld();

    String version = UUID.randomUUID().toString();
    redis.opsForList().leftPush("prediction-epoch:fraud:" + version, "not a string");
    String token = "{\"token\": \":0:0:0\", ";
    assertThat(put(token + prediction(version, LARGE).substring(1)).status()).isEqualTo(500);
  }

  @Test
  void aClientThatGoesWhileItSendsGivesBack() throws IOException {
    try (Socket socket = send("PUT", PATH, LARGE, prediction(LARGE).substring(0, LARGE / 2))) {
      Awaitility.await("half of it has come").atMost(PATIENCE).until(() -> budget.held() == LARGE);
      assertThat(socket.isConnected()).isTrue();
    }
    awaitNothingHeld();
  }

  @Test
  void aClientThatGoesWhileItsBodyIsWorkedOnGivesBackWhenTheWorkIsDone() throws IOException {
    String input =
        "{\"model\": \"fraud\", \"version\": \"%s\", \"wait\": \"10s\", \"input\": \"%s\"}"
            .formatted(UUID.randomUUID(), "x".repeat(LARGE));
    // The first one is asked to make it; the second waits for that until hub.cache.lease is over.
    assertThat(service.post(PATH + "/lookup", input).text("/token")).isNotNull();
    awaitNothingHeld();

    try (Socket socket = send("POST", PATH + "/lookup", input.length(), input)) {
      long held =
          Awaitility.await("it waits for the other one")
              .atMost(PATIENCE)
              .pollInterval(Duration.ofMillis(2))
              .until(() -> isWaiting() ? budget.held() : -1, has -> has >= 0);
      assertThat(held).isEqualTo(input.length());
      socket.setSoLinger(true, 0);
    }
    awaitNothingHeld();
  }

  private static boolean isWaiting() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Stream::of)
        .anyMatch(
            frame ->
                frame.getClassName().equals("routes.cache.InFlightLoads")
                    && frame.getMethodName().equals("await"));
  }

  /** The head of a request of this length, and so much of its body. */
  private Socket send(String method, String path, int length, String body) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket
        .getOutputStream()
        .write(
            (method
                    + " "
                    + path
                    + " HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                    + key
                    + "\r\nContent-Length: "
                    + length
                    + "\r\n\r\n"
                    + body)
                .getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }
}
