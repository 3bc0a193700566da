package routes.devservices;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.embedded.core.ExecutableProvider;
import routes.devservices.Origin.Kind;

/** A Redis server that asks for a password. */
public final class RedisServer extends StoreServer {

  private static final int PREFERRED_PORT = 16_379;
  private static final String IMAGE = "redis:7.4";

  private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.");

  private final String url;

  private RedisServer(Origin origin, Engine engine, String url) {
    super("Redis", origin, engine);
    this.url = url;
  }

  /** {@code redis://:password@127.0.0.1:port}. */
  public String url() {
    return url;
  }

  /**
   * One of a test's own, to be killed at will: the program of this machine, synced every second as
   * the platform's is. The caller closes it.
   *
   * @param directory holds its files; kept
   */
  public static RedisServer ofItsOwn(Path directory) {
    try {
      Options options =
          new Options(directory, Options.forTests(directory).cache(), true, key -> null, true);
      // Not the one that `./hub up` would take.
      RunAs.create(directory, "rwx------");
      Files.writeString(directory.resolve("redis.port"), Ports.random() + "\n");
      return local(options, new Origin.Search());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String address() {
    URI uri = URI.create(url);
    return uri.getHost() + ":" + port(uri);
  }

  @Override
  public String version() {
    URI uri = URI.create(url);
    boolean ours = !isConfigured() && uri.getUserInfo() != null;
    return ours ? RedisPing.version(port(uri), uri.getUserInfo().substring(1)) : "";
  }

  private static int port(URI uri) {
    return uri.getPort() < 0 ? 6379 : uri.getPort();
  }

  static RedisServer start(Options options, Docker docker) throws IOException {
    Origin.Search search = new Origin.Search();
    String url = options.configured().apply("spring.data.redis.url");
    RedisServer server;
    if (url != null && !url.isBlank()) {
      Origin origin = new Origin(Kind.CONFIGURED, withoutSecrets(url), List.of());
      server = new RedisServer(origin, Engine.foreign("spring.data.redis.url"), url);
    } else {
      search.passOver("spring.data.redis.url is not set");
      if (docker.answers()) {
        server = inDocker(options, search);
      } else {
        search.passOver(docker.reason());
        server = local(options, search);
      }
    }
    server.logTaken();
    return server;
  }

  private static RedisServer inDocker(Options options, Origin.Search search) throws IOException {
    Path home = options.directory().resolve("redis-docker");
    RunAs.create(home, "rwx------");
    String password = Secrets.readOrCreate(home.resolve("password"));
    int port = port(options);
    String configuration =
        LocalRedis.configuration(6379, Path.of("/data"), password, options.durable())
            .replace("bind 127.0.0.1", "bind 0.0.0.0"); // of the container's own network
    ContainerEngine engine =
        new ContainerEngine.Builder(IMAGE, port, 6379)
            .file("/run/hub/redis.conf", configuration)
            .command("redis-server", "/run/hub/redis.conf")
            .volume(options.durable() ? home : null, "/data")
            .build(() -> RedisPing.answers(port, password));
    engine.start();
    return ours(search.take(Kind.DOCKER, IMAGE), engine, port, password);
  }

  private static RedisServer local(Options options, Origin.Search search) throws IOException {
    Optional<Path> installed = Commands.onPath("redis-server");
    RunAs runAs = RunAs.choose();
    Path binary;
    Origin origin;
    if (installed.isPresent()) {
      binary = installed.get();
      origin = search.take(Kind.BINARY, binary.toString());
    } else {
      search.passOver("no redis-server is installed");
      binary = embedded(runAs.place(options.cache()));
      origin = search.take(Kind.EMBEDDED, "com.github.codemonstur:embedded-redis");
    }
    // One directory per major: an older server starts empty where a newer one kept its files.
    LocalRedis engine =
        new LocalRedis(
            binary,
            options.directory().resolve("redis-" + major(binary)),
            () -> port(options),
            options.durable(),
            runAs);
    engine.start();
    return ours(origin, engine, engine.port(), engine.password());
  }

  /** The installed server, else the embedded one. */
  static Path binary(RunAs runAs, Path cache) throws IOException {
    Optional<Path> installed = Commands.onPath("redis-server");
    return installed.isPresent() ? installed.get() : embedded(runAs.place(cache));
  }

  private static String major(Path binary) {
    String said = Commands.output(List.of(binary.toString(), "--version"));
    Matcher version = VERSION.matcher(said);
    if (!version.find()) {
      throw new IllegalStateException(binary + " does not say its version: " + said);
    }
    return version.group(1);
  }

  private static Path embedded(Path cache) throws IOException {
    Path binary = cache.resolve("embedded-redis-server");
    if (Files.notExists(binary)) {
      RunAs.create(cache, "rwxr-xr-x");
      Path aside = Files.createTempDirectory(cache, "embedded-redis-");
      Path fresh = ExecutableProvider.newJarResourceProvider(aside.toFile()).get().toPath();
      RunAs.openToAll(fresh);
      Files.move(fresh, binary, StandardCopyOption.ATOMIC_MOVE);
      DevServices.delete(aside);
    }
    return binary;
  }

  private static RedisServer ours(Origin origin, Engine engine, int port, String password) {
    return new RedisServer(origin, engine, "redis://:" + password + "@127.0.0.1:" + port);
  }

  private static int port(Options options) {
    return options.durable()
        ? Ports.stable(options.directory().resolve("redis.port"), PREFERRED_PORT)
        : Ports.random();
  }
}
