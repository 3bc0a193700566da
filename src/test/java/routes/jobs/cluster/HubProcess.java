package routes.jobs.cluster;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import routes.devservices.HubHome;
import routes.devservices.JavaProcess;

/** One {@link ClusterHub}, told what to do by lines. */
final class HubProcess extends JavaProcess {

  private final PrintStream commands;

  /**
   * Starts a hub, without waiting for it.
   *
   * @param home its own folder; made here
   * @param settings its configuration, secrets and all: written to a file that only we may read
   */
  HubProcess(Path home, Map<String, String> settings) {
    this(HubHome.create(home, settings));
  }

  private HubProcess(HubHome home) {
    super(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote",
            "-cp",
            System.getProperty("java.class.path")),
        home.command(ClusterHub.class.getName()),
        home.log());
    commands = new PrintStream(input(), true, StandardCharsets.UTF_8);
  }

  /** Whether a {@code lease_owner} is this process: the runner's name holds its pid. */
  boolean is(String leaseOwner) {
    return leaseOwner != null && leaseOwner.contains("-" + pid() + "-");
  }

  void send(String line) {
    commands.println(line);
  }
}
