package routes.jobs.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import routes.HubTest;
import routes.TestJobs;
import routes.jobs.Job;
import routes.jobs.JobCatalogue;
import routes.jobs.JobsProperties;
import routes.jobs.TestCatalogue;
import routes.jobs.ledger.Ledger;
import routes.jobs.ledger.Run;
import routes.jobs.ledger.RunEnds;
import routes.jobs.ledger.RunnerSignal;
import routes.jobs.runs.Runs;
import routes.jobs.triggers.TriggerCatalogue;
import routes.jobs.triggers.Triggers;
import routes.telemetry.Spans;

/** A second runner on the same ledger, with a job that only it knows, is stopped. */
class ShutdownTest extends HubTest {

  @Autowired private TriggerCatalogue declared;
  @Autowired private Triggers triggers;
  @Autowired private ProducerTemplate producer;
  @Autowired private ObjectMapper json;
  @Autowired private Spans spans;
  @Autowired private OpenTelemetry telemetry;
  @Autowired private PlatformTransactionManager transactions;

  @Test
  void aStoppingHubHandsItsRunsBackAndTheNextOneGoesOn() {
    Hub first = new Hub();
    first.runner.start();
    Run asked =
        first.runs.submit(
            new Runs.Request(
                "test.elsewhere", Map.of("name", "handed"), false, false, "test", null));
    in("running", asked.id());

    first.runner.stop();

    Run handedBack = runs.get(asked.id());
    assertThat(handedBack.state()).isEqualTo("queued");
    assertThat(handedBack.headline()).isEqualTo("handed back: its hub was stopped");
    assertThat(handedBack.hub()).isNull();
    assertThat(jobs.stops("handed")).isEqualTo(1);

    Hub second = new Hub();
    second.runner.start();
    in("running", asked.id());
    jobs.release("handed");
    assertThat(ended(asked.id()).state()).isEqualTo("succeeded");
    assertThat(runs.get(asked.id()).attempt()).isEqualTo(2);
    second.runner.stop();
  }

  @Test
  void aStoppedHubClaimsNothing() {
    Hub hub = new Hub();
    hub.runner.start();
    hub.runner.stop();

    Run asked =
        hub.runs.submit(
            new Runs.Request("test.elsewhere", Map.of("name", "late"), false, false, "test", null));

    assertThat(runs.get(asked.id()).state()).isEqualTo("queued");
    runs.cancel(asked.id(), "test");
    await().atMost(PATIENCE).until(() -> runs.get(asked.id()).ended());
  }

  private final class Hub {
    private final Runs runs;
    private final Runner runner;

    private Hub() {
      JobCatalogue catalogue =
          TestCatalogue.of(Job.job("test.elsewhere", TestJobs.Gate.class, "Waits"));
      JobsProperties properties =
          new JobsProperties(
              1,
              Duration.ofSeconds(9),
              Duration.ofMillis(100),
              Duration.ofMillis(50),
              Duration.ofSeconds(10),
              Duration.ofHours(1),
              3,
              Duration.ZERO);
      Ledger ledger = new Ledger(jdbc, json, properties);
      RunEnds ends = new RunEnds(ledger, List.of(), transactions);
      JobMetrics metrics = new JobMetrics(new SimpleMeterRegistry(), catalogue);
      RunnerSignal signal = new RunnerSignal();
      RunExecution execution =
          new RunExecution(
              catalogue, ledger, ends, producer, spans, telemetry, metrics, properties);
      this.runs = new Runs(catalogue, declared, jdbc, transactions, json, signal);
      this.runner =
          new Runner(catalogue, ledger, ends, triggers, execution, signal, metrics, properties);
    }
  }
}
