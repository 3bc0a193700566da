package routes.analytics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import routes.analytics.Redteam.Outcome;
import routes.analytics.RedteamFile.Form;
import routes.platform.error.ClientException;
import routes.platform.error.Failures;
import routes.platform.http.RawBody;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Takes files from a bucket: {@code <prefix>/<kind>/<name>.json|jsonl|ndjson|csv}. Each is moved to
 * {@code <prefix>/done/…} when all of it was taken, else to {@code <prefix>/failed/…} with what is
 * wrong beside it; one that may yet be taken stays. Replicas may meet at a file: it is written by
 * natural key. Names of objects are anybody's text and go through no route (CVE-2026-95664).
 */
@Component
class RedteamDrop implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(RedteamDrop.class);
  private static final Pattern FILE =
      Pattern.compile("([a-z-]+)/[^/]{1,200}\\.(json|jsonl|ndjson|csv)");
  private static final Map<String, Form> FORMS =
      Map.of("json", Form.JSON, "jsonl", Form.LINES, "ndjson", Form.LINES, "csv", Form.CSV);

  /** Files of one look. */
  private static final int MOST = 100;

  private final RedteamProperties properties;
  private final S3Client s3;
  private final RedteamRoutes port;
  private final ObjectMapper json;
  private ScheduledExecutorService clockwork;

  RedteamDrop(RedteamProperties properties, S3Client s3, RedteamRoutes port, ObjectMapper json) {
    this.properties = properties;
    this.s3 = s3;
    this.port = port;
    this.json = json;
  }

  @EventListener(ApplicationReadyEvent.class)
  synchronized void start() {
    if (clockwork != null || !properties.isOn()) {
      return;
    }
    clockwork =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "redteam-drop");
              thread.setDaemon(true);
              return thread;
            });
    long every = properties.every().toMillis();
    clockwork.scheduleWithFixedDelay(this::lookGuarded, every, every, TimeUnit.MILLISECONDS);
  }

  private void lookGuarded() {
    try {
      look();
    } catch (RuntimeException e) {
      // A failure thrown on would end the schedule for good.
      LOG.warn("the drop {} is not looked into: {}", properties.drop(), e.getMessage());
    }
  }

  /** Takes what lies there now. */
  void look() {
    List<S3Object> files =
        s3
            .listObjectsV2Paginator(
                list -> list.bucket(properties.bucket()).prefix(properties.prefix()))
            .contents()
            .stream()
            .filter(file -> !isMoved(file.key()) && !file.key().endsWith("/"))
            .limit(MOST)
            .toList();
    for (S3Object file : files) {
      try {
        take(file);
      } catch (NoSuchKeyException e) {
        LOG.debug("another replica was faster");
      } catch (RuntimeException e) {
        if (!Failures.mayHeal(e)) {
          move(file.key(), "failed", Map.of("error", Failures.describe(e)));
        } else {
          LOG.warn("a file of the drop stays: {}", Failures.describe(e));
        }
      }
    }
  }

  private boolean isMoved(String key) {
    return key.startsWith(properties.prefix() + "done/")
        || key.startsWith(properties.prefix() + "failed/");
  }

  private void take(S3Object file) {
    Matcher name = FILE.matcher(file.key().substring(properties.prefix().length()));
    if (!name.matches()) {
      move(
          file.key(),
          "failed",
          Map.of("error", "the name must be <kind>/<name>.json, .jsonl, .ndjson or .csv"));
      return;
    }
    if (file.size() > RawBody.MOST_BYTES) {
      move(file.key(), "failed", Map.of("error", "it has more than 16 MiB"));
      return;
    }
    Outcome outcome;
    try {
      Kind kind = Kind.of(name.group(1));
      byte[] bytes =
          s3.getObjectAsBytes(get -> get.bucket(properties.bucket()).key(file.key())).asByteArray();
      outcome = port.take(kind, bytes, FORMS.get(name.group(2)));
    } catch (ClientException e) {
      if (e.status() == 503) {
        return; // others are being read: the next look takes it
      }
      move(file.key(), "failed", Map.of("error", e.getMessage()));
      return;
    }
    move(file.key(), outcome.refused().isEmpty() ? "done" : "failed", outcome);
  }

  /** What became of it first, then the copy, then it goes: a stop in between repeats the rest. */
  private void move(String key, String where, Object what) {
    String bucket = properties.bucket();
    String target = properties.prefix() + where + "/" + key.substring(properties.prefix().length());
    try {
      s3.putObject(
          put -> put.bucket(bucket).key(target + ".outcome.json").contentType("application/json"),
          RequestBody.fromBytes(json.writeValueAsBytes(what)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an outcome cannot be written as JSON", e);
    }
    s3.copyObject(
        copy ->
            copy.sourceBucket(bucket)
                .sourceKey(key)
                .destinationBucket(bucket)
                .destinationKey(target));
    s3.deleteObject(delete -> delete.bucket(bucket).key(key));
  }

  @Override
  public synchronized void destroy() {
    if (clockwork != null) {
      clockwork.shutdownNow();
    }
  }
}
