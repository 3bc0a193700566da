package routes.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;
import routes.HubTest;
import routes.kernel.errors.HttpException;
import routes.messaging.outbox.HubEvent.Severity;
import routes.stores.redis.RedisPumpConnections;
import routes.web.streams.EventStream;

/** The bounds of streams, each on streams of its own; real HTTP is for {@link EventsTest}. */
class EventStreamsTest extends HubTest {

  private static final Duration NEVER = Duration.ofHours(1);
  private static final EventFilter ALL = new EventFilter(Set.of(), Severity.INFO, "", false);

  @Autowired private RedisPumpConnections pumps;
  @Autowired private DataSource database;
  @Autowired private TransactionTemplate transactions;

  private final String prefix = "test:" + UUID.randomUUID() + ":";
  private StatefulRedisConnection<String, String> redis;
  private Channels channels;
  private EventStreams streams;

  @BeforeEach
  void connect() {
    redis = pumps.open(PATIENCE);
  }

  @AfterEach
  void stop() {
    streams.stop();
    assertThat(streams.open()).isZero();
    redis.close();
  }

  @Test
  void thereAreSoManyAndWhoLeavesMakesRoom() throws Exception {
    start(1, NEVER, NEVER, NEVER, 100);
    Client first = new Client(true);
    streams.open(ALL, null, first::open);
    assertThatThrownBy(() -> streams.open(ALL, null, new Client(true)::open))
        .isInstanceOfSatisfying(HttpException.class, e -> assertThat(e.status()).isEqualTo(503));

    first.stream.drop();
    streams.open(ALL, null, new Client(true)::open);
    assertThat(streams.open()).isEqualTo(1);
  }

  @Test
  void aStreamEndsAfterSoLong() throws Exception {
    start(1, Duration.ofMillis(100), Duration.ofMillis(40), NEVER, 100);
    streams.open(ALL, null, new Client(true)::open);

    await().atMost(PATIENCE).until(() -> streams.open() == 0);
  }

  @Test
  void whoTakesNothingIsCutAfterSoLong() throws Exception {
    start(1, NEVER, Duration.ofMillis(40), Duration.ofMillis(200), 100);
    streams.open(ALL, null, new Client(false)::open);

    await().atMost(PATIENCE).until(() -> streams.open() == 0);
  }

  @Test
  void noMoreEventsWaitForOneThanMay() throws Exception {
    start(2, NEVER, NEVER, NEVER, 10);
    Client slow = new Client(false);
    Client other = new Client(true);
    streams.open(ALL, null, slow::open);
    streams.open(ALL, null, other::open);
    await().atMost(PATIENCE).until(() -> other.text().contains("id: "));

    for (int i = 0; i < 12; i++) {
      publish("a", i);
    }

    await().atMost(PATIENCE).until(() -> other.text().contains("\"n\":11"));
    assertThat(slow.text()).isEmpty();
    assertThat(streams.open()).isEqualTo(1);
  }

  @Test
  void aSilentStreamSaysWhereItIs() throws Exception {
    start(1, NEVER, Duration.ofMillis(40), NEVER, 100);
    Client client = new Client(true);
    streams.open(new EventFilter(Set.of("a"), Severity.CRITICAL, "", false), null, client::open);
    await().atMost(PATIENCE).until(() -> client.text().contains("id: "));
    String entry = publish("a", 1);

    // Nothing it wants; it would else come back with an id from before what it has passed over.
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                client
                    .text()
                    .lines()
                    .filter(line -> line.startsWith("id: "))
                    .map(line -> StreamPosition.parse(line.substring(4)).orElseThrow())
                    .anyMatch(at -> at.compareTo(StreamPosition.of(entry, "a")) > 0));
    assertThat(client.text()).doesNotContain("data:");
  }

  @Test
  void aNewChannelIsListenedToAsSoonAsItsFirstEventIsWritten() throws Exception {
    start(1, NEVER, NEVER, NEVER, 100);
    String name = "t" + UUID.randomUUID();
    Client client = new Client(true);
    streams.open(ALL, null, client::open);
    await().atMost(PATIENCE).until(() -> client.text().contains("id: "));

    transactions.executeWithoutResult(status -> channels.appended(name, null));
    publish(name, 7);

    await().atMost(PATIENCE).until(() -> client.text().contains("\"n\":7"));
    transactions.executeWithoutResult(status -> channels.appended(name, null));
    assertThat(channels.all()).contains(name, "a");
  }

  private void start(int open, Duration longest, Duration heartbeat, Duration slow, int waiting) {
    EventsProperties properties =
        new EventsProperties(
            prefix,
            List.of("a"),
            open,
            longest,
            heartbeat,
            slow,
            waiting,
            DataSize.ofMegabytes(1),
            NEVER);
    channels = new Channels(jdbc, database, properties);
    streams = new EventStreams(properties, channels, pumps, new SimpleMeterRegistry());
    streams.start();
  }

  private String publish(String channel, int n) {
    return redis.sync().xadd(prefix + channel, Map.of("type", "t", "event", "{\"n\":" + n + "}"));
  }

  /** Somebody who takes everything at once, or nothing at all. */
  private static final class Client extends ServletOutputStream {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final boolean takes;
    private EventStream stream;

    private Client(boolean takes) {
      this.takes = takes;
    }

    private EventStream open(Runnable onClosed) throws IOException {
      MockHttpServletRequest request = new MockHttpServletRequest();
      request.setAsyncSupported(true);
      stream =
          EventStream.open(
              request,
              new MockHttpServletResponse() {
                @Override
                public ServletOutputStream getOutputStream() {
                  return Client.this;
                }
              },
              onClosed);
      return stream;
    }

    private synchronized String text() {
      return taken.toString(StandardCharsets.UTF_8);
    }

    @Override
    public boolean isReady() {
      return takes;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      try {
        listener.onWritePossible();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public synchronized void write(int one) {
      taken.write(one);
    }
  }
}
