package routes.devservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ways a PostgreSQL of ours is run, and what a killed JVM leaves behind. */
class LocalPostgresTest {

  private static final Path CACHE = Options.forTests(Path.of("unused")).cache();

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(RunAs.class)
  void theEmbeddedServerRunsAsAnyUser(RunAs runAs) throws IOException, SQLException {
    boolean possible = runAs == RunAs.SELF ? RunAs.choose() == RunAs.SELF : runAs.works();
    assumeTrue(possible, "this account cannot run commands as " + runAs);
    // A directory others cannot enter, like a checkout in a home directory.
    Path closed = directory.resolve("closed");
    RunAs.create(closed, "rwx------");
    Path cache = runAs == RunAs.NOBODY ? runAs.place(closed.resolve("cache")) : CACHE;
    LocalPostgres server = postgres(PostgresBinaries.embedded(cache), closed, runAs);
    server.start();
    assertThat(query(server, "SHOW server_encoding")).isEqualTo("UTF8");
    server.close();
    if (!cache.equals(CACHE)) {
      RunAs.discard(cache);
    }
  }

  @Test
  void aServerThatAnEarlierProcessLeftIsEndedAndItsDataKept() throws IOException, SQLException {
    PostgresBinaries binaries = PostgresBinaries.embedded(CACHE);
    LocalPostgres earlier = postgres(binaries, directory, RunAs.choose());
    earlier.start();
    query(earlier, "SELECT 1 FROM (SELECT pg_create_restore_point('kept')) AS written");
    String identity = query(earlier, "SELECT system_identifier FROM pg_control_system()");

    LocalPostgres later = postgres(binaries, directory, RunAs.choose());
    later.start();

    assertThat(later.port()).isNotEqualTo(earlier.port());
    assertThat(query(later, "SELECT system_identifier FROM pg_control_system()"))
        .isEqualTo(identity);
    later.close();
    assertThat(ServerProcess.pidsIn(directory)).isEmpty();
  }

  @Test
  void serversEndWithAKilledJvmAndTheNextStartHasTheirData() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                OnePostgres.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
      String line = output.readLine();
      while (line != null && !line.equals("ready")) {
        line = output.readLine();
      }
      assertThat(line).isEqualTo("ready");
      Path data = directory.resolve("postgres/data");
      assertThat(ServerProcess.pidsIn(data)).isNotEmpty();
      jvm.destroyForcibly().waitFor();
      assertThat(Await.until(() -> ServerProcess.pidsIn(data).isEmpty())).isTrue();
    }
    // As after a power cut: a pid file whose pid belongs to somebody else by now.
    Files.writeString(
        directory.resolve("postgres/data/postmaster.pid"), ProcessHandle.current().pid() + "\n");
    LocalPostgres next = OnePostgres.in(directory);
    next.start();
    assertThat(query(next, "SELECT text FROM kept")).isEqualTo("yes");
    next.close();
  }

  /** A process of its own that starts a server and waits to be killed. */
  static final class OnePostgres {

    private OnePostgres() {}

    static LocalPostgres in(Path directory) throws IOException {
      return postgres(PostgresBinaries.embedded(CACHE), directory, RunAs.choose());
    }

    public static void main(String[] arguments) throws Exception {
      LocalPostgres server = in(Path.of(arguments[0]));
      server.start();
      try (Connection connection = connect(server);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE kept AS SELECT 'yes'::text AS text");
      }
      System.out.println("ready");
      System.in.read();
    }
  }

  private static LocalPostgres postgres(PostgresBinaries binaries, Path directory, RunAs runAs)
      throws IOException {
    return new LocalPostgres(binaries, directory.resolve("postgres"), Ports::random, false, runAs);
  }

  private static Connection connect(LocalPostgres server) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres",
        LocalPostgres.USER,
        server.password());
  }

  private static String query(LocalPostgres server, String sql) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
