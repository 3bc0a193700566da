package routes.devservices;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A server as a child process that works in one directory. It ends with this JVM even when that is
 * killed: a shell that holds a pipe to us interrupts the server once the pipe breaks.
 */
final class ServerProcess {

  private final String name;
  private final Path directory;
  private final Path log;
  private Process process;
  private Process watchdog;

  /**
   * @param directory the server's working directory, by which processes of an earlier JVM are known
   */
  ServerProcess(String name, Path directory, Path log) {
    this.name = name;
    this.directory = directory;
    this.log = log;
  }

  boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** Starts {@code command} and returns once it answers; what it said is in the error if not. */
  void start(List<String> command, BooleanSupplier probe) {
    // A session of its own: Ctrl-C is for the hub, which needs its stores to stop in order.
    List<String> whole = new ArrayList<>();
    Commands.onPath("setsid").ifPresent(path -> whole.add(path.toString()));
    whole.addAll(command);
    try {
      process =
          new ProcessBuilder(whole)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      watchdog =
          new ProcessBuilder(
                  "sh",
                  "-c",
                  "trap '' INT TERM HUP; read -r line; kill -INT \"$1\" 2>&-",
                  "sh",
                  Long.toString(process.pid()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean answers = Await.until(() -> !process.isAlive() || probe.getAsBoolean());
    if (!answers || !process.isAlive()) {
      kill();
      throw new IllegalStateException(name + " did not start; it said:\n" + lastWords());
    }
  }

  /** Orderly stop by SIGINT, which ends PostgreSQL's sessions too; SIGKILL after 30 s. */
  void stop() {
    disarm();
    if (isRunning()) {
      interrupt(process.pid());
      Await.until(() -> !process.isAlive());
    }
    kill();
  }

  /** SIGKILL to the server and to whatever it left in its directory. */
  void kill() {
    disarm();
    if (process != null) {
      process.destroyForcibly();
      Await.until(() -> !process.isAlive());
    }
    for (long pid : pidsIn(directory)) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    if (!Await.until(() -> pidsIn(directory).isEmpty())) {
      throw new IllegalStateException(name + " could not be killed: " + pidsIn(directory));
    }
  }

  /**
   * Ends a server that an earlier, killed JVM left in the directory: SIGINT, then SIGKILL. Only
   * processes whose working directory it is are touched, so a reused pid harms nobody.
   */
  void endLeftOver() {
    List<Long> found = pidsIn(directory);
    found.stream().filter(pid -> !found.contains(parentOf(pid))).forEach(ServerProcess::interrupt);
    if (!found.isEmpty()) {
      Await.until(() -> pidsIn(directory).isEmpty());
      kill();
    }
  }

  private static long parentOf(long pid) {
    return ProcessHandle.of(pid).flatMap(ProcessHandle::parent).map(ProcessHandle::pid).orElse(0L);
  }

  private void disarm() {
    if (watchdog != null) {
      watchdog.destroyForcibly();
      watchdog = null;
    }
  }

  private static void interrupt(long pid) {
    Commands.exitCode(List.of("sh", "-c", "kill -INT \"$1\"", "sh", Long.toString(pid)));
  }

  private String lastWords() {
    try (Stream<String> lines = Files.lines(log)) {
      List<String> all = lines.toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - 20), all.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  /** Processes that work in {@code directory}, zombies excepted; empty where /proc is missing. */
  static List<Long> pidsIn(Path directory) {
    List<Long> pids = new ArrayList<>();
    if (Files.notExists(directory) || Files.notExists(Path.of("/proc/self"))) {
      return pids;
    }
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      Path real = directory.toRealPath();
      for (Path entry : (Iterable<Path>) entries::iterator) {
        if (entry.getFileName().toString().matches("\\d+") && worksIn(entry, real)) {
          pids.add(Long.valueOf(entry.getFileName().toString()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pids;
  }

  private static boolean worksIn(Path process, Path directory) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).equals(directory);
    } catch (IOException e) {
      return false; // ended meanwhile, a zombie, or another user's
    }
  }
}
