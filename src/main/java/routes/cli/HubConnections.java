package routes.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Connections to the hub that HUB_URL names. The API key is read when it is first needed, and
 * stands in the Authorization header and nowhere else.
 */
final class HubConnections {

  /** Longest that a connection may take. */
  private static final int CONNECT_MILLIS = 5_000;

  static {
    // Else the JDK repeats a POST whose connection breaks, which might do the same thing twice.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  private final Map<String, String> environment;
  private final PrintWriter err;
  private final String url;
  private String key;
  private SSLSocketFactory trust;

  HubConnections(Map<String, String> environment, PrintWriter err) {
    this.environment = environment;
    this.err = err;
    String configured = environment.getOrDefault("HUB_URL", "");
    this.url = (configured.isEmpty() ? "http://127.0.0.1:8080" : configured).replaceAll("/+$", "");
  }

  String url() {
    return url;
  }

  /**
   * @param readMillis longest that the server may say nothing
   */
  HttpURLConnection open(String path, int readMillis) {
    try {
      URI address = URI.create(url + "/api" + path);
      if (address.getHost() == null || !address.getScheme().matches("https?")) {
        throw new IllegalArgumentException("no address of a web server");
      }
      String bearer = "Bearer " + key(address);
      HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(readMillis);
      connection.setRequestProperty("Accept", "application/json, */*");
      connection.setRequestProperty("Authorization", bearer);
      if (connection instanceof HttpsURLConnection https
          && environment.get("HUB_CA_FILE") != null) {
        https.setSSLSocketFactory(trust(Path.of(environment.get("HUB_CA_FILE"))));
      }
      return connection;
    } catch (IllegalArgumentException | MalformedURLException e) {
      throw new Failure(
          Failure.REFUSED,
          "HUB_URL is '" + Table.clean(url) + "' but must be like https://hub.example.org:8080");
    } catch (IOException e) {
      throw new Failure(Failure.NO_HUB, Hub.NOBODY + url + " (" + Hub.reason(e) + ")");
    }
  }

  private String key(URI address) {
    if (key == null) {
      Path file =
          environment.get("HUB_API_KEY_FILE") != null
              ? Path.of(environment.get("HUB_API_KEY_FILE"))
              : Path.of(environment.getOrDefault("HUB_STATE_DIR", ".hub"), "api-key");
      try {
        key = Files.readString(file).strip();
      } catch (IOException e) {
        throw new Failure(
            Failure.REFUSED,
            "cannot read the API key in "
                + file
                + "; ./hub up makes one, and HUB_API_KEY_FILE names another file");
      }
      if (!key.matches("[A-Za-z0-9._~+/=-]+")) {
        key = null;
        throw new Failure(Failure.REFUSED, file + " does not contain an API key");
      }
      if (address.getScheme().equals("http") && !isLoopback(address.getHost())) {
        err.println("hub: the API key goes to " + url + " unencrypted; https would protect it");
      }
    }
    return key;
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  /** Whoever these certificates signed is trusted, and nobody else. */
  private SSLSocketFactory trust(Path file) {
    if (trust == null) {
      try (InputStream in = new FileInputStream(file.toFile())) {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
          store.setCertificateEntry("ca-" + store.size(), each);
        }
        TrustManagerFactory managers =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        trust = context.getSocketFactory();
      } catch (IOException | GeneralSecurityException e) {
        throw new Failure(
            Failure.REFUSED, "cannot read the certificates in HUB_CA_FILE: " + e.getMessage());
      }
    }
    return trust;
  }
}
