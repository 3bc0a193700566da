package routes.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compose/tls/certs.sh}: a repeat renews what is due, or changes nothing. */
class CertsTest {

  @TempDir private Path folder;
  private Path certs;
  private Path said;

  @BeforeEach
  void checkout() throws IOException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(entry -> Files.isExecutable(Path.of(entry, "openssl"))),
        "openssl is not installed");
    Path compose = folder.resolve("compose");
    Path prometheus = folder.resolve("monitoring/prometheus");
    Files.createDirectories(compose.resolve("tls"));
    Files.createDirectories(prometheus);
    Files.copy(Path.of("compose/tls/certs.sh"), compose.resolve("tls/certs.sh"));
    Files.copy(
        Path.of("monitoring/prometheus/prometheus.yml"), prometheus.resolve("prometheus.yml"));
    Files.writeString(compose.resolve(".env"), "HUB_UID=10001\nHUB_GID=10001\n");
    certs = compose.resolve("certs");
    said = folder.resolve("said");
  }

  @Test
  void withoutTheAuthoritysKeyNothingIsChangedAndWhatIsDueIsNamed() throws Exception {
    assertThat(run(null)).as(said()).isZero();
    Files.move(certs.resolve("ca.key"), folder.resolve("ca.key"));
    Map<String, String> before = contents();

    assertThat(run(null)).as("none is due: " + said()).isZero();
    endSoon("redis");
    Map<String, String> due = contents();
    assertThat(run(null)).isEqualTo(1);

    assertThat(said()).contains("ca.key is missing", "new certificates: redis.", "Put it back");
    assertThat(contents()).as("no key was touched").isEqualTo(due);
    Files.move(folder.resolve("ca.key"), certs.resolve("ca.key"));
    assertThat(run(null)).as(said()).isZero();
    assertThat(contents().get("redis/private.key")).isNotEqualTo(before.get("redis/private.key"));
    assertThat(contents().get("hub/private.key")).isEqualTo(before.get("hub/private.key"));
    certificate("redis").verify(authority().getPublicKey());
  }

  @Test
  void aKeyThatIsNotTheAuthoritysIsToldAndCertificatesStay() throws Exception {
    assertThat(run(null)).as(said()).isZero();
    Files.copy(
        certs.resolve("hub/private.key"),
        certs.resolve("ca.key"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    String key = contents().get("postgres/private.key");

    assertThat(run("hub.example.org")).isEqualTo(1);

    assertThat(said()).contains("postgres keeps the certificate it has", "do not match");
    assertThat(contents()).containsEntry("postgres/private.key", key);
    certificate("postgres").verify(authority().getPublicKey());
  }

  @Test
  void otherNamesAreAReasonToRenewAndStayWhereNoneAreGiven() throws Exception {
    assertThat(run(null)).as(said()).isZero();
    assertThat(certificate("hub").getSubjectAlternativeNames()).hasSize(3);

    assertThat(run("hub.example.org,10.0.0.5,fd00::5")).as(said()).isZero();
    String named = contents().get("hub/public.crt");
    assertThat(certificate("hub").getSubjectAlternativeNames().toString())
        .contains("hub.example.org", "10.0.0.5", "fd00:0:0:0:0:0:0:5");
    assertThat(run("hub.example.org,10.0.0.5,fd00::5")).as(said()).isZero();
    assertThat(contents()).as("the same names").containsEntry("hub/public.crt", named);

    endSoon("hub");
    assertThat(run(null)).as(said()).isZero();
    assertThat(certificate("hub").getSubjectAlternativeNames()).hasSize(6);
    assertThat(run("")).as(said()).isZero();
    assertThat(certificate("hub").getSubjectAlternativeNames()).hasSize(3);
  }

  /** As if most of its days were over: one of 20 days with its key and its names. */
  private void endSoon(String service) throws Exception {
    Path own = certs.resolve(service);
    assertThat(
            start(
                new ProcessBuilder(
                    "bash",
                    "-c",
                    "set -e; names=$(openssl x509 -in $0/public.crt -noout -ext subjectAltName | "
                        + "sed -n '2s/IP Address/IP/gp'); "
                        + "openssl req -x509 -new -key $0/private.key -subj /CN=soon -days 20 "
                        + "-addext \"subjectAltName=$names\" -out $0/public.crt",
                    own.toString())))
        .as(said())
        .isZero();
  }

  private X509Certificate certificate(String service) throws Exception {
    return read(certs.resolve(service).resolve("public.crt"));
  }

  private X509Certificate authority() throws Exception {
    return read(certs.resolve("ca.crt"));
  }

  private static X509Certificate read(Path file) throws Exception {
    try (var in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(certs)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(certs.relativize(file).toString(), Files.readString(file));
      }
    }
    return contents;
  }

  /**
   * @param names {@code HUB_TLS_NAMES}, or null when it is not set
   */
  private int run(String names) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("bash", folder.resolve("compose/tls/certs.sh").toString());
    builder.environment().remove("HUB_TLS_NAMES");
    if (names != null) {
      builder.environment().put("HUB_TLS_NAMES", names);
    }
    return start(builder);
  }

  private int start(ProcessBuilder builder) throws Exception {
    Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private String said() throws IOException {
    return Files.exists(said) ? Files.readString(said) : "";
  }
}
