package routes.devservices;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM of its own, and the signals it can be sent. It ends with this JVM, even when this one is
 * killed.
 */
public class JavaProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Process watchdog;
  private final Path log;

  /**
   * @param options of the JVM, the class path among them
   * @param main class to run and its arguments; no secrets: arguments are everybody's to see
   * @param log gets what it prints
   */
  public JavaProcess(List<String> options, List<String> main, Path log) {
    this.log = log;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(main);
    try {
      process =
          new ProcessBuilder(command)
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
  }

  public final String pid() {
    return Long.toString(process.pid());
  }

  /** Its standard input. */
  protected final OutputStream input() {
    return process.getOutputStream();
  }

  /**
   * @throws IllegalStateException with its last words when it ended
   */
  public final void mustRun() {
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

  public final boolean isAlive() {
    return process.isAlive();
  }

  /** SIGSTOP; returns once the process stands still. */
  public final void freeze() {
    signal("STOP");
    Path stat = Path.of("/proc", pid(), "stat");
    await()
        .atMost(PATIENCE)
        .until(() -> Files.notExists(stat) || Files.readString(stat).contains(") T "));
  }

  /** SIGCONT. */
  public final void thaw() {
    signal("CONT");
  }

  /** SIGTERM; does not wait for the end. */
  public final void terminate() {
    process.destroy();
  }

  /** Waits for the end. */
  public final int exitCode() {
    await("end of hub " + pid()).atMost(PATIENCE).until(() -> !process.isAlive());
    watchdog.destroyForcibly();
    return process.exitValue();
  }

  /** SIGKILL; returns once the process is gone. */
  public final void kill() {
    process.destroyForcibly();
    await("end of hub " + pid()).atMost(PATIENCE).until(() -> !process.isAlive());
    watchdog.destroyForcibly();
  }

  private void signal(String name) {
    int code = Commands.exitCode(List.of("sh", "-c", "kill -" + name + " \"$1\"", "sh", pid()));
    if (code != 0) {
      throw new IllegalStateException("kill -" + name + " ended with " + code);
    }
  }

  protected final List<String> log() {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public final boolean hasLogged(String words) {
    return log().stream().anyMatch(line -> line.contains(words));
  }

  @Override
  public void close() {
    kill();
  }
}
