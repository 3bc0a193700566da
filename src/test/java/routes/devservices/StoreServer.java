package routes.devservices;

import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One store and, when it is ours, its life. A stopped or killed server starts again on the same
 * port with the same data, so tests can fault it under a running hub.
 */
public abstract class StoreServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StoreServer.class);

  private final String name;
  private final Origin origin;
  private final Engine engine;
  private volatile int outages;

  StoreServer(String name, Origin origin, Engine engine) {
    this.name = name;
    this.origin = origin;
    this.engine = engine;
  }

  /** Host and port as one can dial them, e.g. {@code 127.0.0.1:15432}. */
  public abstract String address();

  /** Server version as the server itself says it, e.g. {@code 15.14}. */
  public abstract String version();

  /** True when the user's configuration named this store: not ours to start, stop or seed. */
  public final boolean isConfigured() {
    return origin.kind() == Origin.Kind.CONFIGURED;
  }

  /** Starts the server and returns when it answers; does nothing when it runs. */
  public final synchronized void start() {
    engine.start();
  }

  /** Stops the server in its orderly way and returns when it is gone. */
  public final synchronized void stop() {
    engine.stop();
    outages++;
  }

  /** Ends the server's real processes by SIGKILL and returns when they are gone. */
  public final synchronized void kill() {
    engine.kill();
    outages++;
  }

  /** Stops the server for good and, unless it is durable, deletes its data. */
  @Override
  public final void close() {
    engine.close();
  }

  /** One line: what was taken, its version, from where, and why nothing earlier in the order. */
  public final String describe() {
    String line =
        "%-10s %-8s %s, %s (%s)"
            .formatted(name, version(), address(), origin.kind().words, origin.what());
    return origin.passedOver().isEmpty()
        ? line
        : line + "; chosen because: " + String.join(", ", origin.passedOver());
  }

  /** How often it was stopped or killed: clients from before hold broken connections. */
  final int outages() {
    return outages;
  }

  final void logTaken() {
    LOG.info("{}", describe());
  }

  /** The part of a URL that may be shown: no user, no password, no query. */
  static String withoutSecrets(String url) {
    URI uri = URI.create(url.replaceFirst("^jdbc:", ""));
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme()
        + "://"
        + uri.getHost()
        + port
        + (uri.getPath() == null ? "" : uri.getPath());
  }
}
