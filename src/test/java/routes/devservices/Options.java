package routes.devservices;

import java.nio.file.Path;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * What to start and where to keep it.
 *
 * @param directory holds data, logs and passwords; made with mode 0700 when it is missing
 * @param cache holds server binaries unpacked from Maven artifacts, shared between runs
 * @param durable true for {@code ./hub up}: data and ports last, writes are synced; false for
 *     tests: random ports, no fsync, everything is deleted by {@link DevServices#close}
 * @param configured value of a configuration key such as {@code hub.database.url}, or null; a store
 *     that is configured is taken as it is and never started or stopped
 * @param shutdownHook close the servers when the JVM ends; false when the caller orders it, for
 *     instance by {@code SpringApplication.getShutdownHandlers()}, which runs after the context
 */
public record Options(
    Path directory,
    Path cache,
    boolean durable,
    UnaryOperator<String> configured,
    boolean shutdownHook) {

  /** Durable servers in {@code directory}; system properties and the environment configure. */
  public static Options forUp(Path directory) {
    Path home = directory.toAbsolutePath().normalize();
    return new Options(home, home.resolve("cache"), true, Options::fromProcess, true);
  }

  /**
   * Throw-away servers. Only keys under {@code hub.test.} configure them, so that an exported
   * {@code HUB_DATABASE_URL} of a real platform is never what tests write to.
   */
  public static Options forTests(Path directory) {
    Path cache = Path.of(".hub", "cache").toAbsolutePath().normalize();
    UnaryOperator<String> testKeys =
        key -> fromProcess("hub.test." + key.replaceFirst("^hub\\.", ""));
    return new Options(directory.toAbsolutePath().normalize(), cache, false, testKeys, true);
  }

  /** The same with other configuration, for instance {@code environment::getProperty}. */
  public Options withConfigured(UnaryOperator<String> lookup) {
    return new Options(directory, cache, durable, lookup, shutdownHook);
  }

  /** The same without a hook: the caller closes. */
  public Options withoutShutdownHook() {
    return new Options(directory, cache, durable, configured, false);
  }

  /** A system property, or a variable named as Spring Boot names it. */
  static String fromProcess(String key) {
    String variable = key.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    return System.getProperty(key, System.getenv(variable));
  }
}
