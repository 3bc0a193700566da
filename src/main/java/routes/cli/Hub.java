package routes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks a running hub over HTTP. */
final class Hub {

  static final ObjectMapper JSON = new ObjectMapper();
  static final String NOBODY = "no hub answers at ";

  /** Longest that an answer may take; the hub's doctor takes 20 s. */
  private static final int ANSWER_MILLIS = 30_000;

  /** Longest that a table which is being written may say nothing. */
  private static final int DOWNLOAD_MILLIS = 60_000;

  private final Map<String, String> environment;
  private final HubConnections connections;
  private final String url;

  /**
   * An answer.
   *
   * @param status of HTTP; 0: nothing whole came back
   * @param text the body; without an answer: why there is none
   */
  record Answer(int status, String text, JsonNode json) {

    boolean mayHeal() {
      return status == 0 || status >= 500 || status == 429;
    }

    String problem() {
      String detail = json.path("detail").asText(json.path("title").asText(""));
      return detail.isEmpty() ? "the hub answered " + status : Table.clean(detail);
    }
  }

  Hub(Map<String, String> environment, PrintWriter err) {
    this.environment = environment;
    this.connections = new HubConnections(environment, err);
    this.url = connections.url();
  }

  String url() {
    return url;
  }

  Answer get(String path, Object... query) {
    return accepted(ask("GET", path + query(query), null, null));
  }

  Answer post(String path, Object body) {
    return accepted(ask("POST", path, text(body), null));
  }

  Answer delete(String path) {
    return accepted(ask("DELETE", path, null, null));
  }

  /** A hub that restarts, or that others keep busy, is asked again for a while. */
  Answer patiently(String path) {
    return accepted(again(ask("GET", path, null, null), "GET", path, null, null));
  }

  /**
   * Asks for a run. It may have been accepted before the answer was lost: the key makes a repeat
   * find that run.
   */
  Answer submit(String path, Object body, String idempotencyKey) {
    Answer first = ask("POST", path, text(body), idempotencyKey);
    boolean lost = first.status() >= 500 || first.status() == 0 && !first.text().startsWith(NOBODY);
    return accepted(lost ? again(first, "POST", path, text(body), idempotencyKey) : first);
  }

  private Answer again(Answer first, String method, String path, String body, String key) {
    long deadline = System.nanoTime() + patience().toNanos();
    Answer answer = first;
    while (answer.mayHeal() && System.nanoTime() < deadline) {
      sleep(500);
      answer = ask(method, path, body, key);
    }
    return answer;
  }

  private Duration patience() {
    String seconds = environment.getOrDefault("HUB_PATIENCE", "60");
    if (!seconds.matches("\\d{1,6}")) {
      throw new Failure(
          Failure.REFUSED, "HUB_PATIENCE is '" + seconds + "' but must be a number of seconds");
    }
    return Duration.ofSeconds(Long.parseLong(seconds));
  }

  private Answer accepted(Answer answer) {
    if (answer.status() == 0) {
      throw new Failure(Failure.NO_HUB, answer.text());
    }
    if (answer.status() >= 300) {
      boolean refused = answer.status() >= 400 && answer.status() < 500;
      throw new Failure(refused ? Failure.REFUSED : Failure.NO_HUB, answer.problem());
    }
    if (answer.json().isMissingNode() && !answer.text().isEmpty()) {
      throw noHub();
    }
    return answer;
  }

  Failure noHub() {
    return new Failure(
        Failure.NO_HUB,
        "the server at " + url + " is not a hub, or a hub of another version: HUB_URL names it");
  }

  private Answer ask(String method, String path, String body, String idempotencyKey) {
    HttpURLConnection connection = connections.open(path, ANSWER_MILLIS);
    try {
      connection.setRequestMethod(method);
      if (idempotencyKey != null) {
        connection.setRequestProperty("Idempotency-Key", idempotencyKey);
      }
      if (method.equals("POST")) {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = connection.getOutputStream()) {
          out.write((body == null ? "" : body).getBytes(StandardCharsets.UTF_8));
        }
      }
      int status = connection.getResponseCode();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      copy(connection, status < 400, bytes);
      String text = bytes.toString(StandardCharsets.UTF_8);
      return new Answer(status, text, json(text));
    } catch (ConnectException | UnknownHostException e) {
      return new Answer(
          0, NOBODY + url + " (" + reason(e) + "); ./hub up starts one", MissingNode.getInstance());
    } catch (IOException e) {
      return new Answer(
          0, "the server at " + url + " does not answer: " + reason(e), MissingNode.getInstance());
    } finally {
      connection.disconnect();
    }
  }

  static String reason(IOException e) {
    return Table.clean(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
  }

  /** The events of a run as they happen; a hub that offers none throws. */
  InputStream events(String path, Duration silence) throws IOException {
    HttpURLConnection connection = connections.open(path, (int) silence.toMillis());
    connection.setRequestProperty("Accept", "text/event-stream");
    if (connection.getResponseCode() != 200) {
      connection.disconnect();
      throw new IOException("it offers no events");
    }
    return connection.getInputStream();
  }

  /** Writes an answer of any size as it comes; one that breaks off fails. */
  void download(String path, OutputStream out) {
    HttpURLConnection connection = connections.open(path, DOWNLOAD_MILLIS);
    try {
      if (connection.getResponseCode() != 200) {
        accepted(ask("GET", path, null, null));
        throw noHub();
      }
    } catch (IOException e) {
      accepted(ask("GET", path, null, null));
      throw noHub();
    }
    try {
      copy(connection, true, out);
    } catch (IOException e) {
      throw new Failure(
          Failure.FAILED,
          "the answer broke off: what was written is not the whole table; the hub's log says why");
    } finally {
      connection.disconnect();
    }
  }

  /** The JDK takes a fixed length that was cut short for an end. */
  private static void copy(HttpURLConnection connection, boolean good, OutputStream out)
      throws IOException {
    try (InputStream in = good ? connection.getInputStream() : connection.getErrorStream()) {
      long copied = in == null ? 0 : in.transferTo(out);
      if (copied < connection.getContentLengthLong() && in != null) {
        throw new IOException("the answer broke off");
      }
    }
  }

  /** A path; a value takes the place of each %s. */
  static String path(String template, String... values) {
    for (String value : values) {
      if (value.isEmpty() || value.equals(".") || value.equals("..")) {
        throw Failure.usage("'" + value + "' is not a name");
      }
    }
    return String.format(template, Stream.of(values).map(Hub::encoded).toArray());
  }

  /** An object of names and values in turns; what is null is left out. */
  static Map<String, Object> body(Object... namesAndValues) {
    Map<String, Object> body = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i + 1] != null) {
        body.put((String) namesAndValues[i], namesAndValues[i + 1]);
      }
    }
    return body;
  }

  /** The same as the query of an address. */
  static String query(Object... namesAndValues) {
    return body(namesAndValues).entrySet().stream()
        .map(each -> each.getKey() + "=" + encoded(each.getValue().toString()))
        .collect(
            Collectors.collectingAndThen(
                Collectors.joining("&"), all -> all.isEmpty() ? "" : "?" + all));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String text(Object body) {
    try {
      return body == null ? null : JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Missing when it is no JSON. */
  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Failure.NO_HUB, "interrupted");
    }
  }
}
