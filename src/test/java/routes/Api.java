package routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The API as a program meets it: real HTTP, one key. */
public final class Api {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final String base;
  private final String key;

  /**
   * @param key null: nobody's requests
   */
  public Api(int port, String key) {
    this.base = "http://127.0.0.1:" + port;
    this.key = key;
  }

  /** An answer, its body read as JSON when it is some. */
  public record Answer(HttpResponse<String> http) {

    public int status() {
      return http.statusCode();
    }

    public String mediaType() {
      return http.headers().firstValue("Content-Type").orElse("none");
    }

    public String header(String name) {
      return http.headers().firstValue(name).orElse(null);
    }

    public JsonNode json() {
      try {
        return JSON.readTree(http.body());
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + http.body(), e);
      }
    }

    public String text(String pointer) {
      JsonNode at = json().at(pointer);
      return at.isMissingNode() ? null : at.asText();
    }

    @Override
    public String toString() {
      return status() + " " + http.body();
    }
  }

  public Answer get(String path, String... headers) {
    return send(request("GET", path, null, headers));
  }

  /**
   * @param body JSON text, or null for none
   */
  public Answer post(String path, String body, String... headers) {
    return send(request("POST", path, body, headers));
  }

  public Answer delete(String path) {
    return send(request("DELETE", path, null));
  }

  /** A request to be changed further. */
  public HttpRequest.Builder request(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20));
    if (key != null) {
      request.setHeader("Authorization", "Bearer " + key);
    }
    if (body != null) {
      request.setHeader("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return request.method(
        method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
  }

  public Answer send(HttpRequest.Builder request) {
    try {
      return new Answer(http.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
