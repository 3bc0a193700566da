package routes.devservices;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.testcontainers.DockerClientFactory;

/** Whether a Docker engine answers; asked once, and cheaply where there is none. */
final class Docker {

  private final boolean answers;
  private final String reason;

  private Docker(boolean answers, String reason) {
    this.answers = answers;
    this.reason = reason;
  }

  boolean answers() {
    return answers;
  }

  /** Why containers are not used. */
  String reason() {
    return reason;
  }

  /**
   * Looks at the socket before Testcontainers does: without an engine that takes seconds and logs
   * errors, which a machine without Docker has not earned.
   */
  static Docker look() {
    if (System.getenv("DOCKER_HOST") == null && sockets().stream().noneMatch(Docker::pings)) {
      return new Docker(false, "no Docker engine answers");
    }
    return DockerClientFactory.instance().isDockerAvailable()
        ? new Docker(true, "")
        : new Docker(false, "the Docker engine does not work with Testcontainers");
  }

  private static List<Path> sockets() {
    String home = System.getProperty("user.home");
    String runtime = System.getenv().getOrDefault("XDG_RUNTIME_DIR", "/run/user/none");
    return List.of(
        Path.of("/var/run/docker.sock"),
        Path.of(runtime, "docker.sock"),
        Path.of(home, ".docker", "run", "docker.sock"),
        Path.of(home, ".docker", "desktop", "docker.sock"));
  }

  private static boolean pings(Path socket) {
    if (Files.notExists(socket)) {
      return false;
    }
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      String request = "GET /_ping HTTP/1.0\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(64);
      channel.read(answer);
      return new String(answer.array(), StandardCharsets.US_ASCII).startsWith("HTTP/1.");
    } catch (IOException e) {
      return false; // a socket nobody listens on, or not for us
    }
  }
}
