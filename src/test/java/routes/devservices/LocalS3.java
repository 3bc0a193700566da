package routes.devservices;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** s3proxy in this JVM over one directory. Buckets are directories, objects are files. */
final class LocalS3 implements Engine {

  private final Path home;
  private final int port;
  private final boolean durable;
  private final String accessKey;
  private final String secretKey;
  private S3Proxy proxy;

  LocalS3(Path home, int port, boolean durable) throws IOException {
    RunAs.create(home, "rwx------");
    RunAs.create(home.resolve("data"), "rwx------");
    this.home = home;
    this.port = port;
    this.durable = durable;
    this.accessKey = Secrets.readOrCreate(home.resolve("access-key"));
    this.secretKey = Secrets.readOrCreate(home.resolve("secret-key"));
  }

  static String version() {
    return Optional.ofNullable(S3Proxy.class.getPackage().getImplementationVersion()).orElse("");
  }

  String accessKey() {
    return accessKey;
  }

  String secretKey() {
    return secretKey;
  }

  @Override
  public synchronized void start() {
    if (proxy != null) {
      return;
    }
    try {
      S3Proxy fresh =
          S3Proxy.builder()
              .blobStore(new FilesystemNio2BlobStore(home.resolve("data").toString()))
              .endpoint(URI.create("http://127.0.0.1:" + port))
              .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
              .stopTimeout(0) // cut what is under way, as a dying server does
              .build();
      fresh.start();
      proxy = fresh;
    } catch (Exception e) { // declared so by s3proxy
      throw new IllegalStateException("the embedded S3 did not start on port " + port, e);
    }
  }

  @Override
  public synchronized void stop() {
    if (proxy == null) {
      return;
    }
    try {
      proxy.stop();
      proxy = null;
    } catch (Exception e) { // declared so by s3proxy
      throw new IllegalStateException("the embedded S3 did not stop", e);
    }
  }

  /** Inside a JVM there is nothing harder than a stop: connections are cut, files stay. */
  @Override
  public void kill() {
    stop();
  }

  @Override
  public void close() {
    stop();
    if (!durable) {
      DevServices.delete(home);
    }
  }
}
