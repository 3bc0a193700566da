package routes.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers as the hub's API would, in an order that is told beforehand. */
final class StandInHub implements AutoCloseable {

  /** A connection that is cut before the answer. */
  static final int CUT = 0;

  /** An answer of which a part arrives. */
  static final int PART = 1;

  /** What was asked. */
  record Asked(String what, String authorization, String idempotencyKey, String body) {}

  private record Answer(int status, String body) {}

  private final HttpServer server;
  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  StandInHub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Adds the next answer to a request; the last one is repeated. */
  StandInHub on(String request, int status, String body) {
    answers.computeIfAbsent(request, r -> new ArrayDeque<>()).add(new Answer(status, body));
    return this;
  }

  List<Asked> asked() {
    return asked;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    asked.add(
        new Asked(
            request,
            exchange.getRequestHeaders().getFirst("Authorization"),
            exchange.getRequestHeaders().getFirst("Idempotency-Key"),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    Answer answer = next(request);
    if (answer.status() != CUT) {
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      boolean part = answer.status() == PART;
      exchange.sendResponseHeaders(
          part ? 200 : answer.status(),
          part ? body.length + 1 : body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private synchronized Answer next(String request) {
    Deque<Answer> planned = answers.get(request);
    if (planned == null) {
      return new Answer(404, "{\"status\":404,\"detail\":\"nothing is at " + request + "\"}");
    }
    return planned.size() > 1 ? planned.remove() : planned.element();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
