package routes.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * {@code compose/s3/}: its scripts against a real versitygw, as a plain process. Where {@code ./hub
 * real install} has brought none, it is skipped.
 */
class S3SetupTest {

  private static final Path SCRIPTS = Path.of("compose/s3").toAbsolutePath();

  @TempDir private Path folder;
  private final Map<String, String> environment = new TreeMap<>();
  private String endpoint;
  private Process server;

  @BeforeEach
  void start() throws Exception {
    Path program = versitygw();
    Files.createDirectory(folder.resolve("secrets"));
    for (String secret :
        List.of(
            "s3_root_user",
            "s3_root_password",
            "s3_hub",
            "s3_mlflow",
            "s3_training",
            "s3_model_cache")) {
      change(secret);
    }
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    endpoint = "http://127.0.0.1:" + port;
    environment.put("PATH", program.getParent() + ":" + System.getenv("PATH"));
    environment.put("HUB_SECRETS", folder.resolve("secrets").toString());
    environment.put("HUB_S3_DATA", folder.resolve("data").toString());
    environment.put("HUB_S3_PORT", "127.0.0.1:" + port);
    environment.put("HUB_S3_ENDPOINT", endpoint);
    environment.put("HUB_POLICIES", SCRIPTS.resolve("policies").toString());
    startServer();
  }

  private void startServer() throws IOException {
    server = program("start.sh").start();
    await().atMost(Duration.ofSeconds(30)).until(() -> run("healthy.sh") == 0);
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (server != null) {
      server.destroy();
      assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Path versitygw() throws IOException {
    Path cache =
        Path.of(
            System.getenv()
                .getOrDefault(
                    "HUB_REAL_CACHE",
                    System.getProperty("user.home") + "/.cache/ml-security-hub/real"));
    if (Files.isDirectory(cache)) {
      try (Stream<Path> homes = Files.list(cache)) {
        var found =
            homes.map(home -> home.resolve("bin/versitygw")).filter(Files::isExecutable).findAny();
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    return Assumptions.abort("no versitygw beside the real servers; ./hub real install brings it");
  }

  private void change(String secret) throws IOException {
    Files.writeString(
        folder.resolve("secrets").resolve(secret), UUID.randomUUID().toString().replace("-", ""));
  }

  private ProcessBuilder program(String script) {
    ProcessBuilder builder =
        new ProcessBuilder("bash", SCRIPTS.resolve(script).toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(script + ".said").toFile());
    builder.environment().putAll(environment);
    return builder;
  }

  private int run(String script) throws IOException, InterruptedException {
    Process process = program(script).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private void setUp() throws Exception {
    assertThat(run("setup.sh")).as(Files.readString(folder.resolve("setup.sh.said"))).isZero();
  }

  private S3Client as(String user) throws IOException {
    String key = Files.readString(folder.resolve("secrets/s3_" + user.replace('-', '_')));
    return S3Client.builder()
        .endpointOverride(URI.create(endpoint))
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(user, key)))
        .build();
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            S3Exception.class, refusal -> assertThat(refusal.statusCode()).isEqualTo(403));
  }

  private static void put(S3Client s3, String bucket) {
    s3.putObject(put -> put.bucket(bucket).key("k"), RequestBody.fromString("x"));
  }

  @Test
  void eachServiceHasItsKeyAndWhatItNeeds() throws Exception {
    setUp();
    setUp(); // a repeat finds it done

    try (S3Client hub = as("hub");
        S3Client mlflow = as("mlflow");
        S3Client training = as("training");
        S3Client cache = as("model-cache")) {
      put(hub, "hub-backups");
      put(mlflow, "mlflow-artifacts");
      put(training, "training-data");
      put(cache, "model-cache");
      assertThat(
              cache.getObjectAsBytes(get -> get.bucket("mlflow-artifacts").key("k")).asUtf8String())
          .isEqualTo("x");
      assertThat(training.listObjectsV2(list -> list.bucket("datasets")).contents()).isEmpty();
      hub.headBucket(head -> head.bucket("datasets"));

      refused(() -> put(mlflow, "hub-backups"));
      refused(() -> put(cache, "mlflow-artifacts"));
      refused(() -> put(training, "datasets"));
      refused(() -> hub.getObjectAsBytes(get -> get.bucket("mlflow-artifacts").key("k")));
      refused(() -> hub.createBucket(make -> make.bucket("another")));
    }
  }

  @Test
  void backupsOutliveTheKeyOfTheHub() throws Exception {
    setUp();
    try (S3Client hub = as("hub")) {
      put(hub, "hub-backups");
      var lock =
          hub.getObjectLockConfiguration(get -> get.bucket("hub-backups"))
              .objectLockConfiguration()
              .rule()
              .defaultRetention();
      String version =
          hub.listObjectVersions(list -> list.bucket("hub-backups")).versions().get(0).versionId();

      assertThat(lock.mode()).isEqualTo(ObjectLockRetentionMode.GOVERNANCE);
      assertThat(lock.days()).isEqualTo(14);
      refused(
          () ->
              hub.deleteObject(
                  gone ->
                      gone.bucket("hub-backups")
                          .key("k")
                          .versionId(version)
                          .bypassGovernanceRetention(true)));
      refused(
          () ->
              hub.putObjectLockConfiguration(
                  set ->
                      set.bucket("hub-backups")
                          .objectLockConfiguration(to -> to.objectLockEnabled("Enabled"))));
      hub.deleteObject(gone -> gone.bucket("hub-backups").key("k"));
      assertThat(hub.listObjectVersions(list -> list.bucket("hub-backups")).versions())
          .as("hidden, not gone")
          .hasSize(1);
    }
  }

  @Test
  void aKeyThatWasChangedIsTakenAfterARestart() throws Exception {
    setUp();
    S3Client before = as("hub");
    change("s3_hub");
    setUp();
    stop();
    startServer();

    try (before;
        S3Client after = as("hub")) {
      put(after, "hub-backups");
      refused(() -> put(before, "hub-backups"));
    }
  }
}
