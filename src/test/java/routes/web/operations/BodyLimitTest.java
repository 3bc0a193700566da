package routes.web.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import routes.HubTest;

/** Bodies over the limit, written to the socket byte by byte: no client library in between. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BodyLimitTest extends HubTest {

  private static final int MEBI = 1 << 20;

  private String key;

  @BeforeAll
  void key() {
    key = key("operator");
  }

  @Test
  void aBodyOfTheLimitIsRead() throws IOException {
    String answer = send(MEBI, false);

    assertThat(answer)
        .startsWith("HTTP/1.1 400")
        .contains("params.text")
        .contains("longer than 1000");
  }

  @Test
  void oneByteMoreIsTooLarge() throws IOException {
    assertThat(send(MEBI + 1, false))
        .startsWith("HTTP/1.1 413")
        .contains("application/problem+json")
        .contains("\"limitBytes\":1048576")
        .contains("\"field\":\"body\"");
  }

  @Test
  void chunksHideNothing() throws IOException {
    assertThat(send(MEBI, true)).startsWith("HTTP/1.1 400").contains("params.text");
    assertThat(send(MEBI + 1, true)).startsWith("HTTP/1.1 413").contains("\"field\":\"body\"");
  }

  @Test
  void anEndlessChunkedBodyIsCutOff() throws IOException {
    Runtime jvm = Runtime.getRuntime();
    long before = jvm.totalMemory() - jvm.freeMemory();

    assertThat(send(256 * MEBI, true)).startsWith("HTTP/1.1 413");

    // Client and hub share this JVM: what was sent is not what was kept.
    assertThat(jvm.totalMemory() - jvm.freeMemory() - before).isLessThan(200L * MEBI);
  }

  @Test
  void aDeclaredLengthIsEnoughToRefuse() throws IOException {
    try (Socket socket = connect()) {
      head(socket, "Content-Length: 10000000000\r\n");
      socket.getOutputStream().write("{".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();

      assertThat(read(socket)).startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void withoutAKeyNothingIsRead() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      write(
          socket,
          "POST /api/jobs/test.echo/runs HTTP/1.1\r\nHost: hub\r\nContent-Length: 10000000\r\n\r\n{");

      assertThat(read(socket)).startsWith("HTTP/1.1 401");
    }
  }

  @Test
  void aPercentSignThatEncodesNothingIsTold() throws IOException {
    try (Socket socket = connect()) {
      write(
          socket,
          "GET /api/runs?job=%zz HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer "
              + key
              + "\r\n\r\n");

      assertThat(read(socket)).startsWith("HTTP/1.1 400").contains("\"field\":\"job\"");
    }
  }

  private String send(long length, boolean chunked) throws IOException {
    try (Socket socket = connect()) {
      head(
          socket,
          chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + length + "\r\n");
      try {
        body(socket.getOutputStream(), length, chunked);
      } catch (SocketException e) {
        // The hub has seen enough and hung up; its answer came first.
      }
      return read(socket);
    }
  }

  /** {@code {"text":"xxx…"}} of the given length. */
  private static void body(OutputStream out, long length, boolean chunked) throws IOException {
    byte[] start = "{\"text\":\"".getBytes(StandardCharsets.US_ASCII);
    byte[] end = "\"}".getBytes(StandardCharsets.US_ASCII);
    byte[] fill = "x".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
    part(out, start, start.length, chunked);
    for (long left = length - start.length - end.length; left > 0; left -= fill.length) {
      part(out, fill, (int) Math.min(left, fill.length), chunked);
    }
    part(out, end, end.length, chunked);
    if (chunked) {
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    out.flush();
  }

  private static void part(OutputStream out, byte[] bytes, int length, boolean chunked)
      throws IOException {
    if (chunked) {
      out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
    out.write(bytes, 0, length);
    if (chunked) {
      out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  private void head(Socket socket, String length) throws IOException {
    write(
        socket,
        "POST /api/jobs/test.echo/runs HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nAuthorization: Bearer "
            + key
            + "\r\n"
            + length
            + "\r\n");
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String read(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
        // The end of an answer, or of its last chunk: the hub hangs up when it has waited a while
        // for the rest of what it refused.
        if (text.toString().endsWith("}") || text.toString().endsWith("}\r\n0\r\n\r\n")) {
          break;
        }
      }
    } catch (SocketException e) {
      // Reset after the answer: what was read of it counts.
    }
    return text.toString();
  }
}
