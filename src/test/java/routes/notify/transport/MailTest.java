package routes.notify.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import routes.kernel.HubProperties;
import routes.notify.rules.NotifyProperties;
import routes.notify.rules.Secrets;
import routes.notify.rules.Target.Kind;

/** Mail over TLS and with a login, by a real server of the test's. */
class MailTest {

  private static final String PASSWORD = "correct-horse";
  private static final String[] OF_GREENMAIL = {
    "greenmail.tls.keystore.file", "greenmail.tls.keystore.password"
  };

  @TempDir static Path folder;
  private static KeyStore certificates;

  private final Map<String, String> keys = new TreeMap<>();
  private SslBundles trusted =
      new DefaultSslBundleRegistry(
          "platform", SslBundle.of(SslStoreBundle.of(null, null, certificates)));
  private GreenMail server;

  /** The server is called localhost, and nothing else. */
  @BeforeAll
  static void certificate() throws Exception {
    Path store = folder.resolve("mail.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "mail",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    System.setProperty(OF_GREENMAIL[0], store.toString());
    System.setProperty(OF_GREENMAIL[1], "changeit");
    certificates = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      certificates.load(in, "changeit".toCharArray());
    }
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("mail", certificates.getCertificate("mail"));
    certificates = trust;
  }

  @AfterAll
  static void forget() {
    for (String property : OF_GREENMAIL) {
      System.clearProperty(property);
    }
  }

  private void serve(String protocol) throws IOException {
    server = new GreenMail(new ServerSetup(0, "127.0.0.1", protocol));
    server.setUser("hub@example.org", "hub", PASSWORD);
    server.start();
    boolean tls = protocol.equals(ServerSetup.PROTOCOL_SMTPS);
    Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    keys.put("kind", "email");
    keys.put("smtp.host", "localhost");
    keys.put("smtp.port", "" + (tls ? server.getSmtps().getPort() : server.getSmtp().getPort()));
    keys.put("smtp.tls", tls ? "tls" : "starttls");
    keys.put("smtp.username", "hub");
    keys.put("smtp.password-file", password.toString());
    keys.put("from", "hub@example.org");
    keys.put("to[0]", "oncall@example.org");
    keys.put("timeout", "5s");
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private Answer send() {
    Map<String, String> properties = new TreeMap<>();
    keys.forEach((key, value) -> properties.put("hub.notify.targets.post." + key, value));
    Binder binder = new Binder(new MapConfigurationPropertySource(properties));
    try (var context = new AnnotationConfigApplicationContext()) {
      context.registerBean(
          NotifyProperties.class, () -> binder.bindOrCreate("hub.notify", NotifyProperties.class));
      context.registerBean(
          HubProperties.class, () -> binder.bindOrCreate("hub", HubProperties.class));
      context.registerBean(ObjectMapper.class, () -> new ObjectMapper());
      context.registerBean(SslBundles.class, () -> trusted);
      context.registerBean(Clock.class, Clock::systemUTC);
      context.register(Secrets.class, Mail.class);
      context.refresh();
      return context
          .getBean(Mail.class)
          .send(
              new Message(
                  new UUID(0, 1),
                  "post",
                  Kind.EMAIL,
                  "{\"type\":\"run.failed\",\"severity\":\"error\"}",
                  1));
    }
  }

  @Test
  void overTlsAndWithItsLoginAMailArrives() throws Exception {
    serve(ServerSetup.PROTOCOL_SMTPS);

    assertThat(send()).isEqualTo(Answer.TAKEN);

    assertThat(server.waitForIncomingEmail(5_000, 1)).isTrue();
    assertThat(server.getReceivedMessages()[0].getSubject()).contains("run.failed");
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() throws Exception {
    serve(ServerSetup.PROTOCOL_SMTPS);
    Files.writeString(folder.resolve("password"), "wrong-battery");

    assertThatThrownBy(this::send)
        .isInstanceOf(UndeliveredException.class)
        .hasMessageContaining("535")
        .hasMessageNotContaining("wrong-battery");
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    serve(ServerSetup.PROTOCOL_SMTPS);
    trusted = new DefaultSslBundleRegistry();

    assertThatThrownBy(this::send)
        .isInstanceOf(UndeliveredException.class)
        .hasMessageContaining("certificat");
  }

  @Test
  void aCertificateOfAnotherServerIsRefused() throws Exception {
    serve(ServerSetup.PROTOCOL_SMTPS);
    keys.put("smtp.host", "127.0.0.1");

    assertThatThrownBy(this::send)
        .isInstanceOf(UndeliveredException.class)
        .hasStackTraceContaining("No subject alternative names matching IP address 127.0.0.1");
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  void aServerWithoutStarttlsIsNotToldThePassword() throws Exception {
    serve(ServerSetup.PROTOCOL_SMTP);

    assertThatThrownBy(this::send)
        .isInstanceOf(UndeliveredException.class)
        .hasMessageContaining("STARTTLS");
    assertThat(server.getReceivedMessages()).isEmpty();
  }
}
