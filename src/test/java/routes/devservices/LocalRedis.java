package routes.devservices;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;

/** A Redis of ours under one directory: configuration with the password, append-only file, log. */
final class LocalRedis implements Engine {

  private final Path binary;
  private final Path home;
  private final boolean durable;
  private final RunAs runAs;
  private final IntSupplier freePort;
  private final String password;
  private final ServerProcess server;
  private int port;

  LocalRedis(Path binary, Path home, IntSupplier freePort, boolean durable, RunAs runAs)
      throws IOException {
    this.binary = binary;
    this.home = runAs.place(home);
    RunAs.create(this.home, "rwx------");
    this.durable = durable;
    this.runAs = runAs;
    this.freePort = freePort;
    this.password = Secrets.readOrCreate(this.home.resolve("password"));
    this.server = new ServerProcess("Redis", this.home, this.home.resolve("server.log"));
  }

  int port() {
    return port;
  }

  String password() {
    return password;
  }

  @Override
  public synchronized void start() {
    if (server.isRunning()) {
      return;
    }
    server.endLeftOver();
    if (port == 0) {
      port = freePort.getAsInt();
    }
    Path configuration = home.resolve("redis.conf");
    try {
      Secrets.write(configuration, configuration(port, home, password, durable));
      runAs.own(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.start(
        runAs.command(List.of(binary.toString(), configuration.toString())),
        () -> RedisPing.answers(port, password));
  }

  /** Every write reaches the kernel before its answer, so a SIGKILL loses none in either mode. */
  static String configuration(int port, Path directory, String password, boolean durable) {
    return String.join(
        "\n",
        "bind 127.0.0.1",
        "port " + port,
        "protected-mode yes",
        "daemonize no",
        "requirepass " + password,
        "dir \"" + directory + "\"",
        "appendonly yes",
        "appendfsync " + (durable ? "everysec" : "no"),
        "save \"\"",
        "maxmemory-policy volatile-ttl", // the platform's; without a limit nothing goes
        "");
  }

  @Override
  public synchronized void stop() {
    server.stop();
  }

  @Override
  public synchronized void kill() {
    server.kill();
  }

  /** Sends it a signal, such as {@code STOP}. */
  synchronized void signal(String signal) {
    for (long pid : ServerProcess.pidsIn(home)) {
      Commands.output(List.of("kill", "-" + signal, Long.toString(pid)));
    }
  }

  @Override
  public synchronized void close() {
    server.stop();
    if (!durable) {
      RunAs.discard(home);
    }
  }
}
