package routes.devservices;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The two questions asked of a Redis before any client is set up. */
final class RedisPing {

  private static final int TIMEOUT_MILLIS = 2_000;

  private RedisPing() {}

  /** True when the server takes the password and answers PING. */
  static boolean answers(int port, String password) {
    try {
      return ask(port, password, "PING", "+PONG").equals("+PONG");
    } catch (IOException e) {
      return false; // not listening yet, or loading its append-only file
    }
  }

  /** The server's version, e.g. {@code 7.0.15}. */
  static String version(int port, String password) {
    try {
      return ask(port, password, "INFO server", "redis_version:").substring(14);
    } catch (IOException e) {
      return "(" + e.getMessage() + ")";
    }
  }

  private static String ask(int port, String password, String command, String start)
      throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      String request = "AUTH " + password + "\r\n" + command + "\r\nQUIT\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      BufferedReader answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith("-")) {
          throw new IOException(line.substring(1));
        }
        if (line.startsWith(start)) {
          return line;
        }
      }
      throw new IOException("no answer to " + command);
    }
  }
}
