package routes.backup.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.devservices.PostgresServer;
import routes.devservices.TestStores;
import routes.kernel.errors.PermanentException;
import routes.stores.postgres.PostgresAddress;

/** A pooler is refused by name, whichever way it gives itself away. */
class PoolerTest {

  private final PostgresServer server = TestStores.get().postgres();

  @TempDir Path folder;

  @Test
  void theServerItselfIsTaken() throws Exception {
    try (PinnedSession session = PinnedSession.open(address(port(server)), "test")) {
      assertThat(session.jdbc().isValid(1)).isTrue();
    }
  }

  @Test
  void whoAnnouncesAnotherProcessIsAPooler() throws Exception {
    try (StandIn pooler = new StandIn(port(server), false)) {
      refused(pooler.port());
    }
  }

  @Test
  void whoRefusesTheFirstSettingsIsAPooler() throws Exception {
    try (StandIn pooler = new StandIn(port(server), true)) {
      refused(pooler.port());
    }
  }

  /** Where PgBouncer is installed: by its defaults, and told to ignore those settings. */
  @Test
  void pgBouncerIsAPooler() throws Exception {
    Path program =
        Stream.of("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeTrue(program != null, "pgbouncer is not installed");
    for (String mode : List.of("transaction", "session")) {
      for (String ignored : List.of("", "ignore_startup_parameters = extra_float_digits")) {
        int port = freePort();
        Path users =
            Files.writeString(
                folder.resolve("users"),
                "\"" + server.username() + "\" \"" + server.password() + "\"\n");
        Path ini =
            Files.writeString(
                folder.resolve("pgbouncer.ini"),
                """
                [databases]
                * = host=127.0.0.1 port=%d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = plain
                auth_file = %s
                pool_mode = %s
                %s
                """
                    .formatted(port(server), port, users, mode, ignored));
        open(folder, users, ini);
        ProcessBuilder builder = new ProcessBuilder(asNobody(program, ini));
        Process process = builder.redirectErrorStream(true).start();
        try {
          Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> listens(port));
          refused(port);
        } finally {
          process.destroyForcibly().waitFor();
        }
      }
    }
  }

  private void refused(int port) {
    assertThatThrownBy(() -> PinnedSession.open(address(port), "test"))
        .isInstanceOf(PermanentException.class)
        .hasMessageStartingWith("postgresql://127.0.0.1:" + port + "/")
        .hasMessageContaining("connection pooler")
        .hasMessageContaining("the server's own host and port");
  }

  private PostgresAddress address(int port) {
    return new PostgresAddress(
        "127.0.0.1", port, PostgresServer.DATABASE, server.username(), server.password(), "");
  }

  private static int port(PostgresServer server) {
    return URI.create("any://" + server.address()).getPort();
  }

  private static void open(Path... files) throws IOException {
    for (Path file : files) {
      Files.setPosixFilePermissions(
          file, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** PgBouncer refuses root. */
  private static List<String> asNobody(Path program, Path ini) {
    List<String> command = List.of(program.toString(), ini.toString());
    return System.getProperty("user.name").equals("root")
        ? Stream.concat(
                Stream.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
                command.stream())
            .toList()
        : command;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Passes bytes on, but announces a process id of its own, or refuses the first message. */
  private static final class StandIn implements AutoCloseable {

    private final ServerSocket listening;
    private final int server;
    private final boolean refusing;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    StandIn(int server, boolean refusing) throws IOException {
      this.listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
      this.server = server;
      this.refusing = refusing;
      daemon(this::accept);
    }

    int port() {
      return listening.getLocalPort();
    }

    private void accept() {
      try {
        while (true) {
          Socket client = listening.accept();
          Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server);
          sockets.addAll(List.of(client, upstream));
          daemon(
              () -> quietly(() -> client.getInputStream().transferTo(upstream.getOutputStream())));
          daemon(() -> quietly(() -> answer(upstream.getInputStream(), client)));
        }
      } catch (IOException e) {
        return; // closed
      }
    }

    private void answer(InputStream from, Socket client) throws IOException {
      DataInputStream in = new DataInputStream(from);
      OutputStream raw = client.getOutputStream();
      DataOutputStream out = new DataOutputStream(raw);
      raw.write(in.readByte()); // 'N': no encryption
      while (true) {
        byte kind = in.readByte();
        byte[] body = in.readNBytes(in.readInt() - 4);
        if (refusing && kind == 'R') {
          kind = 'E';
          body =
              "SFATAL\0C08P01\0Munsupported startup parameter: extra_float_digits\0\0"
                  .getBytes(StandardCharsets.UTF_8);
        } else if (kind == 'K') {
          body[3] ^= 1;
        }
        out.writeByte(kind);
        out.writeInt(body.length + 4);
        out.write(body);
        out.flush();
        if (kind == 'E' && refusing) {
          client.close();
          return;
        }
      }
    }

    private interface Work {
      void run() throws IOException;
    }

    private static void quietly(Work work) {
      try {
        work.run();
      } catch (IOException e) {
        return; // one side has gone
      }
    }

    private static void daemon(Runnable work) {
      Thread thread = new Thread(work, "pooler");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() throws IOException {
      listening.close();
      // A connection that stands still in its authentication holds up CREATE DATABASE on the
      // server.
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
