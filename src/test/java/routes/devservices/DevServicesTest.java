package routes.devservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The servers start, ask for their passwords, and keep their data through a kill. */
class DevServicesTest {

  private static final TestStores STORES = TestStores.get();

  @Test
  void everyStoreIsDescribedInOneLineWithoutSecrets() {
    DevServices services = STORES.services();
    assertThat(services.describe())
        .hasSize(3)
        .allMatch(line -> line.contains("127.0.0.1:") && !line.contains("\n"))
        .noneMatch(line -> line.contains(services.postgres().password()))
        .noneMatch(line -> line.contains(services.s3().secretKey()));
    assertThat(services.describe().get(0)).contains("hub.database.url is not set");
    assertThat(services.properties())
        .containsKeys(
            "hub.database.url",
            "hub.database.username",
            "hub.database.password",
            "spring.data.redis.url",
            "hub.s3.endpoint",
            "hub.s3.region",
            "hub.s3.access-key",
            "hub.s3.secret-key",
            "hub.s3.path-style");
  }

  @Test
  void theDatabaseIsUtf8WithLocaleC() throws SQLException {
    assertThat(
            query(
                STORES.postgres().connect(),
                "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate || ' ' || datctype"
                    + " FROM pg_database WHERE datname = 'ml_security_consolidated'"))
        .isEqualTo("UTF8 C C");
  }

  @Test
  void postgresRefusesAWrongPassword() {
    PostgresServer server = STORES.postgres();
    assertThatThrownBy(() -> DriverManager.getConnection(server.url(), server.username(), "wrong"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void postgresKeepsItsDataThroughAKillAndAStop() throws SQLException {
    TestStores.Database database = STORES.newDatabase("kill");
    execute(database, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
    STORES.postgres().kill();
    assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
    STORES.postgres().start();
    assertThat(query(database.connect(), "SELECT count(*) FROM kept")).isEqualTo("1000");
    STORES.postgres().stop();
    STORES.postgres().start();
    assertThat(query(database.connect(), "SELECT count(*) FROM kept")).isEqualTo("1000");
  }

  @Test
  void redisAsksForItsPasswordAndKeepsItsDataThroughAKill() throws IOException {
    URI url = URI.create(STORES.redis().url());
    String password = url.getUserInfo().substring(1);
    assertThat(redis("PING")).startsWith("-NOAUTH");
    assertThat(redis("AUTH wrong")).startsWith("-WRONGPASS");
    assertThat(redis("AUTH " + password, "SET kept yes")).isEqualTo("+OK");
    STORES.redis().kill();
    assertThatThrownBy(() -> redis("PING")).isInstanceOf(IOException.class);
    STORES.redis().start();
    assertThat(redis("AUTH " + password, "STRLEN kept")).isEqualTo(":3");
  }

  @Test
  void passwordsAreInPrivateFilesAndInNoArgument(@TempDir Path directory) throws IOException {
    Options durable = Options.forUp(directory.resolve("state")).withConfigured(key -> null);
    try (DevServices services = DevServices.start(durable)) {
      try (Stream<Path> files = Files.walk(durable.directory())) {
        List<Path> secrets =
            files
                .filter(f -> f.getFileName().toString().matches("password|.*-key|redis.conf"))
                .toList();
        assertThat(secrets).hasSizeGreaterThanOrEqualTo(5);
        for (Path secret : secrets) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
              .as("%s", secret)
              .isEqualTo("rw-------");
        }
      }
      String arguments =
          ProcessHandle.current()
              .descendants()
              .map(child -> child.info().commandLine().orElse(""))
              .reduce("", String::concat);
      assertThat(arguments)
          .doesNotContain(services.postgres().password())
          .doesNotContain(URI.create(services.redis().url()).getUserInfo().substring(1));
      assertThatThrownBy(() -> DevServices.start(durable))
          .hasMessageContaining("another process uses the stores")
          .hasMessageContaining("(pid " + ProcessHandle.current().pid() + "); stop it first");
    }
  }

  @Test
  void aConfiguredStoreIsTakenAsItIs(@TempDir Path directory) throws SQLException {
    Map<String, String> own = STORES.services().properties();
    PostgresServer server = STORES.postgres();
    String url =
        server.url().replace("jdbc:postgresql://", "postgresql://hub:" + server.password() + "@");
    Options options =
        Options.forTests(directory.resolve("state"))
            .withConfigured(
                key ->
                    switch (key) {
                      case "hub.database.url" -> url;
                      case "hub.database.username", "hub.database.password" -> null;
                      default -> own.get(key);
                    });
    try (DevServices services = DevServices.start(options)) {
      assertThat(services.properties()).isEqualTo(own);
      assertThat(services.postgres().isConfigured()).isTrue();
      assertThat(query(services.postgres().connect(), "SELECT 1")).isEqualTo("1");
      assertThat(services.describe().get(0))
          .contains("configured")
          .doesNotContain(server.password());
      assertThatThrownBy(() -> services.postgres().stop()).hasMessageContaining("hub.database.url");
    }
    assertThat(query(server.connect(), "SELECT 1")).isEqualTo("1");
  }

  private static String query(Connection open, String sql) throws SQLException {
    try (Connection connection = open;
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void execute(TestStores.Database database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The answer to the last of some inline commands. */
  private static String redis(String... commands) throws IOException {
    URI url = URI.create(STORES.redis().url());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      BufferedReader answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String answer = "";
      for (String command : commands) {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        answer = answers.readLine();
      }
      return answer;
    }
  }
}
