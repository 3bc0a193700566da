package routes.devservices;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * PostgreSQL, Redis and S3 for development and tests, on 127.0.0.1 only. Each store is, in this
 * order: what the configuration names, a container when a Docker engine answers, a server installed
 * on this machine, an embedded one from Maven. Passwords are random and lie in files of mode 0600.
 *
 * <p>One process at a time uses a directory; a second one is refused. Servers that a killed process
 * left behind in the directory are ended before new ones start.
 */
public final class DevServices implements AutoCloseable {

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final PostgresServer postgres;
  private final RedisServer redis;
  private final S3Server s3;
  private final Options options;

  private DevServices(Options options) throws IOException {
    this.options = options;
    try {
      RunAs.create(options.directory(), "rwx------");
      open.push(lock(options.directory().resolve("devservices.lock")));
      Docker docker = Docker.look();
      postgres = PostgresServer.start(options, docker);
      open.push(postgres);
      redis = RedisServer.start(options, docker);
      open.push(redis);
      s3 = S3Server.start(options, docker);
      open.push(s3);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts what is not configured and returns when all three answer.
   *
   * @throws IllegalStateException when a server does not start, with what it said, or when another
   *     process uses the directory
   */
  public static DevServices start(Options options) {
    try {
      DevServices services = new DevServices(options);
      if (options.shutdownHook()) {
        Runtime.getRuntime().addShutdownHook(new Thread(services::close, "dev-services-close"));
      }
      return services;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the stores in " + options.directory(), e);
    }
  }

  public PostgresServer postgres() {
    return postgres;
  }

  public RedisServer redis() {
    return redis;
  }

  public S3Server s3() {
    return s3;
  }

  /** The hub's configuration keys for these stores, secrets included. */
  public Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>(s3.properties());
    properties.put("hub.database.url", postgres.url());
    properties.put("hub.database.username", postgres.username());
    properties.put("hub.database.password", postgres.password());
    properties.put("spring.data.redis.url", redis.url());
    return properties;
  }

  /** One line per store: what was taken, version, address, and why nothing earlier was. */
  public List<String> describe() {
    return Stream.of(postgres, redis, s3).map(StoreServer::describe).toList();
  }

  /** Stops what was started, newest first; repeats do nothing. */
  @Override
  public synchronized void close() {
    IllegalStateException failed = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) { // the rest must be closed as well
        if (failed == null) {
          failed = new IllegalStateException("not every store stopped", e);
        } else {
          failed.addSuppressed(e);
        }
      }
    }
    if (!options.durable()) {
      delete(options.directory());
    }
    if (failed != null) {
      throw failed;
    }
  }

  /** Held until this process ends, in whatever way. */
  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new IllegalStateException(
          "another process uses the stores in "
              + file.getParent()
              + " (pid "
              + Files.readString(file).strip()
              + "); stop it first, or HUB_STATE_DIR names another place");
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
    return channel;
  }

  /** Deletes a directory tree; links are removed, not followed. */
  static void delete(Path tree) {
    if (Files.notExists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
