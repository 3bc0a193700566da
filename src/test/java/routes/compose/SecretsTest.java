package routes.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compose/secrets.sh}: files for their owner alone, made once. */
class SecretsTest {

  @TempDir private Path folder;

  @Test
  void secretsAreMadeOnceForTheirOwnerAlone() throws Exception {
    Map<String, String> first = made();
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

  private Map<String, String> made() throws IOException, InterruptedException {
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
    Process process =
        new ProcessBuilder("bash", script.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    Map<String, String> made = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder.resolve("secrets"))) {
      for (Path file : files.toList()) {
        made.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return made;
  }
}
