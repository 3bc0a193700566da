package routes.devservices;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on 127.0.0.1. */
public final class Ports {

  // Below the range systems give to outgoing connections: a server that is down for a moment must
  // not lose its port to one.
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;

  private Ports() {}

  /** A free port outside the ephemeral range. */
  public static int random() {
    for (int attempt = 0; attempt < 1_000; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port between " + LOWEST + " and " + HIGHEST);
  }

  /**
   * The port remembered in {@code file}, else {@code preferred}, when free; else a random one.
   * Remembers the answer, so that a URL copied from one start works after the next.
   */
  static int stable(Path file, int preferred) {
    try {
      int wanted =
          Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : preferred;
      int port = isFree(wanted) ? wanted : isFree(preferred) ? preferred : random();
      Files.writeString(file, port + "\n");
      return port;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
