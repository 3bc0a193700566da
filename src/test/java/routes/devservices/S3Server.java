package routes.devservices;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import routes.devservices.Origin.Kind;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** An S3 endpoint that checks signatures. */
public final class S3Server extends StoreServer {

  private static final int PREFERRED_PORT = 19_000;
  private static final String IMAGE = "minio/minio:RELEASE.2025-09-07T16-13-09Z";

  private final URI endpoint;
  private final String region;
  private final String accessKey;
  private final String secretKey;
  private final String version;

  private S3Server(
      Origin origin,
      Engine engine,
      URI endpoint,
      String region,
      String accessKey,
      String secretKey,
      String version) {
    super("S3", origin, engine);
    this.endpoint = endpoint;
    this.region = region;
    this.accessKey = accessKey;
    this.secretKey = secretKey;
    this.version = version;
  }

  public URI endpoint() {
    return endpoint;
  }

  public String accessKey() {
    return accessKey;
  }

  public String secretKey() {
    return secretKey;
  }

  /** {@code hub.s3.*} for this server. */
  public Map<String, String> properties() {
    return Map.of(
        "hub.s3.endpoint", endpoint.toString(),
        "hub.s3.region", region,
        "hub.s3.access-key", accessKey,
        "hub.s3.secret-key", secretKey,
        "hub.s3.path-style", "true");
  }

  /** A new client with this server's own credentials; the caller closes it. */
  public S3Client client() {
    return client(
        StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)));
  }

  /** A new client with any credentials, for instance wrong ones; the caller closes it. */
  public S3Client client(AwsCredentialsProvider credentials) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .region(Region.of(region))
        .credentialsProvider(credentials)
        .forcePathStyle(true)
        .build();
  }

  @Override
  public String address() {
    return endpoint.getAuthority();
  }

  @Override
  public String version() {
    return version;
  }

  static S3Server start(Options options, Docker docker) throws IOException {
    Origin.Search search = new Origin.Search();
    UnaryOperator<String> configured = options.configured();
    String endpoint = configured.apply("hub.s3.endpoint");
    S3Server server;
    if (endpoint != null && !endpoint.isBlank()) {
      String region = configured.apply("hub.s3.region");
      server =
          new S3Server(
              new Origin(Kind.CONFIGURED, withoutSecrets(endpoint), List.of()),
              Engine.foreign("hub.s3.endpoint"),
              URI.create(endpoint),
              region == null ? "us-east-1" : region,
              configured.apply("hub.s3.access-key"),
              configured.apply("hub.s3.secret-key"),
              "");
    } else {
      search.passOver("hub.s3.endpoint is not set");
      server = docker.answers() ? inDocker(options, search) : embedded(options, docker, search);
    }
    server.logTaken();
    return server;
  }

  private static S3Server inDocker(Options options, Origin.Search search) throws IOException {
    Path home = options.directory().resolve("s3-docker");
    RunAs.create(home, "rwx------");
    String accessKey = Secrets.readOrCreate(home.resolve("access-key"));
    String secretKey = Secrets.readOrCreate(home.resolve("secret-key"));
    int port = port(options);
    ContainerEngine engine =
        new ContainerEngine.Builder(IMAGE, port, 9000)
            .file("/run/hub/access-key", accessKey)
            .file("/run/hub/secret-key", secretKey)
            .environment("MINIO_ROOT_USER_FILE", "/run/hub/access-key")
            .environment("MINIO_ROOT_PASSWORD_FILE", "/run/hub/secret-key")
            .command("server", "/data")
            .volume(options.durable() ? home : null, "/data")
            .build(() -> answers(port, accessKey, secretKey));
    engine.start();
    return ours(search.take(Kind.DOCKER, IMAGE), engine, port, accessKey, secretKey, "MinIO");
  }

  /** No S3 server is packaged widely enough to look for one on the machine. */
  private static S3Server embedded(Options options, Docker docker, Origin.Search search)
      throws IOException {
    search.passOver(docker.reason());
    int port = port(options);
    LocalS3 engine = new LocalS3(options.directory().resolve("s3"), port, options.durable());
    engine.start();
    return ours(
        search.take(Kind.EMBEDDED, "org.gaul:s3proxy in this JVM"),
        engine,
        port,
        engine.accessKey(),
        engine.secretKey(),
        LocalS3.version());
  }

  private static S3Server ours(
      Origin origin, Engine engine, int port, String accessKey, String secretKey, String version) {
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    return new S3Server(origin, engine, endpoint, "us-east-1", accessKey, secretKey, version);
  }

  private static boolean answers(int port, String accessKey, String secretKey) {
    Origin none = new Origin(Kind.DOCKER, IMAGE, List.of());
    S3Server probe = ours(none, Engine.foreign(IMAGE), port, accessKey, secretKey, "");
    try (S3Client client = probe.client()) {
      client.listBuckets();
      return true;
    } catch (SdkException e) {
      return false; // not listening yet
    }
  }

  private static int port(Options options) {
    return options.durable()
        ? Ports.stable(options.directory().resolve("s3.port"), PREFERRED_PORT)
        : Ports.random();
  }
}
