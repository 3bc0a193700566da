package routes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * What the tests' hub asks over HTTP: the target of a probe, and a Jaeger. Answers as it was told,
 * path by path; 404 else.
 */
public final class StandInTarget {

  /** Where Jaeger's query API begins. */
  public static final String JAEGER = "/jaeger";

  private static final Map<String, Answer> ANSWERS = new ConcurrentHashMap<>();
  private static final List<String> ASKED = new CopyOnWriteArrayList<>();
  private static final HttpServer SERVER = LoopbackHttp.start("stand-in", StandInTarget::handle);

  private StandInTarget() {}

  /**
   * What is answered.
   *
   * @param after null: at once
   */
  public record Answer(int status, String body, String location, CountDownLatch after) {

    public static Answer of(int status, String body) {
      return new Answer(status, body, null, null);
    }
  }

  public static void answer(String path, Answer answer) {
    ANSWERS.put(path, answer);
  }

  /** Paths with their queries, oldest first. */
  public static List<String> asked() {
    return ASKED;
  }

  public static String url() {
    return "http://127.0.0.1:" + SERVER.getAddress().getPort();
  }

  static Map<String, String> properties() {
    return Map.of(
        "hub.jaeger.url", url() + JAEGER,
        "hub.jaeger.timeout", "500ms",
        "hub.jaeger.most", "64KB",
        "hub.cache.models.warmed.loader.url", url() + "/warmed/predict",
        // Looked at by tests only, but for the first time.
        "hub.probes.shop.url", url() + "/shop/health?key=hidden",
        "hub.probes.shop.body", "\"status\": *\"ok\"",
        "hub.probes.shop.every", "1d",
        "hub.probes.shop.timeout", "500ms");
  }

  private static void handle(HttpExchange exchange) throws IOException {
    ASKED.add(exchange.getRequestURI().toString());
    Answer answer =
        ANSWERS.getOrDefault(exchange.getRequestURI().getPath(), Answer.of(404, "nothing here"));
    try (exchange) {
      if (answer.after() != null) {
        answer.after().await();
      }
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      if (answer.location() != null) {
        exchange.getResponseHeaders().set("Location", answer.location());
      }
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
