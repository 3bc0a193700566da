package routes.notify.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import routes.notify.rules.AddressGuard;

/** Targets that hang, drip, flood, redirect and break off, and names that mean two things. */
class GuardedHttpTest {

  private static final Duration LIMIT = Duration.ofMillis(400);

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private ServerSocket server;
  private GuardedHttp http;

  /** What the target does with a connection. */
  private interface Target {
    void serve(Socket socket) throws Exception;
  }

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    http = http(host -> InetAddress.getAllByName("127.0.0.1"), "target.test");
  }

  @AfterEach
  void stop() throws IOException {
    over.countDown();
    server.close();
    http.destroy();
  }

  private static GuardedHttp http(GuardedHttp.Lookup lookup, String... allow) {
    return new GuardedHttp(new AddressGuard(List.of(allow)), null, lookup, Clock.systemUTC());
  }

  private void target(Target target) {
    Thread thread =
        new Thread(
            () -> {
              while (true) {
                try (Socket socket = server.accept()) {
                  asked.incrementAndGet();
                  readHead(socket);
                  target.serve(socket);
                } catch (Exception e) {
                  if (server.isClosed()) {
                    return;
                  }
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static void readHead(Socket socket) throws IOException {
    int[] last = new int[4];
    int at;
    while ((at = socket.getInputStream().read()) >= 0) {
      last = new int[] {last[1], last[2], last[3], at};
      if (last[0] == 13 && last[1] == 10 && last[2] == 13 && last[3] == 10) {
        return;
      }
    }
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private Answer post() {
    return http.post(
        URI.create("http://target.test:" + server.getLocalPort() + "/x?key=hidden"),
        Map.of(),
        "{}".getBytes(StandardCharsets.US_ASCII),
        LIMIT);
  }

  private UndeliveredException refused() {
    long began = System.nanoTime();
    UndeliveredException failure = catchThrowableOfType(UndeliveredException.class, this::post);
    assertThat(failure).isNotNull().hasMessageNotContaining("hidden");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    return failure;
  }

  @Test
  void aTargetThatHangsIsGivenUp() {
    target(socket -> over.await());

    UndeliveredException failure = refused();
    assertThat(failure).hasMessage("no answer within 400 ms");
    assertThat(failure.forGood()).isFalse();
  }

  @Test
  void aTargetThatDripsIsGivenUp() {
    target(
        socket -> {
          say(socket, "HTTP/1.1 200 OK\r\n");
          while (!over.await(50, java.util.concurrent.TimeUnit.MILLISECONDS)) {
            say(socket, "X-A: b\r\n");
          }
        });

    assertThat(refused().forGood()).isFalse();
  }

  @Test
  void ofAGigabyteLittleIsRead() {
    AtomicLong sent = new AtomicLong();
    target(
        socket -> {
          say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
          byte[] block = new byte[1 << 16];
          java.util.Arrays.fill(block, (byte) 'x');
          while (sent.get() < 1L << 30) {
            socket.getOutputStream().write(block);
            sent.addAndGet(block.length);
          }
        });

    Answer answer = post();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).hasSize(Answer.MOST);
    assertThat(sent.get()).as("what fits into the sockets' buffers").isLessThan(64L << 20);
  }

  @Test
  void aTargetThatDiesBeforeItsAnswerIsTriedAgainAndAfterItsStatusIsNot() {
    target(
        socket ->
            say(
                socket,
                asked.get() == 1
                    ? "HTTP/1.1 2"
                    : "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"));

    assertThat(refused().forGood()).isFalse();
    assertThat(post().status()).isEqualTo(200);
  }

  @Test
  void aRedirectIsNotFollowed() {
    target(
        socket ->
            say(
                socket,
                "HTTP/1.1 307 Go\r\nLocation: http://target.test:"
                    + server.getLocalPort()
                    + "/there\r\nContent-Length: 0\r\n\r\n"));

    UndeliveredException failure = refused();
    assertThat(failure).hasMessageContaining("307", "redirects");
    assertThat(failure.forGood()).isTrue();
    assertThat(asked).hasValue(1);
  }

  @Test
  void aTargetSaysWhenToComeBackAndWhatNoRepeatHeals() {
    target(
        socket ->
            say(
                socket,
                asked.get() == 1
                    ? "HTTP/1.1 429 No\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"
                    : "HTTP/1.1 400 No\r\nContent-Length: 2\r\n\r\nno"));

    UndeliveredException later = refused();
    assertThat(later.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(later.forGood()).isFalse();
    UndeliveredException never = refused();
    assertThat(never.forGood()).isTrue();
    assertThat(never.answer()).isEqualTo(new Answer(400, "no"));
  }

  @Test
  void aNameIsLookedUpOnceAndWhatWasJudgedIsConnectedTo() throws Exception {
    target(socket -> say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    AtomicInteger lookups = new AtomicInteger();
    // Public at first; by a second look-up it would be this machine.
    http.destroy();
    http =
        http(
            host ->
                InetAddress.getAllByName(
                    lookups.getAndIncrement() == 0 ? "192.0.2.7" : "127.0.0.1"),
            "192.0.2.0/24");

    refused();
    assertThat(lookups).hasValue(1);
    assertThat(asked).as("connections to this machine").hasValue(0);

    assertThat(refused()).hasMessageContaining("not public");
    assertThat(asked).hasValue(0);
  }

  @Test
  void oneAddressOfSeveralThatIsOutOfBoundsIsEnough() throws Exception {
    http.destroy();
    http =
        http(
            host ->
                new InetAddress[] {
                  InetAddress.getByName("8.8.8.8"), InetAddress.getByName("10.0.0.1")
                });

    assertThat(refused().forGood()).isTrue();
  }

  @Test
  void anAddressInTheUrlIsJudgedTooAndNoNameServerIsAsked() throws Exception {
    http.destroy();
    http = http(InetAddress::getAllByName);
    for (String host : List.of("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost")) {
      UndeliveredException failure =
          catchThrowableOfType(
              UndeliveredException.class,
              () ->
                  http.post(
                      URI.create("http://" + host + ":" + server.getLocalPort() + "/"),
                      Map.of(),
                      new byte[0],
                      LIMIT));
      assertThat(failure).as(host).hasMessageContaining("not public");
    }
  }

  @Test
  void aNameThatNobodyKnowsMayBeKnownLater() throws Exception {
    http.destroy();
    http =
        http(
            host -> {
              throw new UnknownHostException(host);
            });

    assertThat(refused().forGood()).isFalse();
  }
}
