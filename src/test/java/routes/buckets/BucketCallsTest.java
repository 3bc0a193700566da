package routes.buckets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import routes.buckets.BucketProperties.Bucket;
import routes.buckets.BucketSteps.Action;
import routes.kernel.errors.PermanentException;
import routes.stores.s3.S3Clients;
import routes.stores.s3.S3Properties;
import software.amazon.awssdk.services.s3.S3Client;

/** What is sent to, and understood of, a server that has versioning, object lock and lifecycle. */
class BucketCallsTest {

  private static final Bucket LOCKED =
      new Bucket(true, true, Duration.ofDays(30), Duration.ofDays(60));

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, String> answers = new HashMap<>();
  private HttpServer server;
  private S3Client s3;
  private Buckets buckets;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String what =
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI().getPath()
                  + (exchange.getRequestURI().getRawQuery() == null
                      ? ""
                      : "?" + exchange.getRequestURI().getRawQuery());
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String lock = exchange.getRequestHeaders().getFirst("x-amz-bucket-object-lock-enabled");
          asked.add(what + (lock == null ? "" : " lock=" + lock) + " " + body);
          String[] answer = answers.getOrDefault(what, "200 ").split(" ", 2);
          byte[] bytes = answer[1].getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/xml");
          boolean head = exchange.getRequestMethod().equals("HEAD");
          exchange.sendResponseHeaders(
              Integer.parseInt(answer[0]), head || bytes.length == 0 ? -1 : bytes.length);
          if (!head && bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
          }
          exchange.close();
        });
    server.start();
    S3Properties properties =
        new S3Properties(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            "eu-central-1",
            "key",
            "secret",
            true);
    s3 = S3Clients.impatient(properties);
    buckets = new Buckets(s3, properties);
  }

  @AfterEach
  void stop() {
    s3.close();
    server.stop(0);
  }

  @Test
  void aBucketIsMadeWithItsLockInItsRegion() {
    assertThat(buckets.does(Action.MAKE, "backups", LOCKED)).isTrue();

    assertThat(asked).singleElement().asString().startsWith("PUT /backups lock=true ");
    assertThat(asked.get(0)).contains("<LocationConstraint>eu-central-1</LocationConstraint>");
  }

  @Test
  void theSettingsAreSentAsConfigured() {
    assertThat(buckets.does(Action.VERSION, "backups", LOCKED)).isTrue();
    assertThat(buckets.does(Action.LOCK, "backups", LOCKED)).isTrue();
    assertThat(buckets.does(Action.EXPIRE, "backups", LOCKED)).isTrue();

    assertThat(asked.get(0)).startsWith("PUT /backups?versioning ").contains("<Status>Enabled");
    assertThat(asked.get(1))
        .startsWith("PUT /backups?object-lock ")
        .contains("<Mode>GOVERNANCE</Mode>", "<Days>30</Days>");
    assertThat(asked.get(2))
        .startsWith("PUT /backups?lifecycle ")
        .contains("<NoncurrentDays>60</NoncurrentDays>");
  }

  @Test
  void whatTheServerTellsIsUnderstood() {
    answers.put(
        "GET /backups?versioning",
        "200 <VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
    answers.put(
        "GET /backups?object-lock",
        "200 <ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule>"
            + "<DefaultRetention><Mode>GOVERNANCE</Mode><Days>30</Days></DefaultRetention></Rule>"
            + "</ObjectLockConfiguration>");
    answers.put(
        "GET /backups?lifecycle",
        "200 <LifecycleConfiguration><Rule><ID>x</ID><Status>Enabled</Status>"
            + "<NoncurrentVersionExpiration><NoncurrentDays>60</NoncurrentDays>"
            + "</NoncurrentVersionExpiration></Rule></LifecycleConfiguration>");
    answers.put(
        "GET /backups?policyStatus", "200 <PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>");

    BucketState seen = buckets.look("backups", LOCKED);

    assertThat(seen.versioned()).contains(true);
    assertThat(seen.locked()).contains(true);
    assertThat(seen.lockDays()).contains(30);
    assertThat(seen.keepDays()).contains(60);
    assertThat(seen.openTo()).singleElement().asString().startsWith("everybody, by its policy");
    assertThat(BucketSteps.of(LOCKED, seen).stream().map(BucketSteps.Step::action))
        .containsExactly(Action.REFUSE);
  }

  @Test
  void whatWasNeverSetIsNotWhatCannotBeTold() {
    for (String part : List.of("versioning", "object-lock", "lifecycle", "policyStatus", "acl")) {
      answers.put("GET /never?" + part, "404 <Error><Code>NoSuchConfiguration</Code></Error>");
      answers.put("GET /silent?" + part, "403 <Error><Code>AccessDenied</Code></Error>");
      answers.put("GET /lacking?" + part, "501 <Error><Code>NotImplemented</Code></Error>");
    }

    assertThat(buckets.look("never", LOCKED).locked()).contains(false);
    assertThat(buckets.look("never", LOCKED).keepDays()).contains(0);
    assertThat(buckets.look("silent", LOCKED).locked()).isEmpty();
    assertThat(buckets.look("lacking", LOCKED).versioned()).isEmpty();
    assertThat(buckets.look("lacking", LOCKED).keepDays()).isEmpty();
  }

  @Test
  void aBucketOfSomebodyElseIsNamed() {
    answers.put("HEAD /theirs", "403 ");

    assertThatThrownBy(() -> buckets.look("theirs", LOCKED))
        .isInstanceOf(PermanentException.class)
        .hasMessageContaining("cannot look at the bucket theirs: the server answers 403")
        .hasMessageContaining("hub.s3.access-key");
  }

  @Test
  void withoutLockItIsMadeAllTheSame() {
    answers.put("PUT /plain", "501 <Error><Code>NotImplemented</Code></Error>");

    // The second request, without the lock, is refused as well here: what matters is that it comes.
    assertThat(buckets.does(Action.MAKE, "plain", LOCKED)).isFalse();
    assertThat(asked).hasSize(2);
    assertThat(asked.get(1)).startsWith("PUT /plain ").doesNotContain("lock=");
  }
}
