package routes.analytics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.stereotype.Component;
import routes.analytics.Redteam.Outcome;
import routes.analytics.RedteamFile.Form;
import routes.kernel.errors.ClientException;
import routes.kernel.errors.Failures;
import routes.web.operations.RawBody;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;

/**
 * What is done with a file of a drop, {@code <prefix>/<kind>/<name>.json|jsonl|ndjson|csv}: it is
 * moved to {@code <prefix>/done/…} when all of it was taken, else to {@code <prefix>/failed/…},
 * with what became of it beside it.
 */
@Component
public class Drops {

  private static final Pattern FILE =
      Pattern.compile("([a-z-]+)/[^/]{1,200}\\.(json|jsonl|ndjson|csv)");
  private static final Map<String, Form> FORMS =
      Map.of("json", Form.JSON, "jsonl", Form.LINES, "ndjson", Form.LINES, "csv", Form.CSV);

  private final S3Client s3;
  private final RedteamRoutes port;
  private final ObjectMapper json;

  Drops(S3Client s3, RedteamRoutes port, ObjectMapper json) {
    this.s3 = s3;
    this.port = port;
    this.json = json;
  }

  /**
   * A file that waits.
   *
   * @param prefix of the drop; ends with a slash
   * @param key begins with the prefix; anybody's text
   * @param size in bytes
   */
  public record Waiting(
      String bucket, String prefix, String key, String etag, Instant uploaded, long size) {

    /** What tells it from every other upload: the same file may be dropped again. */
    public String upload() {
      return DigestUtils.sha256Hex(String.join("\n", bucket, key, etag, uploaded.toString()));
    }

    String name() {
      return key.substring(prefix.length());
    }
  }

  /**
   * A file that can be moved.
   *
   * @param where {@code done} or {@code failed}
   * @param what became of it: an {@link Outcome}, or why it has none
   */
  public record Settled(Waiting file, String where, Object what) {

    String target() {
      return file.prefix() + where + "/" + file.name();
    }

    /** Refused when somebody has put another file in its place. */
    public CopyObjectRequest copy() {
      return CopyObjectRequest.builder()
          .sourceBucket(file.bucket())
          .sourceKey(file.key())
          .copySourceIfMatch(file.etag())
          .destinationBucket(file.bucket())
          .destinationKey(target())
          .build();
    }

    public DeleteObjectRequest delete() {
      return DeleteObjectRequest.builder().bucket(file.bucket()).key(file.key()).build();
    }
  }

  static boolean isWaiting(String prefix, String key) {
    return !key.startsWith(prefix + "done/")
        && !key.startsWith(prefix + "failed/")
        && !key.endsWith("/");
  }

  /**
   * Reads and writes the rows of a file.
   *
   * @throws RuntimeException when another attempt may succeed: the file stays
   */
  public Settled take(Waiting file) {
    Matcher name = FILE.matcher(file.name());
    if (!name.matches()) {
      return failed(file, "the name must be <kind>/<name>.json, .jsonl, .ndjson or .csv");
    }
    if (file.size() > RawBody.MOST_BYTES) {
      return failed(file, "it has more than 16 MiB");
    }
    try {
      Kind kind = Kind.of(name.group(1));
      byte[] bytes =
          s3.getObjectAsBytes(get -> get.bucket(file.bucket()).key(file.key()).ifMatch(file.etag()))
              .asByteArray();
      Outcome outcome = port.take(kind, bytes, FORMS.get(name.group(2)));
      return new Settled(file, outcome.refused().isEmpty() ? "done" : "failed", outcome);
    } catch (ClientException e) {
      if (e.status() == 503) {
        throw e; // other files are being read
      }
      return failed(file, e.getMessage());
    } catch (RuntimeException e) {
      if (Failures.mayHeal(e)) {
        throw e;
      }
      return failed(file, Failures.describe(e));
    }
  }

  private static Settled failed(Waiting file, String error) {
    return new Settled(file, "failed", Map.of("error", error));
  }

  /** Writes what became of a file beside where it goes. Not by a route: a key would be a header. */
  public void tell(Settled settled) {
    try {
      s3.putObject(
          put ->
              put.bucket(settled.file().bucket())
                  .key(settled.target() + ".outcome.json")
                  .contentType("application/json"),
          RequestBody.fromBytes(json.writeValueAsBytes(settled.what())));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an outcome cannot be written as JSON", e);
    }
  }
}
