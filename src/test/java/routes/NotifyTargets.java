package routes;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Whom the tests' hub notifies: an HTTP server that remembers what it was sent and answers as it
 * was told, path by path (200 else), and a mail server. Every rule is for channels that begin with
 * {@code t-}, on which no other test publishes.
 */
public final class NotifyTargets {

  public static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private static final Map<String, Handler> HANDLERS = new ConcurrentHashMap<>();
  private static final List<Received> RECEIVED = new CopyOnWriteArrayList<>();
  private static final HttpServer SERVER =
      LoopbackHttp.start("notify-target", NotifyTargets::handle);
  private static final Path SECRETS = secrets();
  public static final GreenMail MAIL =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  static {
    MAIL.start();
  }

  private NotifyTargets() {}

  /** What a path does with what it is sent. */
  public interface Handler {
    void handle(HttpExchange exchange, Received received) throws IOException;
  }

  /** One request. */
  public record Received(String path, Map<String, String> headers, String body) {

    public String header(String name) {
      return headers.get(name.toLowerCase(java.util.Locale.ROOT));
    }
  }

  /** What a path was sent, oldest first. */
  public static List<Received> at(String path) {
    return RECEIVED.stream().filter(each -> each.path().equals(path)).toList();
  }

  public static void on(String path, Handler handler) {
    HANDLERS.put(path, handler);
  }

  public static void answer(String path, int status) {
    on(path, (exchange, received) -> exchange.sendResponseHeaders(status, -1));
  }

  public static Path secretFile() {
    return SECRETS.resolve("hook");
  }

  public static Path urlFile() {
    return SECRETS.resolve("chat");
  }

  public static String url() {
    return "http://127.0.0.1:" + SERVER.getAddress().getPort();
  }

  static Map<String, String> properties() {
    Map<String, String> keys = new TreeMap<>();
    keys.put("poll", "50ms");
    keys.put("lease", "30s");
    keys.put("allow[0]", "127.0.0.1");
    keys.put("retry.attempts", "3");
    keys.put("retry.first", "20ms");
    keys.put("retry.factor", "1");
    keys.put("targets.hook.kind", "webhook");
    keys.put("targets.hook.url", url() + "/hook");
    keys.put("targets.hook.secret-file", secretFile().toString());
    keys.put("targets.hook.headers.X-Team", "red");
    keys.put("targets.hook.timeout", "1s");
    keys.put("targets.chat.kind", "slack");
    keys.put("targets.chat.url-file", urlFile().toString());
    keys.put("targets.post.kind", "email");
    keys.put("targets.post.smtp.host", "127.0.0.1");
    keys.put("targets.post.smtp.port", String.valueOf(MAIL.getSmtp().getPort()));
    keys.put("targets.post.smtp.tls", "none");
    keys.put("targets.post.from", "hub@example.org");
    keys.put("targets.post.to[0]", "oncall@example.org");
    keys.put("targets.seda.kind", "camel");
    keys.put("targets.seda.uri", "seda:t-notified?size=100");
    keys.put("targets.still.kind", "webhook");
    keys.put("targets.still.url", url() + "/still");
    keys.put("targets.still.secret", SECRET);
    keys.put("targets.still.paused", "true");
    keys.put("targets.still.show", "2");
    rule(keys, "hook", "hook");
    rule(keys, "chat", "chat");
    rule(keys, "post", "post");
    rule(keys, "seda", "seda");
    rule(keys, "still", "still");
    rule(keys, "grouped", "still");
    keys.put("rules.grouped.group.by[0]", "data.model");
    keys.put("rules.grouped.group.within", "10ms");
    rule(keys, "rated", "still");
    keys.put("rules.rated.rate.most", "2");
    keys.put("rules.rated.rate.per", "1d");
    rule(keys, "merging", "still");
    keys.put("rules.merging.rate.most", "2");
    keys.put("rules.merging.rate.per", "1d");
    keys.put("rules.merging.rate.over", "merge");
    // Two rules of one target.
    rule(keys, "hook-again", "hook");
    keys.put("rules.hook-again.channels[0]", "t-hook");
    Map<String, String> properties = new TreeMap<>();
    keys.forEach((key, value) -> properties.put("hub.notify." + key, value));
    return properties;
  }

  private static void rule(Map<String, String> keys, String name, String target) {
    keys.put("rules." + name + ".channels[0]", "t-" + name);
    keys.put("rules." + name + ".to[0]", target);
  }

  private static Path secrets() {
    try {
      Path folder = Files.createTempDirectory("hub-test-notify-");
      Files.writeString(folder.resolve("hook"), SECRET + "\n");
      Files.writeString(folder.resolve("chat"), url() + "/chat\n");
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void handle(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
    String path = exchange.getRequestURI().getPath();
    Received received =
        new Received(
            path,
            headers,
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    RECEIVED.add(received);
    try (exchange) {
      HANDLERS
          .getOrDefault(path, (each, what) -> each.sendResponseHeaders(200, -1))
          .handle(exchange, received);
    }
  }
}
