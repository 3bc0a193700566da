package routes.jobs.cluster;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** One {@link ClusterHub}, and the signals it can be sent. */
final class HubProcess implements AutoCloseable {

  private final Process process;
  private final Process watchdog;
  private final PrintStream commands;
  private final Path log;

  /**
   * Starts a hub, without waiting for it.
   *
   * @param home its own folder; made here
   * @param settings its configuration, secrets and all: written to a file that only we may read
   */
  HubProcess(Path home, Map<String, String> settings) {
    try {
      Files.createDirectory(home, mode("rwx------"));
      Path configuration = Files.createFile(home.resolve("hub.properties"), mode("rw-------"));
      Properties properties = new Properties();
      properties.putAll(settings);
      StringWriter text = new StringWriter();
      properties.store(text, null);
      Files.writeString(configuration, text.toString());
      log = home.resolve("hub.log");
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ClusterHub.class.getName(),
                  "--spring.config.additional-location=" + configuration.toUri(),
                  "--hub.state-dir=" + home)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      // Ends with this JVM even when that is killed, and even while frozen: the pipe breaks then.
      watchdog =
          new ProcessBuilder(
                  "sh", "-c", "trap '' INT TERM HUP; read -r line; kill -KILL \"$1\"", "sh", pid())
              .redirectErrorStream(true)
              .redirectOutput(new File("/dev/null"))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  private static java.nio.file.attribute.FileAttribute<?> mode(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }

  String pid() {
    return Long.toString(process.pid());
  }

  /** Whether a {@code lease_owner} is this process: the runner's name holds its pid. */
  boolean is(String leaseOwner) {
    return leaseOwner != null && leaseOwner.contains("-" + pid() + "-");
  }

  void send(String line) {
    commands.println(line);
  }

  /**
   * @throws IllegalStateException with its last words when it ended
   */
  void mustRun() {
    if (!process.isAlive()) {
      List<String> words = log();
      throw new IllegalStateException(
          "hub "
              + pid()
              + " ended with "
              + process.exitValue()
              + ":\n"
              + String.join("\n", words.subList(Math.max(0, words.size() - 30), words.size())));
    }
  }

  /** SIGSTOP; returns once the process stands still. */
  void freeze() {
    signal("STOP");
    Path stat = Path.of("/proc", pid(), "stat");
    await()
        .atMost(Cluster.PATIENCE)
        .until(() -> Files.notExists(stat) || Files.readString(stat).contains(") T "));
  }

  /** SIGCONT. */
  void thaw() {
    signal("CONT");
  }

  /** SIGTERM; does not wait for the end. */
  void terminate() {
    process.destroy();
  }

  /** Waits for the end. */
  int exitCode() {
    await("end of hub " + pid()).atMost(Duration.ofSeconds(60)).until(() -> !process.isAlive());
    watchdog.destroyForcibly();
    return process.exitValue();
  }

  /** SIGKILL; returns once the process is gone. */
  void kill() {
    process.destroyForcibly();
    await("end of hub " + pid()).atMost(Cluster.PATIENCE).until(() -> !process.isAlive());
    watchdog.destroyForcibly();
  }

  private void signal(String name) {
    try {
      int code =
          new ProcessBuilder("sh", "-c", "kill -" + name + " \"$1\"", "sh", pid())
              .inheritIO()
              .start()
              .waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + name + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private List<String> log() {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean hasLogged(String words) {
    return log().stream().anyMatch(line -> line.contains(words));
  }

  @Override
  public void close() {
    kill();
  }
}
