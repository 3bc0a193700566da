package routes.devservices;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * A simulator of the platform's eight services: {@code /health} and {@code /metrics} with the names
 * and labels that {@code monitoring/METRICS.md} has for each. What the series say is made up, the
 * same each time, but for the counters, which count this simulator's own answers. Both answers and
 * a header say that it is a simulator.
 */
public final class Simulators implements AutoCloseable {

  /** The services and their usual ports. */
  public static final Map<String, Integer> SERVICES = services();

  private static final String CLIENT =
      """
      # TYPE http_request_duration_seconds histogram
      http_request_duration_seconds_bucket{le="0.1"} %1$d
      http_request_duration_seconds_bucket{le="+Inf"} %1$d
      http_request_duration_seconds_sum 0.001
      http_request_duration_seconds_count %1$d
      # TYPE active_connections gauge
      active_connections 1
      # TYPE http_requests_total counter
      http_requests_total{method="GET",endpoint="/metrics",status="200"} %1$d
      """;

  private static final String LOADS =
      """
      # TYPE model_load_duration_seconds histogram
      model_load_duration_seconds_bucket{model_name="fraud-detector",le="1"} 1
      model_load_duration_seconds_bucket{model_name="fraud-detector",le="+Inf"} 1
      model_load_duration_seconds_sum{model_name="fraud-detector"} 0.4
      model_load_duration_seconds_count{model_name="fraud-detector"} 1
      # TYPE model_load_failures_total counter
      model_load_failures_total{model_name="fraud-detector"} 0
      """;

  private static final String MODELS =
      """
      # TYPE model_predictions_total counter
      model_predictions_total{model_name="fraud-detector",status="success"} %1$d
      # TYPE model_accuracy gauge
      model_accuracy{model_name="fraud-detector"} 0.97
      # TYPE active_models gauge
      active_models 1
      # TYPE attacks_detected_total counter
      attacks_detected_total{attack_type="prompt_injection",severity="high"} %1$d
      # TYPE detection_rate gauge
      detection_rate 0.93
      """;

  private static final String TRAINING =
      """
      # TYPE training_jobs_total counter
      training_jobs_total{status="completed"} %1$d
      # TYPE training_duration_seconds histogram
      training_duration_seconds_bucket{model_name="fraud-detector",le="60"} 1
      training_duration_seconds_bucket{model_name="fraud-detector",le="+Inf"} 1
      training_duration_seconds_sum{model_name="fraud-detector"} 42
      training_duration_seconds_count{model_name="fraud-detector"} 1
      """;

  private final Map<String, URI> addresses = new LinkedHashMap<>();
  private final Deque<HttpServer> open = new ArrayDeque<>();

  private Simulators() {}

  /**
   * Starts all eight on 127.0.0.1.
   *
   * @param configured value of {@code hub.dev.services.<name>.port}, or null; 0 for any. A port
   *     that nobody named and that is taken gives way to another one.
   */
  public static Simulators start(UnaryOperator<String> configured) {
    Simulators all = new Simulators();
    try {
      for (Map.Entry<String, Integer> service : SERVICES.entrySet()) {
        String name = service.getKey();
        all.open(name, port(configured, name, service.getValue()));
      }
      return all;
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  /** The configured port; else the usual one, or another when that is taken. */
  static int port(UnaryOperator<String> configured, String name, int usual) {
    String port = configured.apply("hub.dev.services." + name + ".port");
    if (port != null) {
      if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
        throw new IllegalArgumentException(
            "hub.dev.services." + name + ".port is '" + port + "'; it is a number from 0 to 65535");
      }
      return Integer.parseInt(port);
    }
    return Ports.isFree(usual) ? usual : Ports.random();
  }

  /** Where each answers. */
  public Map<String, URI> addresses() {
    return Map.copyOf(addresses);
  }

  /** One line for each. */
  public List<String> describe() {
    return addresses.entrySet().stream()
        .map(each -> "%-28s %s, SIMULATOR".formatted(each.getKey(), each.getValue().getAuthority()))
        .toList();
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().stop(0);
    }
  }

  private void open(String name, int port) {
    HttpServer server = listen(name, port);
    AtomicLong requests = new AtomicLong();
    server.createContext(
        "/", exchange -> answer(exchange, 404, "text/plain", "simulator: nothing"));
    server.createContext(
        "/health",
        exchange ->
            answer(
                exchange,
                200,
                "application/json",
                "{\"status\": \"healthy\", \"service\": \"" + name + "\", \"simulator\": true}\n"));
    server.createContext(
        "/metrics",
        exchange ->
            answer(
                exchange,
                200,
                "text/plain; version=0.0.4",
                "# simulator of "
                    + name
                    + "\n"
                    + series(name).formatted(requests.incrementAndGet())));
    server.start();
    open.push(server);
    addresses.put(name, URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  /**
   * A listener on 127.0.0.1.
   *
   * @throws IllegalStateException that says which key chooses another port
   */
  static HttpServer listen(String name, int port) {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new IllegalStateException(
          "the simulator of "
              + name
              + " cannot listen on port "
              + port
              + " ("
              + e.getMessage()
              + "); hub.dev.services."
              + name
              + ".port chooses another");
    }
  }

  private static String series(String service) {
    return CLIENT
        + switch (service) {
          case "model-api" -> MODELS + LOADS;
          case "model-cache" -> LOADS;
          case "training" -> TRAINING;
          default -> "";
        };
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    try (exchange) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("X-Simulator", "true");
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static Map<String, Integer> services() {
    Map<String, Integer> all = new LinkedHashMap<>();
    all.put("model-api", 8000);
    all.put("training", 8002);
    all.put("model-cache", 8003);
    all.put("business-metrics", 8004);
    all.put("analytics", 8006);
    all.put("enterprise-dashboard-backend", 8007);
    all.put("data-privacy", 8008);
    all.put("tracing", 8009);
    return all;
  }
}
