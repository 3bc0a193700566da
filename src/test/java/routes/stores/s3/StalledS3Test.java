package routes.stores.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import routes.HubTest;
import routes.jobs.ledger.Run;
import routes.jobs.runner.CurrentRun;
import routes.repository.store.S3ObjectStore;
import routes.telemetry.S3Spans;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A run that waits for an S3 server which stands still ends when it is cancelled, whatever it
 * asked.
 */
class StalledS3Test extends HubTest {

  @Autowired private S3Spans spans;
  @Autowired private Cancellation stops;

  /** Where the server stands still. */
  enum Stall {
    BEFORE_THE_ANSWER,
    WITHIN_THE_ANSWER,
    WITHIN_THE_REQUEST
  }

  @ParameterizedTest
  @EnumSource
  void isCut(Stall where) throws Exception {
    try (Server server = new Server(where);
        S3Client s3 = S3Clients.patient(server.properties(), spans, stops)) {
      S3ObjectStore store = new S3ObjectStore(s3, "bucket", "");
      UUID run =
          begin(
              () -> {
                if (where == Stall.WITHIN_THE_REQUEST) {
                  // More than the buffers of both sockets hold.
                  byte[] bytes = new byte[64 << 20];
                  store.put("key", bytes, 0, bytes.length);
                } else {
                  store.get("key", 1000);
                }
              });
      server.stalls.await();

      runs.cancel(run, "test");

      Run ended = ended(run);
      assertThat(ended.state()).isEqualTo("cancelled");
      assertThat(server.requests()).isEqualTo(1);
    }
  }

  @Test
  void isCutInAThreadOfTheRunToo() throws Exception {
    try (Server server = new Server(Stall.WITHIN_THE_REQUEST);
        S3Client s3 = S3Clients.patient(server.properties(), spans, stops)) {
      S3ObjectStore store = new S3ObjectStore(s3, "bucket", "");
      UUID run =
          begin(
              () -> {
                ExecutorService pool =
                    Executors.newSingleThreadExecutor(CurrentRun.threads("upload"));
                try {
                  pool.submit(() -> store.put("key", new byte[64 << 20], 0, 64 << 20)).get();
                } finally {
                  pool.shutdown();
                }
              });
      server.stalls.await();

      runs.cancel(run, "test");

      assertThat(ended(run).state()).isEqualTo("cancelled");
      assertThat(server.requests()).isEqualTo(1);
    }
  }

  private UUID begin(Work work) {
    String name = "stalled-" + UUID.randomUUID();
    jobs.call(
        name,
        context -> {
          work.run();
          context.checkpoint();
          return null;
        });
    return submit("test.call", Map.of("name", name)).id();
  }

  private interface Work {
    void run() throws Exception;
  }

  /** Takes connections, and on each stands still where it is told to. */
  private static final class Server implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final CountDownLatch stalls = new CountDownLatch(1);
    private final List<Socket> taken = new CopyOnWriteArrayList<>();

    private Server(Stall where) throws IOException {
      Thread thread = new Thread(() -> serve(where), "stalled-s3");
      thread.setDaemon(true);
      thread.start();
    }

    private void serve(Stall where) {
      try {
        while (true) {
          Socket connection = socket.accept();
          taken.add(connection);
          assertThat(connection.getInputStream().read()).isPositive();
          if (where == Stall.WITHIN_THE_ANSWER) {
            connection
                .getOutputStream()
                .write(
                    "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nbegun"
                        .getBytes(StandardCharsets.US_ASCII));
          }
          stalls.countDown();
        }
      } catch (IOException e) {
        // Closed: the test is over.
      }
    }

    private int requests() {
      return taken.size();
    }

    private S3Properties properties() {
      return new S3Properties(
          URI.create("http://127.0.0.1:" + socket.getLocalPort()),
          "us-east-1",
          "key",
          "secret",
          true);
    }

    @Override
    public void close() throws IOException {
      socket.close();
      for (Socket connection : taken) {
        connection.close();
      }
    }
  }
}
