package routes.jobs.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.transaction.PlatformTransactionManager;
import routes.HubTest;
import routes.jobs.JobCatalogue;
import routes.jobs.ledger.Run;
import routes.jobs.ledger.RunEventsTest;
import routes.jobs.ledger.RunnerSignal;
import routes.jobs.runs.Runs;
import routes.jobs.triggers.TriggerCatalogue;
import routes.web.streams.EventStream;

/** The bounds of streams, each on streams of its own; real HTTP is for {@link RunEventsTest}. */
class RunStreamsTest extends HubTest {

  private static final Duration NEVER = Duration.ofHours(1);

  @Autowired private TriggerCatalogue declared;
  @Autowired private JobCatalogue catalogue;
  @Autowired private PlatformTransactionManager transactions;
  @Autowired private ObjectMapper json;
  @Autowired private RunnerSignal signal;

  private final AtomicInteger questions = new AtomicInteger();
  private RunStreams streams;

  @AfterEach
  void stop() {
    streams.stop();
    assertThat(streams.open()).isZero();
  }

  @Test
  void aStreamEndsAfterSoLong() throws Exception {
    start(new StreamsProperties(2, Duration.ofMillis(100), NEVER, Duration.ofMillis(20), NEVER));
    Client client = new Client(true);
    streams.open(waiting(), 0, client::open);

    await().atMost(PATIENCE).until(() -> streams.open() == 0);

    assertThat(client.text()).contains("event: state").doesNotContain("succeeded");
  }

  @Test
  void aSilentStreamSaysThatItIsThere() throws Exception {
    start(new StreamsProperties(2, NEVER, Duration.ofMillis(60), Duration.ofMillis(20), NEVER));
    Client client = new Client(true);
    streams.open(waiting(), 0, client::open);

    await().atMost(PATIENCE).until(() -> client.text().endsWith(":\n\n:\n\n"));
  }

  @Test
  void whatWaitsForASlowClientIsBoundedAndThenItIsDropped() throws Exception {
    start(
        new StreamsProperties(
            2, NEVER, Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofMillis(500)));
    UUID run = waiting();
    jdbc.sql(
            "INSERT INTO hub.run_log (run_id, attempt, level, message)"
                + " SELECT :id, 1, 'INFO', 'line' FROM generate_series(1, 1000)")
        .param("id", run)
        .update();
    Client client = new Client(false);
    streams.open(run, 0, client::open);

    await().atMost(PATIENCE).until(() -> streams.open() == 0);

    assertThat(client.text()).isEmpty();
    assertThat(questions.get()).as("nothing is read for who takes nothing").isEqualTo(2);
  }

  @Test
  void howeverManyLookTheLedgerIsAskedOnce() throws Exception {
    start(new StreamsProperties(50, NEVER, NEVER, Duration.ofMillis(100), NEVER));
    UUID run = waiting();
    Client first = new Client(true);
    streams.open(run, 0, first::open);
    for (int i = 1; i < 50; i++) {
      streams.open(run, 0, new Client(true)::open);
    }
    questions.set(0);
    long began = System.nanoTime();

    await().atMost(PATIENCE).until(() -> questions.get() >= 10);

    long looks = (System.nanoTime() - began) / Duration.ofMillis(100).toNanos() + 2;
    assertThat(questions.get()).as("run and lines, each look").isLessThanOrEqualTo((int) looks * 2);
  }

  private void start(StreamsProperties properties) {
    Runs counted =
        new Runs(catalogue, declared, jdbc, transactions, json, signal) {
          @Override
          public Optional<Run> find(UUID id) {
            questions.incrementAndGet();
            return super.find(id);
          }

          @Override
          public List<LogLine> lines(UUID id, long after, int limit) {
            questions.incrementAndGet();
            return super.lines(id, after, limit);
          }
        };
    streams = new RunStreams(counted, json, properties, new SimpleMeterRegistry());
    streams.start();
  }

  /** A run that nobody works on. */
  private UUID waiting() {
    UUID id = UUID.randomUUID();
    jdbc.sql(
            "INSERT INTO hub.job_run (id, job, trigger_kind, fire_time, params, state,"
                + " requested_by, timeout_ms) VALUES (:id, 'other.job', 'api', now(), '{}', 'queued',"
                + " 'test', 1000)")
        .param("id", id)
        .update();
    return id;
  }

  /** Somebody who takes everything at once, or nothing at all. */
  private static final class Client extends ServletOutputStream {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final boolean takes;

    private Client(boolean takes) {
      this.takes = takes;
    }

    private EventStream open(Runnable onClosed) throws IOException {
      MockHttpServletRequest request = new MockHttpServletRequest();
      request.setAsyncSupported(true);
      return EventStream.open(
          request,
          new MockHttpServletResponse() {
            @Override
            public ServletOutputStream getOutputStream() {
              return Client.this;
            }
          },
          onClosed);
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
