package routes.devservices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A simulator of MLflow: it answers what a real one answered when it was asked the same, and signs
 * webhooks as that one does. It keeps nothing: a question that was recorded several times gets the
 * answers in their order, then the last one again; one that never was gets 501. {@code /health},
 * {@code /version} and a header of every answer say that it is a simulator.
 */
public final class MlflowSimulator implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final MlflowRecording recording = MlflowRecording.load();
  private final Map<String, Deque<MlflowRecording.Exchange>> answers = new HashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final Clock clock;
  private final HttpServer server;
  private String receiver = "";
  private String secret = "";

  private MlflowSimulator(int port, Clock clock) {
    this.clock = clock;
    recording
        .exchanges()
        .forEach(
            exchange ->
                answers
                    .computeIfAbsent(exchange.question(), k -> new ArrayDeque<>())
                    .add(exchange));
    server = Simulators.listen("mlflow", port);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * @param port on 127.0.0.1; 0 for any
   * @param clock tells webhooks' timestamps
   */
  public static MlflowSimulator start(int port, Clock clock) {
    return new MlflowSimulator(port, clock);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** One line, as the stores have it. */
  public String describe() {
    return "%-10s %-8s %s, SIMULATOR (recorded from a real one)"
        .formatted("MLflow", recording.version(), uri().getAuthority());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = exchange.getRequestURI().toString();
      MlflowRecording.Exchange recorded =
          switch (path) {
            case "/health" -> said(200, "OK (simulator)");
            case "/version" -> said(200, recording.version() + " (simulator)");
            default -> find(exchange.getRequestMethod(), path, body);
          };
      byte[] bytes = deliverAndAnswer(recorded, body).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("X-Simulator", "MLflow " + recording.version());
      exchange.getResponseHeaders().set("Content-Type", recorded.type());
      exchange.sendResponseHeaders(recorded.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private synchronized MlflowRecording.Exchange find(String method, String path, String body) {
    var question = new MlflowRecording.Exchange(method, path, body, 0, "", "", null);
    Deque<MlflowRecording.Exchange> found = answers.get(question.question());
    if (found == null) {
      return said(501, "simulator: never recorded: " + method + " " + path);
    }
    return found.size() > 1 ? found.remove() : found.element();
  }

  private static MlflowRecording.Exchange said(int status, String text) {
    return new MlflowRecording.Exchange("", "", "", status, "text/plain", text, null);
  }

  private synchronized String deliverAndAnswer(MlflowRecording.Exchange recorded, String body)
      throws IOException {
    if (recorded.path().endsWith("/webhooks") && recorded.method().equals("POST")) {
      JsonNode asked = JSON.readTree(body);
      receiver = asked.path("url").asText();
      secret = asked.path("secret").asText();
    }
    if (recorded.deliveries() != null) {
      for (String delivery : recorded.deliveries()) {
        deliver(delivery);
      }
    }
    return receiver.isEmpty()
        ? recorded.answer()
        : MlflowRecording.toReceiver(
            recorded.answer(), URI.create(receiver).resolve("/").toString());
  }

  private void deliver(String body) throws IOException {
    String id = UUID.randomUUID().toString();
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(receiver))
            .header("Content-Type", "application/json")
            .header("X-MLflow-Delivery-Id", id)
            .header("X-MLflow-Timestamp", timestamp)
            .header("X-MLflow-Signature", signature(secret, id + "." + timestamp + "." + body))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      http.send(request, HttpResponse.BodyHandlers.discarding());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String signature(String secret, String signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return "v1,"
          + Base64.getEncoder()
              .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
