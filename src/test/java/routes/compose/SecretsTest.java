package routes.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code compose/secrets.sh}: files for their owner alone, made once. */
class SecretsTest {

  @TempDir private Path folder;

  @Test
  void secretsAreMadeOnceForTheirOwnerAlone() throws Exception {
    Map<String, String> first = made();
    assertThat(first.get("mlflow_pgpass")).endsWith("\n");
    Files.delete(folder.resolve("secrets/redis_hub"));
    Map<String, String> second = made();

    assertThat(first).hasSizeGreaterThan(25).containsKeys("postgres_hub", "minio_metrics_token");
    try (Stream<Path> files = Files.list(folder.resolve("secrets"))) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo("rw-------");
      }
    }
    assertThat(Files.readString(folder.resolve(".env"))).containsPattern("HUB_UID=[1-9][0-9]*\n");
    assertThat(second.remove("redis_hub")).isNotEqualTo(first.remove("redis_hub")).hasSize(48);
    assertThat(second).as("the others stay").isEqualTo(first);
    assertThat(first.entrySet().stream().filter(e -> e.getKey().matches("(postgres|redis|s3)_.*")))
        .extracting(Map.Entry::getValue)
        .doesNotHaveDuplicates();
  }

  @Test
  void theTokenForMetricsIsSignedWithItsUsersKey() throws Exception {
    Map<String, String> secrets = made();
    String[] parts = secrets.get("minio_metrics_token").split("\\.");
    Mac mac = Mac.getInstance("HmacSHA512");
    mac.init(
        new SecretKeySpec(
            secrets.get("s3_prometheus").getBytes(StandardCharsets.US_ASCII), "HmacSHA512"));

    assertThat(Base64.getUrlDecoder().decode(parts[2]))
        .isEqualTo(mac.doFinal((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII)));
    assertThat(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.US_ASCII))
        .contains("\"sub\":\"prometheus\"", "\"iss\":\"prometheus\"");
  }

  /** A container sees the file that it was started with, so that is the one that changes. */
  @Test
  void aSecretIsRenewedInItsFile() throws Exception {
    Map<String, String> first = made();
    Map<String, Object> files = inodes();

    Map<String, String> second = made("renew", "postgres_mlflow", "s3_prometheus", "s3_mlflow");

    for (String name :
        List.of(
            "postgres_mlflow",
            "mlflow_pgpass",
            "s3_prometheus",
            "minio_metrics_token",
            "s3_mlflow",
            "mlflow_aws_credentials")) {
      assertThat(second.remove(name)).as(name).isNotBlank().isNotEqualTo(first.remove(name));
    }
    assertThat(second).as("the others stay").isEqualTo(first);
    assertThat(inodes()).as("no other file has come in the place of one").isEqualTo(files);
  }

  @Test
  void whatThereIsNotIsNotRenewed() throws Exception {
    Map<String, String> first = made();

    assertThat(run("renew", "postgres_nobody")).isEqualTo(2);
    assertThat(run("renew")).isEqualTo(2);
    assertThat(run("postgres_hub")).isEqualTo(2);
    assertThat(made()).isEqualTo(first);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "mlflow_pgpass, is made from postgres_mlflow; renew that",
    "mlflow_aws_credentials, is made from s3_mlflow; renew that",
    "redis_exporter_passwords, is made from redis_exporter; renew that",
    "minio_metrics_token, is made from s3_prometheus; renew that",
    "alert_slack_url, write the new value into it"
  })
  void whatIsNotMadeAtRandomIsNotRenewed(String name, String message) throws Exception {
    Map<String, String> first = made();

    assertThat(run("renew", "postgres_hub", name)).isEqualTo(2);
    assertThat(Files.readString(folder.resolve("said"))).contains("secrets/" + name, message);
    assertThat(made()).as("nothing was renewed").isEqualTo(first);
  }

  /** A folder stands in for a file that may not be read: the tests may run as root. */
  @Test
  void whatIsMadeFromASecretThatCannotBeReadStaysAsItIs() throws Exception {
    Map<String, String> first = made();
    Files.delete(folder.resolve("secrets/postgres_mlflow"));
    Files.createDirectory(folder.resolve("secrets/postgres_mlflow"));

    assertThat(run()).isNotZero();
    assertThat(Files.readString(folder.resolve("said"))).contains("secrets/postgres_mlflow");
    assertThat(folder.resolve("secrets/mlflow_pgpass")).hasContent(first.get("mlflow_pgpass"));
  }

  @Test
  void whoHasMinioKeepsItsRoot() throws Exception {
    Files.createDirectory(folder.resolve("secrets"));
    Files.writeString(folder.resolve("secrets/minio_root_user"), "root-of-before");
    Files.writeString(folder.resolve("secrets/minio_root_password"), "password-of-before");

    Map<String, String> secrets = made();

    assertThat(secrets)
        .containsEntry("s3_root_user", "root-of-before")
        .containsEntry("s3_root_password", "password-of-before")
        .doesNotContainKey("minio_root_user");
  }

  @Test
  void theKeyOfWebhooksIsOneOfFernets() throws Exception {
    assertThat(Base64.getUrlDecoder().decode(made().get("mlflow_webhook_key"))).hasSize(32);
  }

  @Test
  void anotherUsersSecretsAreLeftToThatUserAndToRoot() throws Exception {
    Files.writeString(folder.resolve(".env"), "HUB_UID=54321\nHUB_GID=54321\n");
    Files.createDirectories(folder.resolve("secrets"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

    List<String> notRoot =
        new ProcessBuilder("id", "-u").start().inputReader().readLine().equals("0")
            ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "bash")
            : List.of("bash");

    assertThat(runBy(notRoot)).isEqualTo(2);
    assertThat(Files.readString(folder.resolve("said"))).contains("HUB_UID=54321, and you are ");
    assertThat(folder.resolve("secrets")).isEmptyDirectory();
  }

  private Map<String, Object> inodes() throws IOException {
    Map<String, Object> inodes = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder.resolve("secrets"))) {
      for (Path file : files.toList()) {
        inodes.put(file.getFileName().toString(), Files.getAttribute(file, "unix:ino"));
      }
    }
    return inodes;
  }

  private Map<String, String> made(String... arguments) throws IOException, InterruptedException {
    assertThat(run(arguments)).as(Files.readString(folder.resolve("said"))).isZero();
    Map<String, String> made = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder.resolve("secrets"))) {
      for (Path file : files.toList()) {
        made.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return made;
  }

  private int run(String... arguments) throws IOException, InterruptedException {
    return runBy(List.of("bash"), arguments);
  }

  private int runBy(List<String> shell, String... arguments)
      throws IOException, InterruptedException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(entry -> Files.isExecutable(Path.of(entry, "openssl"))),
        "openssl is not installed");
    Path script = folder.resolve("secrets.sh");
    Files.copy(
        Path.of("compose/secrets.sh"),
        script,
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
    Path said = folder.resolve("said");
    List<String> command = new ArrayList<>(shell);
    command.add(script.toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
