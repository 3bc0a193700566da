package routes.devservices;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The one set of servers that all tests of a JVM share. Each test takes a database and a bucket of
 * its own; nothing is cleaned up singly, since the servers go with the JVM.
 */
public final class TestStores {

  private static TestStores shared;

  private final DevServices services;
  private S3Client client;
  private int clientOutages = -1;
  private final AtomicInteger counter = new AtomicInteger();

  private TestStores(DevServices services) {
    this.services = services;
  }

  /** Starts the servers on the first call. */
  public static synchronized TestStores get() {
    if (shared == null) {
      try {
        Options options = Options.forTests(Files.createTempDirectory("hub-test-stores-"));
        shared = new TestStores(DevServices.start(options));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return shared;
  }

  /** The servers themselves, to fault or to read; who stops one starts it again. */
  public DevServices services() {
    return services;
  }

  public PostgresServer postgres() {
    return services.postgres();
  }

  public RedisServer redis() {
    return services.redis();
  }

  public S3Server s3() {
    return services.s3();
  }

  /**
   * A client with the server's credentials, shared by all tests: not to be closed, and to be asked
   * for again after a stop, since the old one's pooled connections are broken.
   */
  public synchronized S3Client s3Client() {
    if (clientOutages != s3().outages()) {
      clientOutages = s3().outages();
      client = s3().client();
    }
    return client;
  }

  /**
   * A fresh, empty database: UTF-8, locale C.
   *
   * @param hint what it is for; letters, digits and {@code _} of it are kept in the name
   */
  public Database newDatabase(String hint) {
    String name = name(hint, "_");
    try (Connection connection = postgres().connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE DATABASE \"" + name + "\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create the database " + name, e);
    }
    return new Database(name, postgres().url(name), postgres().username(), postgres().password());
  }

  /** A fresh, empty bucket; its name. */
  public String newBucket(String hint) {
    String name = name(hint, "-");
    s3Client().createBucket(request -> request.bucket(name));
    return name;
  }

  /** {@code hub.*} and Spring keys for all stores, with {@code database} as the hub's. */
  public Map<String, String> properties(Database database) {
    Map<String, String> properties = new TreeMap<>(services.properties());
    properties.put("hub.database.url", database.url());
    return properties;
  }

  private String name(String hint, String separator) {
    String words = hint.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", separator);
    String unique = Long.toString(System.nanoTime() & 0xfffffff, 36);
    return "t" + separator + words + separator + unique + counter.incrementAndGet();
  }

  /**
   * A database of one test.
   *
   * @param url JDBC URL without user and password
   */
  public record Database(String name, String url, String username, String password) {

    /** A new connection. */
    public Connection connect() throws SQLException {
      return DriverManager.getConnection(url, username, password);
    }
  }
}
