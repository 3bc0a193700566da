package routes.kernel.process;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The one place that starts programs: a child is given what stands here and nothing of the hub's
 * own environment, which holds passwords and keys. Enforced by: {@code ArchitectureTest}.
 */
public final class ChildProcess {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C");

  private ChildProcess() {}

  /**
   * Starts a program. Its standard input is closed.
   *
   * @param command path of the program and its arguments; no secret, since everybody on the machine
   *     can read them
   * @param environment what it needs beside {@code PATH} and {@code LC_ALL}; no secret
   * @throws IOException when it cannot be started
   */
  public static Process start(List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }
}
