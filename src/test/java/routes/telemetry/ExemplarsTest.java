package routes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import routes.HubTest;
import routes.jobs.runs.Runs;

/** What a Prometheus of 2023 reads, too: it refuses a whole scrape for one exemplar elsewhere. */
class ExemplarsTest extends HubTest {

  @Autowired private PrometheusMeterRegistry registry;

  @Test
  void exemplarsAreOnCountersAndBucketsOnly() {
    UUID run =
        runs.submit(new Runs.Request("test.echo", Map.of("text", "e"), false, false, "test", null))
            .id();
    Awaitility.await().atMost(PATIENCE).until(() -> runs.get(run).ended());

    List<String> exemplars =
        registry
            .scrape("application/openmetrics-text; version=1.0.0; charset=utf-8")
            .lines()
            .filter(line -> line.contains(" # {"))
            .toList();

    assertThat(exemplars).as("numbers that lead to a trace").isNotEmpty();
    assertThat(exemplars).allMatch(line -> line.matches("\\w+_(total|bucket)[{ ].*"));
  }
}
