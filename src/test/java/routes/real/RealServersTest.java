package routes.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The hub on the platform's real servers, as {@code ./hub up --real} starts them. Each test says
 * which server it lacks and is skipped; {@code .ci/run} brings them up first.
 */
@Tag("real")
class RealServersTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATABASE = "ml_security_consolidated";

  private final RealServers servers = new RealServers();

  @BeforeEach
  void stores() {
    servers.assumeRunning("postgres", servers.s3(), "redis");
  }

  @Test
  void whatTheMlflowClientLogsIsInPostgresAndS3() throws Exception {
    servers.assumeRunning("mlflow");

    JsonNode made = JSON.readTree(lastLine(servers.hub("real", "demo")));

    assertThat(made.get("runs")).hasSize(3);
    String run = made.get("runs").get(0).get("run").textValue();
    assertThat(count("SELECT count(*) FROM mlflow.metrics WHERE run_uuid = ? AND key = 'auc'", run))
        .isEqualTo(1);
    assertThat(
            count(
                "SELECT count(*) FROM mlflow.registered_model_aliases"
                    + " WHERE name = 'prompt-injection-detector' AND alias = ?",
                "champion"))
        .isEqualTo(1);
    String model = made.get("runs").get(0).get("model").textValue().replace("models:/", "");
    try (S3Client s3 = s3("mlflow")) {
      List<String> keys =
          s3.listObjectsV2Paginator(list -> list.bucket("mlflow-artifacts")).contents().stream()
              .map(S3Object::key)
              .toList();
      assertThat(keys)
          .anyMatch(key -> key.contains(run) && key.endsWith("labels.json"))
          .anyMatch(key -> key.contains(model) && key.endsWith("MLmodel"));
    }
  }

  @Test
  void thePlatformsDatabaseIsBackedUpAndProvenAndItsTraceIsInJaeger() throws Exception {
    servers.assumeRunning("hub");

    JsonNode backup = JSON.readTree(servers.hub("run", "backup.postgres", "source=main", "--json"));
    JsonNode drill = JSON.readTree(servers.hub("drill", "main", "--json"));

    assertThat(backup.get("state").textValue()).isEqualTo("succeeded");
    assertThat(drill.get("headline").textValue()).contains("verified");
    servers.assumeRunning("jaeger");
    for (JsonNode run : List.of(backup, drill)) {
      String path = "/api/traces/" + run.get("traceId").textValue();
      JsonNode trace =
          Awaitility.await(path)
              .atMost(Duration.ofSeconds(30))
              .ignoreExceptions()
              .until(
                  () -> JSON.readTree(servers.get("jaeger", path)).at("/data/0"),
                  found -> found.path("spans").size() > 0);
      assertThat(trace.at("/processes").findValuesAsText("serviceName"))
          .contains("ml-security-hub");
      theHubShowsIt(run);
    }
  }

  /** Its own API, with Jaeger's real answers. */
  private void theHubShowsIt(JsonNode run) throws Exception {
    String id = run.get("traceId").textValue();
    // Spans arrive in batches; the first of them have been seen.
    Awaitility.await(id)
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(
                        JSON.readTree(servers.api("/api/traces/" + id))
                            .path("spans")
                            .findValuesAsText("operation"))
                    .contains("job " + run.get("job").textValue()));
    JsonNode listed =
        JSON.readTree(
            servers.api(
                "/api/traces?limit=200&tags="
                    + RealServers.encoded("hub.run.id=" + run.get("id").textValue())));
    assertThat(listed.path("items").findValuesAsText("id")).contains(id);
    assertThat(servers.status("/api/traces/" + "0".repeat(31) + "1")).isEqualTo(404);
  }

  @Test
  void everyServersSeriesAreInPrometheus() throws Exception {
    servers.assumeRunning("prometheus", "hub");

    Set<String> expected = new TreeSet<>(Set.of("hub", "prometheus"));
    Stream.of("minio", "mlflow", "jaeger").filter(servers::runs).forEach(expected::add);
    Stream.of("postgres", "redis", "node")
        .filter(job -> servers.runs(job + "-exporter"))
        .forEach(expected::add);

    Awaitility.await("each is scraped")
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(labels("up == 1", "job")).containsAll(expected));
    Awaitility.await("the hub's own series")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(labels("hub_job_runs_total", "job_id")).contains("backup.postgres"));
  }

  @ParameterizedTest(name = "{0} may not: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mlflow     | ml_security_consolidated | SELECT * FROM hub.api_key
          mlflow     | ml_security_consolidated | CREATE SCHEMA more
          hub        | postgres                 | CREATE DATABASE more
          hub        | ml_security_consolidated | SELECT * FROM mlflow.experiments
          hub_backup | ml_security_consolidated | DELETE FROM hub.api_key
          hub_drill  | ml_security_consolidated | SELECT 1
          exporter   | ml_security_consolidated | SELECT * FROM hub.api_key
          """)
  void aRoleMayDoWhatItsServiceNeedsOnly(String role, String database, String sql) {
    assertThatThrownBy(
            () -> {
              try (Connection connection = postgres(role, database)) {
                connection.createStatement().execute(sql);
              }
            })
        .isInstanceOf(SQLException.class)
        .extracting(error -> ((SQLException) error).getSQLState())
        .isEqualTo("42501");
  }

  @Test
  void aKeyOpensTheBucketsOfItsServiceAndNoneIsPublic() throws Exception {
    List<String> buckets =
        List.of("hub-backups", "mlflow-artifacts", "training-data", "model-cache", "datasets");
    try (S3Client training = s3("training");
        S3Client nobody = s3(AnonymousCredentialsProvider.create())) {
      training.listObjectsV2(list -> list.bucket("training-data"));
      training.listObjectsV2(list -> list.bucket("datasets"));
      for (String bucket : List.of("hub-backups", "mlflow-artifacts", "model-cache")) {
        assertRefused(training, bucket);
      }
      for (String bucket : buckets) {
        assertRefused(nobody, bucket);
      }
    }
    try (S3Client hub = s3("hub")) {
      assertThat(hub.getBucketVersioning(get -> get.bucket("hub-backups")).statusAsString())
          .isEqualTo("Enabled");
      assertThat(
              hub.getObjectLockConfiguration(get -> get.bucket("hub-backups"))
                  .objectLockConfiguration()
                  .objectLockEnabledAsString())
          .isEqualTo("Enabled");
    }
  }

  @Test
  void redisAnswersNobodyWithoutAPassword() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", servers.port("redis"))) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readNBytes(7), StandardCharsets.US_ASCII))
          .isEqualTo("-NOAUTH");
    }
  }

  /** Versitygw has no other way than its environment, which only its user reads. */
  @Test
  void secretsAreInNobodysArgumentsAndInOneEnvironmentOnly() throws IOException {
    List<String> secrets = servers.secrets();
    assertThat(secrets).hasSizeGreaterThan(10);
    List<String> seen = new ArrayList<>();
    for (String server : servers.running()) {
      for (String of : List.of("cmdline", "environ")) {
        String text;
        try {
          text = Files.readString(Path.of("/proc", servers.pid(server) + "", of));
        } catch (NoSuchFileException e) {
          continue; // it ended meanwhile
        }
        if (secrets.stream().anyMatch(text::contains)) {
          seen.add(server + " " + of);
        }
      }
    }
    assertThat(seen).isSubsetOf("versitygw environ");
  }

  private static void assertRefused(S3Client s3, String bucket) {
    assertThatThrownBy(() -> s3.listObjectsV2(list -> list.bucket(bucket)))
        .as(bucket)
        .isInstanceOf(S3Exception.class)
        .extracting(error -> ((S3Exception) error).statusCode())
        .isEqualTo(403);
  }

  private Set<String> labels(String query, String label) throws Exception {
    JsonNode answer =
        JSON.readTree(
            servers.get("prometheus", "/api/v1/query?query=" + RealServers.encoded(query)));
    Set<String> values = new TreeSet<>();
    answer.at("/data/result").forEach(each -> values.add(each.at("/metric/" + label).asText()));
    return values;
  }

  private long count(String sql, String parameter) throws SQLException, IOException {
    try (Connection connection = postgres("hub_backup", DATABASE);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private Connection postgres(String role, String database) throws SQLException, IOException {
    String url = "jdbc:postgresql://127.0.0.1:" + servers.port("postgres") + "/" + database;
    return DriverManager.getConnection(url, role, servers.secret("postgres-" + role));
  }

  private S3Client s3(String user) throws IOException {
    return s3(
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(user, servers.secret("s3-" + user))));
  }

  private S3Client s3(AwsCredentialsProvider credentials) {
    return S3Client.builder()
        .endpointOverride(URI.create("http://127.0.0.1:" + servers.port(servers.s3())))
        .region(Region.US_EAST_1)
        .credentialsProvider(credentials)
        .forcePathStyle(true)
        .build();
  }

  private static String lastLine(String text) {
    return text.strip().lines().reduce((before, last) -> last).orElseThrow();
  }
}
