package routes.devservices;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/** A PostgreSQL cluster of ours under one directory: {@code data}, {@code password}, a log. */
final class LocalPostgres implements Engine {

  static final String USER = "hub";

  private final PostgresBinaries binaries;
  private final Path home;
  private final boolean durable;
  private final RunAs runAs;
  private final String password;
  private final ServerProcess server;
  private final IntSupplier freePort;
  private int port;

  /**
   * @param home of this cluster alone; may be empty
   * @param freePort chooses the port at the first start
   * @param durable sync writes and keep the data on {@link #close}
   */
  LocalPostgres(
      PostgresBinaries binaries, Path home, IntSupplier freePort, boolean durable, RunAs runAs)
      throws IOException {
    this.binaries = binaries;
    this.home = runAs.place(home);
    RunAs.create(this.home, "rwx------");
    this.durable = durable;
    this.runAs = runAs;
    this.freePort = freePort;
    this.password = Secrets.readOrCreate(this.home.resolve("password"));
    this.server = new ServerProcess("PostgreSQL", data(), this.home.resolve("server.log"));
  }

  int port() {
    return port;
  }

  String password() {
    return password;
  }

  private Path data() {
    return home.resolve("data");
  }

  @Override
  public synchronized void start() {
    if (server.isRunning()) {
      return;
    }
    try {
      server.endLeftOver();
      // No process works here any more. A pid file that stayed may name a pid that someone else
      // has by now, for which PostgreSQL would refuse to start.
      Files.deleteIfExists(data().resolve("postmaster.pid"));
      runAs.own(home);
      if (Files.notExists(data())) {
        initialise();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (port == 0) {
      port = freePort.getAsInt(); // after the left-over server gave its port back
    }
    server.start(runAs.command(serverCommand()), () -> answers(port, password));
  }

  /** Made aside and moved, so that a cut initdb leaves nothing that looks like a cluster. */
  private void initialise() throws IOException {
    Path fresh = home.resolve("data.new");
    DevServices.delete(fresh);
    List<String> initdb =
        new ArrayList<>(
            List.of(
                binaries.bin().resolve("initdb").toString(),
                "--pgdata=" + fresh,
                "--username=" + USER,
                "--pwfile=" + home.resolve("password"),
                // A test connects thousands of times, and each time SCRAM hashes for 20 ms when
                // no C2 compiles it. Roles that tests make have SCRAM passwords all the same.
                "--auth=" + (durable ? "scram-sha-256" : "md5"),
                "--encoding=UTF8",
                "--locale=C"));
    if (!durable) {
      initdb.add("--no-sync");
    }
    Commands.output(runAs.command(initdb));
    Files.move(fresh, data(), StandardCopyOption.ATOMIC_MOVE);
  }

  private List<String> serverCommand() {
    List<String> command =
        new ArrayList<>(
            List.of(binaries.bin().resolve("postgres").toString(), "-D", data().toString()));
    List<String> settings =
        new ArrayList<>(
            List.of(
                "port=" + port,
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "password_encryption=scram-sha-256",
                "max_connections=200",
                "shared_buffers=128MB",
                "timezone=UTC",
                "log_timezone=UTC"));
    if (!durable) {
      // Commits still reach the kernel, so a SIGKILL loses none: synchronous_commit stays on.
      settings.addAll(List.of("fsync=off", "full_page_writes=off"));
      // Compiling a query of the catalogue takes up to a second of a core, running it some ms.
      settings.add("jit=off");
    }
    settings.forEach(setting -> command.addAll(List.of("-c", setting)));
    return command;
  }

  static boolean answers(int port, String password) {
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?connectTimeout=2";
    try (Connection connection = DriverManager.getConnection(url, USER, password)) {
      return connection.isValid(2);
    } catch (SQLException e) {
      if (e.getSQLState() != null && e.getSQLState().startsWith("28")) {
        throw new IllegalStateException("PostgreSQL on port " + port + " refuses our password", e);
      }
      return false; // not listening yet, or still recovering
    }
  }

  @Override
  public synchronized void stop() {
    server.stop();
  }

  @Override
  public synchronized void kill() {
    server.kill();
  }

  @Override
  public synchronized void close() {
    server.stop();
    if (!durable) {
      RunAs.discard(home);
    }
  }
}
