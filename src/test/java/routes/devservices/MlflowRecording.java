package routes.devservices;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a real MLflow answered, request by request.
 *
 * @param version of that MLflow, e.g. {@code 3.17.2}
 * @param exchanges in the order in which they were made
 */
public record MlflowRecording(String version, List<Exchange> exchanges) {

  /** Where {@link #load} finds it, and a new one belongs. */
  public static final Path FILE = Path.of("src/test/resources/mlflow/recorded.json");

  /** Stands for wherever webhooks are sent to: a port that differs each time. */
  private static final String RECEIVER = "http://receiver/";

  private static final Pattern LOOPBACK = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/");
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  /**
   * @param method of the request
   * @param path of the request, with its query
   * @param body of the request; empty for none
   * @param status of the answer
   * @param type of the answer's content
   * @param answer its text
   * @param deliveries bodies that webhooks then got
   */
  public record Exchange(
      String method,
      String path,
      String body,
      int status,
      String type,
      String answer,
      List<String> deliveries) {

    /** Equal for requests that ask the same, whatever the order of fields and the receiver. */
    String question() {
      return method + " " + path + " " + canonical(body);
    }

    /** The same with no port of the day in it. */
    public Exchange forgettingReceiver() {
      return new Exchange(
          method,
          path,
          LOOPBACK.matcher(body).replaceAll(RECEIVER),
          status,
          type,
          LOOPBACK.matcher(answer).replaceAll(RECEIVER),
          deliveries);
    }
  }

  static String toReceiver(String answer, String url) {
    return answer.replace(RECEIVER, url);
  }

  private static String canonical(String body) {
    try {
      return JSON.writeValueAsString(
          JSON.readValue(LOOPBACK.matcher(body).replaceAll(RECEIVER), Map.class));
    } catch (JsonProcessingException e) {
      return body; // an artifact's bytes, or nothing
    }
  }

  static MlflowRecording load() {
    try (InputStream in = MlflowRecording.class.getResourceAsStream("/mlflow/recorded.json")) {
      return JSON.readValue(in, MlflowRecording.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes it to {@link #FILE}. */
  public void save() throws IOException {
    Files.createDirectories(FILE.getParent());
    Files.writeString(FILE, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
  }
}
